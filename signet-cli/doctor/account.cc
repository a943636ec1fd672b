// The account: its password, its objects, their certificates, and one signature.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/log_line.h"
#include "crypto/openssl.h"
#include "crypto/public_key.h"
#include "signet-cli/date.h"
#include "signet-cli/doctor/certificate_report.h"
#include "signet-cli/doctor/checks.h"
#include "signet-cli/member_client.h"

namespace signet::cli::doctor {

namespace {

using transport::Failure;

constexpr std::string_view kTestText = "signet doctor: a test signature";

std::string account_advice(Failure failure) {
  switch (failure) {
    case Failure::wrong_password:
      return "correct the PIN where it is configured. Do not try on: wrong ones lock the account";
    case Failure::account_locked:
      return "the right PIN does not help; the appliance's administrator unlocks the account";
    case Failure::password_expired:
      return "set a new PIN (C_SetPIN, pkcs11-tool --change-pin): nothing else works until then";
    case Failure::account_disabled:
      return "the appliance's administrator disabled the account; ask why";
    case Failure::account_not_activated:
      return "the appliance's administrator activates the account and sets a first PIN";
    case Failure::not_permitted:
      return "the account lacks the right; ask the appliance's administrator";
    default:
      break;
  }
  return "ask the appliance's operator; the log and the request id tell him more";
}

std::string account_advice(CertificateFault fault) {
  switch (fault) {
    case CertificateFault::unreadable:
      return "store the certificate anew";
    case CertificateFault::not_yet_valid:
      return "look at the clock of this machine; if it is right, wait";
    case CertificateFault::expired:
      return "renew the certificate: what is signed with its key is refused by verifiers";
    case CertificateFault::no_key:
      return "delete it, or find out who deleted its key";
    case CertificateFault::other_key:
      return "give it the CKA_ID of its own key: programs that pair them by CKA_ID sign with the "
             "wrong key";
    case CertificateFault::wrong_issuer:
      return "store the issuer's certificate that signed it";
    case CertificateFault::issuer_expired:
      return "store the issuer's renewed certificate";
  }
  return {};
}

std::string sentence_for(CertificateFault fault, const CertificateReport& report) {
  switch (fault) {
    case CertificateFault::unreadable:
      return "it cannot be read";
    case CertificateFault::not_yet_valid:
      return "it is valid from " + date_of(report.not_before) + " only";
    case CertificateFault::expired:
      return "it expired on " + date_of(report.not_after);
    case CertificateFault::no_key:
      return "no key on the token belongs to it";
    case CertificateFault::other_key:
      return "its CKA_ID is that of another key than its own";
    case CertificateFault::wrong_issuer:
      return "the issuer's certificate on the token did not sign it";
    case CertificateFault::issuer_expired:
      return "its issuer's certificate on the token has expired";
  }
  return {};
}

std::string_view text_of(Chain chain) {
  switch (chain) {
    case Chain::self_signed:
      return "self-signed";
    case Chain::complete:
      return "its chain is on the token";
    case Chain::incomplete:
      return "its issuer is not on the token, which is usual";
    case Chain::broken:
      break;
  }
  return "its chain is broken";
}

transport::SignRequest test_request(const transport::KeyInfo& key) {
  using transport::KeyType;
  transport::SignRequest request;
  request.key_id = key.id;
  request.reference = kTestText;
  if (key.type == KeyType::edwards) {
    request.algorithm = transport::Scheme::eddsa;
    request.hash = transport::Hash::none;
    request.digests = {copy_of(view_of(kTestText))};
    return request;
  }
  const bool rsa = key.type == KeyType::rsa;
  request.algorithm = rsa ? transport::Scheme::rsa_pkcs1 : transport::Scheme::ecdsa;
  request.digests = {crypto::sha256(view_of(kTestText))};
  return request;
}

bool verifies(const transport::KeyInfo& key, const transport::SignRequest& request,
              const Bytes& signature) {
  using transport::KeyType;
  auto context = crypto::Context::create();
  if (!context) return false;
  const auto public_key = crypto::PublicKey::from_spki(std::move(context).value(), key.public_key);
  if (!public_key) return false;
  const Bytes& signed_bytes = request.digests.front();
  switch (key.type) {
    case KeyType::rsa:
      return public_key.value()->verify_pkcs1_digest(crypto::Hash::sha256, signed_bytes, signature);
    case KeyType::ec:
      return public_key.value()->verify_ecdsa(signed_bytes, signature);
    case KeyType::edwards:
      break;
  }
  return public_key.value()->verify_eddsa(signed_bytes, signature);
}

// Members of a pair show the same objects; their order is their own.
bool same_objects(const transport::ObjectSet& a, const transport::ObjectSet& b) {
  const auto ids_of = [](const transport::ObjectSet& set) {
    std::vector<std::string> ids;
    for (const auto& key : set.keys) ids.push_back(key.id);
    for (const auto& certificate : set.certificates) ids.push_back(certificate.id);
    std::ranges::sort(ids);
    return ids;
  };
  return ids_of(a) == ids_of(b);
}

}  // namespace

AccountCheck::AccountCheck(const config::TokenConfig& token, Password password, bool may_sign,
                           Findings& findings)
    : token_(token), password_(std::move(password)), may_sign_(may_sign), findings_(findings) {}

void AccountCheck::check_at(const config::MemberConfig& member, bool reachable) {
  const Place place{token_.label, member.url};
  const auto skip = [&](const std::string& why) {
    findings_.none_tried(place, {"account", "objects", "signature"}, why);
  };
  if (!reachable) return skip("the member cannot be asked");
  if (!password_.secret) return skip(password_.why_not);
  if (tried_ && !accepted_) {
    return skip("the PIN was sent once and not accepted; a second time might lock the account");
  }
  const auto account = log_in(place, member);
  if (!account) {
    return findings_.none_tried(place, {"objects", "signature"}, "the account cannot be used");
  }
  check_objects(place, member);
  check_signature(place, member, *account);
}

std::optional<transport::AccountInfo> AccountCheck::log_in(const Place& place,
                                                           const config::MemberConfig& member) {
  tried_ = true;
  const auto account = client_of(token_, member, Repeats::never)
                           ->account({token_.user, *password_.secret}, call_deadline());
  if (!account) {
    findings_.wrong(place, "account", account.error().sentence,
                    account_advice(account.error().failure));
    return std::nullopt;
  }
  accepted_ = true;
  const auto& expires = account.value().password_expires_at;
  const bool soon = expires && *expires - std::chrono::system_clock::now() < kSoon;
  findings_.well(
      place, "account", fmt::format("\"{}\" is let in", token_.user),
      soon ? fmt::format("its PIN expires on {}: set a new one before", date_of(*expires)) : "");
  return account.value();
}

void AccountCheck::check_objects(const Place& place, const config::MemberConfig& member) {
  auto answer = client_of(token_, member, Repeats::allowed)
                    ->objects({token_.user, *password_.secret}, {}, call_deadline());
  if (!answer || !answer.value()) {
    return findings_.wrong(place, "objects",
                           answer ? "the appliance leaves the list out" : answer.error().sentence,
                           account_advice(answer ? Failure::bad_answer : answer.error().failure));
  }
  transport::ObjectSet& set = *answer.value();
  if (objects_ && !same_objects(*objects_, set)) {
    return findings_.wrong(place, "objects",
                           "this member shows other objects than the one before it",
                           "ask the appliance's operator whether the pair is in step");
  }
  if (set.keys.empty()) {
    findings_.wrong(
        place, "objects", "there is no key",
        "make one (pkcs11-tool --keypairgen), or look whether this is the right account");
  } else {
    findings_.well(
        place, "objects",
        fmt::format("keys: {}, certificates: {}", set.keys.size(), set.certificates.size()));
  }
  if (!objects_) objects_ = std::move(set);
}

// A key with a certificate rather than one without.
const transport::KeyInfo* AccountCheck::key_to_sign_with() const {
  if (!objects_) return nullptr;
  const transport::KeyInfo* chosen = nullptr;
  for (const transport::KeyInfo& key : objects_->keys) {
    if (!key.active) continue;
    const auto& certificates = objects_->certificates;
    const bool certified =
        std::ranges::find(certificates, key.id, &transport::CertificateInfo::key_id) !=
        certificates.end();
    if (certified) return &key;
    if (chosen == nullptr) chosen = &key;
  }
  return chosen;
}

void AccountCheck::check_signature(const Place& place, const config::MemberConfig& member,
                                   const transport::AccountInfo& account) {
  if (!may_sign_) {
    return findings_.not_tried(place, "signature", "it was not wanted (--no-signature)");
  }
  if (account.sign_credential != transport::SignCredential::none) {
    return findings_.not_tried(place, "signature",
                               "the account signs with a second credential of its own");
  }
  const transport::KeyInfo* const key = key_to_sign_with();
  if (key == nullptr) {
    return findings_.not_tried(place, "signature", "there is no key that may sign");
  }
  sign_with(place, member, *key);
}

void AccountCheck::sign_with(const Place& place, const config::MemberConfig& member,
                             const transport::KeyInfo& key) {
  const transport::SignRequest request = test_request(key);
  const auto signatures = client_of(token_, member, Repeats::allowed)
                              ->sign({token_.user, *password_.secret}, request, call_deadline());
  const std::string label = log::printable(signet::text_of(key.label));
  if (!signatures) {
    return findings_.wrong(place, "signature",
                           fmt::format("with key \"{}\": {}", label, signatures.error().sentence),
                           account_advice(signatures.error().failure));
  }
  if (!verifies(key, request, signatures.value().values.front())) {
    return findings_.wrong(place, "signature",
                           fmt::format("the signature of key \"{}\" (request {}) is wrong", label,
                                       signatures.value().trace.request_id),
                           "tell the appliance's operator at once; the module hands out no such "
                           "signature");
  }
  findings_.well(place, "signature", fmt::format("key \"{}\" signs, and rightly", label));
}

void AccountCheck::check_certificates() {
  const Place place{token_.label, {}};
  if (!objects_) {
    return findings_.not_tried(place, "certificates", "the objects could not be read");
  }
  const auto now = std::chrono::system_clock::now();
  const auto reports = doctor::check_certificates(*objects_, now);
  if (reports.empty()) {
    return findings_.not_tried(place, "certificates", "there is none on the token");
  }
  for (const CertificateReport& report : reports) {
    const std::string name =
        fmt::format("\"{}\"{}", report.label,
                    report.subject.empty() ? "" : fmt::format(" ({})", report.subject));
    for (const CertificateFault fault : report.faults) {
      findings_.wrong(place, "certificates", name + ": " + sentence_for(fault, report),
                      account_advice(fault));
    }
    if (!report.faults.empty()) continue;
    findings_.well(place, "certificates",
                   fmt::format("{}: valid until {}; {}", name, date_of(report.not_after),
                               text_of(report.chain)),
                   report.not_after - now < kSoon ? "it ends soon: renew it" : "");
  }
}

}  // namespace signet::cli::doctor
