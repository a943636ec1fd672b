#include "sealing/seal_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "crypto/certificate.h"
#include "crypto/openssl.h"

namespace signet::sealing {

namespace {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenSession;
using WallTime = std::chrono::system_clock::time_point;

constexpr std::size_t kLongestChain = 16;

bool issued(const X509Ptr& issuer, const X509Ptr& certificate) {
  const bool fits = X509_check_issued(issuer.get(), certificate.get()) == X509_V_OK &&
                    X509_verify(certificate.get(), X509_get0_pubkey(issuer.get())) == 1;
  (void)crypto::openssl_reason();
  return fits;
}

bool is_self_issued(const X509Ptr& certificate) {
  return X509_NAME_cmp(X509_get_subject_name(certificate.get()),
                       X509_get_issuer_name(certificate.get())) == 0;
}

// From the signer's issuer up to below the root.
std::vector<Bytes> chain_of(ByteView certificate, const std::vector<Bytes>& others) {
  std::vector<Bytes> chain;
  X509Ptr top = crypto::certificate_of(certificate);
  while (top && !is_self_issued(top) && chain.size() < kLongestChain) {
    X509Ptr next;
    for (const Bytes& other : others) {
      X509Ptr candidate = crypto::certificate_of(other);
      if (!candidate || !issued(candidate, top) || is_self_issued(candidate)) continue;
      chain.push_back(other);
      next = std::move(candidate);
      break;
    }
    top = std::move(next);
  }
  return chain;
}

struct Candidate {
  Bytes der;
  WallTime begins;
  WallTime ends;
};

// The youngest that is valid now; else why none is.
SealResult<Bytes> choose(const std::vector<Candidate>& candidates, const std::string& label) {
  if (candidates.empty())
    return Error(token_error(
        Reason::not_found,
        fmt::format("the key \"{}\" has no certificate on its token: import one (signet cert "
                    "import), or name it with --cert",
                    label)));
  const WallTime now = std::chrono::system_clock::now();
  const Candidate* best = nullptr;
  for (const Candidate& one : candidates)
    if (one.begins <= now && now <= one.ends && (best == nullptr || one.begins > best->begins))
      best = &one;
  if (best != nullptr) return best->der;
  const auto youngest = std::ranges::max_element(candidates, {}, &Candidate::begins);
  if (youngest->begins > now)
    return Error(token_error(
        Reason::not_yet_valid,
        fmt::format("the certificate of the key \"{}\" is not valid yet; is this machine's clock "
                    "right?",
                    label)));
  return Error(token_error(Reason::expired,
                           fmt::format("the certificate of the key \"{}\" has expired: renew it "
                                       "(signet renew)",
                                       label)));
}

std::optional<Candidate> candidate(ByteView der, ByteView public_key) {
  const X509Ptr parsed = crypto::certificate_of(der);
  if (!parsed || !equal(crypto::public_key_of(parsed.get()), public_key)) return std::nullopt;
  const auto begins = crypto::time_of(X509_get0_notBefore(parsed.get()));
  const auto ends = crypto::time_of(X509_get0_notAfter(parsed.get()));
  if (!begins || !ends) return std::nullopt;
  return Candidate{copy_of(der), *begins, *ends};
}

}  // namespace

SealResult<std::shared_ptr<SealKey>> SealKey::open(SealKeyChoice choice) {
  const std::shared_ptr<SealKey> made(new SealKey(std::move(choice)));
  const SealKeyChoice& chosen = made->choice_;
  BOOST_OUTCOME_TRY(made->login_, TokenSession::open(chosen.module, chosen.token, chosen.pin));
  BOOST_OUTCOME_TRY(made->key_, made->login_->key(chosen.key));
  if (!made->key_.can_sign)
    return Error(
        token_error(Reason::key_disabled,
                    fmt::format("the key \"{}\" is disabled: it may not sign", made->key_.label)));
  BOOST_OUTCOME_TRY(made->find_certificates(*made->login_));
  return made;
}

SealResult<void> SealKey::find_certificates(const TokenSession& token) {
  BOOST_OUTCOME_TRY(const auto stored, token.certificates());
  std::vector<Bytes> others = choice_.issuers;
  for (const pkcs11::StoredCertificate& one : stored) others.push_back(one.der);
  std::vector<Candidate> candidates;
  const std::vector<Bytes> named = {choice_.certificate};
  // A token that does not tell the key's public half: what the module verifies is the signature, later.
  for (const Bytes& der : choice_.certificate.empty() ? others : named)
    if (auto fitting = candidate(der, key_.public_key)) candidates.push_back(*std::move(fitting));
  if (!choice_.certificate.empty() && candidates.empty())
    return Error(token_error(Reason::other_key,
                             fmt::format("the certificate is not for the key \"{}\"", key_.label)));
  BOOST_OUTCOME_TRY(certificate_, choose(candidates, key_.label));
  issuers_ = chain_of(certificate_, others);
  return success();
}

SealResult<cms::Algorithm> SealKey::algorithm(const pkcs11::Signing& signing) const {
  BOOST_OUTCOME_TRY(const auto algorithm, pkcs11::cms_algorithm(key_, signing));
  return algorithm;
}

// Covered by the login of the first one.
SealResult<std::unique_ptr<SealKey::Session>> SealKey::new_session() const {
  auto session = std::make_unique<Session>();
  BOOST_OUTCOME_TRY(session->token, TokenSession::open_public(choice_.module, choice_.token));
  if (choice_.signing_pin) session->token->set_signing_pin(choice_.signing_pin);
  BOOST_OUTCOME_TRY(session->key, session->token->key(choice_.key));
  return session;
}

// Until it goes.
class SealKey::Turn {
 public:
  explicit Turn(Turns& turns) : turns_(turns) { turns_.acquire(); }
  ~Turn() { turns_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Turns& turns_;
};

SealResult<Bytes> SealKey::sign(const cms::Algorithm& algorithm, ByteView attributes,
                                const std::string& reference) {
  const Turn turn(turns_);
  auto session = sessions_.take();
  if (!session) {
    BOOST_OUTCOME_TRY(auto made, new_session());
    session = sessions_.lend(std::move(made));
  }
  if (session->reference != reference) {
    BOOST_OUTCOME_TRY(session->token->set_reference(reference));
    session->reference = reference;
  }
  BOOST_OUTCOME_TRY(auto signature,
                    pkcs11::sign_attributes(*session->token, session->key, algorithm, attributes));
  return signature;
}

}  // namespace signet::sealing
