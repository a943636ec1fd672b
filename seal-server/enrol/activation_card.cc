#include "seal-server/enrol/activation_card.h"

#include <algorithm>

#include "keygen/request.h"
#include "pkcs11-client/card.h"
#include "pkcs11-client/decryption.h"
#include "seal-client/card_objects.h"
#include "seal-client/cryptogram.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

using pkcs11::Key;
using pkcs11::TokenSession;

constexpr pkcs11::DataName kHashName{sealclient::kCardApplication, sealclient::kCardHashLabel};

std::optional<Key> key_with(const TokenSession& session, ByteView id) {
  for (Key& key : take(session.keys()))
    if (equal(key.id, id)) return std::move(key);
  return std::nullopt;
}

void remove_lone_halves(TokenSession& session, ByteView id) {
  for (const Key& half : take(session.lone_public_keys()))
    if (equal(half.id, id)) take(session.destroy(half));
}

bool is_rsa(const Key& key) {
  return key.type.kind == crypto::KeyType::rsa;
}

}  // namespace

ActivationCard ActivationCard::open(const std::string& uri, const pkcs11::PinProvider& pin) {
  const auto parsed = pkcs11::Uri::parse(uri);
  if (!parsed) fail(Reason::unreadable, sentence_from("--card: " + parsed.assume_error().sentence));
  const pkcs11::Uri& place = parsed.assume_value();
  if (place.module_path.empty() && place.module_name.empty())
    fail(Reason::unreadable,
         "--card must say by which module the card is reached: module-path=/usr/lib/…/"
         "opensc-pkcs11.so.");
  auto module = take(pkcs11::Module::load(place, {}));
  const auto info = take(module->token(place));
  return ActivationCard(take(TokenSession::open(std::move(module), info, pin)));
}

Key ActivationCard::key(ByteView id, const std::string& type) {
  if (auto there = key_with(*session_, id)) {
    if (there->public_handle != 0) return *std::move(there);
    take(session_->destroy(*there));  // half of a pair
  }
  remove_lone_halves(*session_, id);
  return take(pkcs11::generate_card_key(
      *session_,
      {take(pkcs11::KeyType::parse(type)), std::string(sealclient::kCardKeyLabel), copy_of(id)}));
}

Bytes ActivationCard::request(const Key& key, const Bytes& subject) const {
  keygen::RequestWish wish;
  wish.subject = subject;
  wish.key_usage = {"digitalSignature", is_rsa(key) ? "keyEncipherment" : "keyAgreement"};
  wish.extended_key_usage = {"clientAuth"};
  return take(keygen::make_request(*session_, key, wish));
}

// One certificate has this label.
void ActivationCard::store(ByteView certificate, std::string_view label, ByteView id) {
  bool there = false;
  for (const pkcs11::StoredCertificate& other : take(session_->certificates())) {
    const bool same = equal(other.der, certificate);
    if (same && other.label == label) there = true;
    if (!same && other.label == label) take(session_->destroy(other));
  }
  if (!there) take(session_->store(certificate, std::string(label), id));
}

void ActivationCard::store_authentication(const Key& key, ByteView certificate) {
  store(certificate, sealclient::kCardKeyLabel, key.id);
}

void ActivationCard::store_sealing(ByteView certificate, ByteView id) {
  store(certificate, sealclient::kCardSealingLabel, id);
}

void ActivationCard::store_issuers(const std::vector<Bytes>& certificates) {
  std::vector<Bytes> there;
  for (const pkcs11::StoredCertificate& other : take(session_->certificates())) {
    if (other.label != sealclient::kCardIssuerLabel) continue;
    if (std::ranges::find(certificates, other.der) == certificates.end()) {
      take(session_->destroy(other));
    } else {
      there.push_back(other.der);
    }
  }
  for (const Bytes& issuer : certificates) {
    if (std::ranges::find(there, issuer) != there.end()) continue;
    take(session_->store(issuer, std::string(sealclient::kCardIssuerLabel), {}));
    there.push_back(issuer);
  }
}

bool ActivationCard::store_hash(ByteView hash) {
  const auto stored = pkcs11::write_data(*session_, kHashName, hash);
  if (stored) return true;
  const CK_RV rv = stored.assume_error().rv;
  const bool no_place = rv == CKR_FUNCTION_NOT_SUPPORTED || rv == CKR_TEMPLATE_INCONSISTENT ||
                        rv == CKR_ATTRIBUTE_VALUE_INVALID || rv == CKR_ATTRIBUTE_TYPE_INVALID ||
                        rv == CKR_DEVICE_MEMORY;
  if (no_place) return false;
  fail_with(stored.assume_error());
}

cms::Recipient ActivationCard::recipient(const Key& key, ByteView certificate) const {
  auto recipient = sealclient::recipient_of_certificate(certificate);
  if (!recipient) fail(Reason::wrong_chain, recipient.assume_error());
  cms::Recipient found = std::move(recipient).assume_value();
  if (is_rsa(key)) found.oaep = pkcs11::oaep_hash(*session_, key);
  return found;
}

void ActivationCard::check_cryptogram(const Key& key, ByteView cryptogram,
                                      const Secret& content_key) const {
  const auto own = take(pkcs11::decryption_key(*session_, key));
  const auto opened =
      sealclient::open_cryptogram(cryptogram, own.key, sealclient::content_key_hash(content_key));
  if (*own.refusal) fail_with(**own.refusal);
  take(opened);
}

void ActivationCard::remove_former(ByteView id) {
  for (const Key& key : take(session_->keys()))
    if (key.label == sealclient::kCardKeyLabel && !equal(key.id, id)) take(session_->destroy(key));
  for (const Key& half : take(session_->lone_public_keys()))
    if (half.label == sealclient::kCardKeyLabel && !equal(half.id, id))
      take(session_->destroy(half));
}

}  // namespace signet::sealserver::enrol
