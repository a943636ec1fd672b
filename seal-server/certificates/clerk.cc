#include "seal-server/certificates/clerk.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <string>

#include "common/log.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"
#include "seal-server/clients/clients.h"

namespace signet::sealserver {

namespace {

using Kind = AuthorityAnswer::Kind;

// Longer than an authority may take: a process that has ended meanwhile brings no answer.
constexpr std::chrono::minutes kAnswerPatience{15};
constexpr std::int64_t kMostOrders = 16;
constexpr std::chrono::minutes kClerkPause{1};

bool has_uses(X509* certificate) {
  const std::uint32_t usage = X509_get_key_usage(certificate);
  const bool is_rsa = EVP_PKEY_is_a(X509_get0_pubkey(certificate), "RSA") == 1;
  const std::uint32_t wanted =
      KU_DIGITAL_SIGNATURE | (is_rsa ? KU_KEY_ENCIPHERMENT : KU_KEY_AGREEMENT);
  return (usage & wanted) == wanted;
}

// The key's own certificate becomes the first one. Gives a complaint; empty: none.
std::string check_answer(const CertificateOrder& order, std::vector<Bytes>& certificates) {
  const auto is_own = [&](const Bytes& der) {
    const X509Ptr parsed = crypto::certificate_of(der);
    return parsed && to_hex(crypto::sha256(crypto::public_key_of(parsed.get()))) == order.key;
  };
  const auto own = std::ranges::find_if(certificates, is_own);
  if (own == certificates.end()) return "none of the certificates is for the key of the request";
  std::rotate(certificates.begin(), own, own + 1);
  const X509Ptr certificate = crypto::certificate_of(certificates.front());
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) <= 0)
    return "the certificate has expired";
  if (order.purpose == kAuthentication && !has_uses(certificate.get()))
    return "the certificate's key usage is not that of an authentication key";
  const bool are_certificates = std::ranges::all_of(
      certificates, [](const Bytes& der) { return crypto::certificate_of(der) != nullptr; });
  return are_certificates ? std::string() : "what stands beside the certificate is none";
}

}  // namespace

Clerk::Clerk(Sequencer& sequencer, Authorities authorities)
    : sequencer_(sequencer), authorities_(std::move(authorities)) {}

std::size_t Clerk::work() {
  return work(kAuthentication, authorities_.authentication.get()) +
         work(kSealing, authorities_.sealing.get());
}

std::size_t Clerk::work(std::string_view purpose, Authority* authority) {
  if (authority == nullptr) return 0;
  const auto orders = sequencer_.write(
      [&](Group& group) { return take_due_orders(group, purpose, kAnswerPatience, kMostOrders); });
  for (const CertificateOrder& order : orders) take(order, *authority);
  return orders.size();
}

void Clerk::take(const CertificateOrder& order, Authority& authority) {
  AuthorityAnswer answer = authority.ask(order.id, order.request);
  if (answer.kind == Kind::issued) {
    answer.sentence = check_answer(order, answer.certificates);
    if (!answer.sentence.empty()) answer.kind = Kind::failed;
  }
  if (answer.kind == Kind::failed) {
    log::error("the request {} of client {} for a certificate ({}) goes out again in a day: {}",
               order.id, order.client, order.purpose, answer.sentence);
  }
  sequencer_.write([&](Group& group) {
    switch (answer.kind) {
      case Kind::issued:
        return issue_order(group, order, answer.certificates);
      case Kind::refused:
        return refuse_order(group, order, answer.sentence);
      case Kind::undecided:
        return postpone_order(group, order.id, kWhileUndecided);
      case Kind::failed:
        return postpone_order(group, order.id, kAfterFailure);
    }
  });
}

ClerkThread::ClerkThread(Clerk& clerk) : clerk_(clerk), thread_([this] { run(); }) {}

ClerkThread::~ClerkThread() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ClerkThread::wake() {
  {
    const MutexLock lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void ClerkThread::run() {
  MutexLock lock(mutex_);
  while (!ending_) {
    woken_ = false;
    lock.unlock();
    try {
      clerk_.work();
    } catch (const std::exception& error) {
      log::warn("orders of certificates wait: {}", error.what());
    }
    lock.lock();
    const auto until = std::chrono::steady_clock::now() + kClerkPause;
    while (!ending_ && !woken_ && changed_.wait_until(mutex_, until)) {
    }
  }
}

}  // namespace signet::sealserver
