// One signature over a fixed text, with the key that programs would use now.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/printable.h"
#include "crypto/openssl.h"
#include "crypto/public_key.h"
#include "signet-cli/doctor/certificate_report.h"
#include "signet-cli/doctor/checks.h"
#include "signet-cli/member_client.h"

namespace signet::cli::doctor {

namespace {

constexpr std::string_view kTestText = "signet doctor: a test signature";

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

}  // namespace

// That of the newest certificate which is valid and in use, else one without a certificate.
const transport::KeyInfo* AccountCheck::key_to_sign_with() const {
  if (!objects_) return nullptr;
  const auto now = std::chrono::system_clock::now();
  const auto reports = doctor::check_certificates(*objects_, now);
  const transport::KeyInfo* chosen = nullptr;
  auto newest = std::chrono::system_clock::time_point::min();
  for (const transport::KeyInfo& key : objects_->keys) {
    if (!key.active) continue;
    if (chosen == nullptr) chosen = &key;
    for (std::size_t at = 0; at < reports.size(); ++at) {
      const CertificateReport& report = reports[at];
      const bool in_use = objects_->certificates[at].key_id == key.id &&
                          report.superseded_by.empty() && report.not_before <= now &&
                          now <= report.not_after;
      if (!in_use || report.not_before <= newest) continue;
      newest = report.not_before;
      chosen = &key;
    }
  }
  return chosen;
}

void AccountCheck::check_signature(const Place& place, const config::MemberConfig& member,
                                   const transport::AccountInfo& account) {
  if (!signature_.wanted) {
    return findings_.not_needed(place, "signature", "it was turned off (--no-signature)");
  }
  const transport::KeyInfo* const key = key_to_sign_with();
  if (key == nullptr) {
    return findings_.not_tried(place, "signature", "there is no key that may sign");
  }
  const bool twice = account.sign_credential != transport::SignCredential::none;
  if (twice && !signature_.second) {
    return findings_.not_tried(
        place, "signature",
        "the account signs with a second credential of its own; " + signature_.why_no_second,
        "give it with --sign-pin-file, or in SIGNET_SIGN_PIN");
  }
  if (twice && second_sent_) {
    return findings_.not_needed(place, "signature",
                                "the second credential was sent to the other member; it may serve "
                                "once, and a wrong one is not sent again");
  }
  second_sent_ = twice;
  sign_with(place, member, *key, twice);
}

void AccountCheck::sign_with(const Place& place, const config::MemberConfig& member,
                             const transport::KeyInfo& key, bool twice) {
  transport::SignRequest request = test_request(key);
  if (twice) request.sign_password = signature_.second;
  const auto signatures = client_of(token_, member, Repeats::allowed)
                              ->sign({token_.user, *secret_}, request, call_deadline());
  const std::string label = printable(signet::text_of(key.label));
  if (!signatures) {
    return findings_.wrong(place, "signature",
                           fmt::format("with key \"{}\": {}", label, signatures.error().sentence),
                           advice_for(signatures.error().failure));
  }
  if (!verifies(key, request, signatures.value().values.front())) {
    return findings_.wrong(place, "signature",
                           fmt::format("the signature of key \"{}\" (request {}) is wrong", label,
                                       signatures.value().trace.request_id),
                           "tell the appliance's operator at once; the module hands out no such "
                           "signature");
  }
  findings_.well(place, "signature",
                 fmt::format("key \"{}\" signs, and the signature is right", label));
}

}  // namespace signet::cli::doctor
