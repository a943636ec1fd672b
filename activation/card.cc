#include "activation/card.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/printable.h"
#include "crypto/library_context.h"
#include "keygen/signed_data.h"
#include "seal-client/card_objects.h"

namespace signet::activation {

namespace {

using keygen::Certificate;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;
using pkcs11::TokenSession;

constexpr std::size_t kHashSize = 32;

TokenError lacks(const TokenSession& session, std::string_view what) {
  return token_error(
      Reason::not_found,
      fmt::format("the token \"{}\" has no {}: it is not an activation card, or was not enrolled "
                  "to the end; the registration authority enrols it again",
                  printable(session.info().label), what));
}

TokenResult<std::vector<Certificate>> certificates_labelled(const TokenSession& session,
                                                            std::string_view label) {
  BOOST_OUTCOME_TRY(const auto stored, session.certificates());
  std::vector<Certificate> certificates;
  for (const auto& each : stored) {
    if (each.label != label) continue;
    if (auto certificate = Certificate::from_der(each.der)) {
      certificates.push_back(std::move(certificate).assume_value());
    }
  }
  // The newest first.
  std::ranges::sort(certificates, [](const Certificate& a, const Certificate& b) {
    return a.not_after() > b.not_after();
  });
  return certificates;
}

TokenResult<std::optional<Bytes>> hash_on(const TokenSession& session) {
  pkcs11::ObjectTemplate wanted;
  wanted.number(CKA_CLASS, CKO_DATA)
      .text(CKA_APPLICATION, sealclient::kCardApplication)
      .text(CKA_LABEL, sealclient::kCardHashLabel);
  BOOST_OUTCOME_TRY(const auto found, session.find(wanted));
  if (found.empty()) return std::optional<Bytes>{};
  if (found.size() > 1)
    return token_error(Reason::ambiguous, "the card has more than one hash of a content key");
  auto value = session.attributes(found.front()).bytes(CKA_VALUE);
  if (!value || value->size() != kHashSize)
    return lacks(session, "readable hash of the client's content key");
  return value;
}

}  // namespace

TokenResult<std::unique_ptr<Card>> Card::read(const TokenSession& session) {
  BOOST_OUTCOME_TRY(const auto own, certificates_labelled(session, sealclient::kCardKeyLabel));
  BOOST_OUTCOME_TRY(const auto sealing,
                    certificates_labelled(session, sealclient::kCardSealingLabel));
  if (own.empty()) return lacks(session, "authentication certificate");
  if (sealing.empty()) return lacks(session, "sealing certificate");
  auto key = session.key({.label = std::string(sealclient::kCardKeyLabel), .id = {}});
  if (!key && key.assume_error().reason == Reason::not_found)
    return lacks(session, "authentication key");
  if (!key) return key.assume_error();
  // Some cards tell nothing of a private key's public half.
  pkcs11::Key& held = key.assume_value();
  const auto fitting = std::ranges::find_if(own, [&](const Certificate& each) {
    return held.public_key.empty() || equal(each.public_key(), held.public_key);
  });
  if (fitting == own.end()) return lacks(session, "certificate for its authentication key");
  std::unique_ptr<Card> card(new Card(session, *fitting, sealing.front()));
  card->key_ = std::move(held);
  card->key_.public_key = fitting->public_key();
  card->key_.type = pkcs11::KeyType::of_public_key(card->key_.public_key);
  BOOST_OUTCOME_TRY(card->content_key_hash_, hash_on(session));
  BOOST_OUTCOME_TRY(card->issuers_, certificates_labelled(session, sealclient::kCardIssuerLabel));
  BOOST_OUTCOME_TRY(card->decryption_, pkcs11::decryption_key(session, card->key_));
  card->provider_key_ = pkcs11::ProviderKey::make(
      card->key_.public_key,
      [own_card = card.get()](const pkcs11::DigestSignature& wish, ByteView digest) {
        return own_card->sign_digest(wish, digest);
      });
  if (!card->provider_key_)
    return token_error(Reason::not_supported, "the card's key cannot be used for TLS");
  card->tls_key_ = std::shared_ptr<EVP_PKEY>(card->provider_key_->get(), [](EVP_PKEY*) {});
  return card;
}

// Called in the middle of a handshake, whose OpenSSL is not that of the token's module.
Bytes Card::sign_digest(const pkcs11::DigestSignature& wish, ByteView digest) {
  const crypto::ProcessContext context;
  auto signature = session_.sign(key_, wish, digest);
  signing_refusal_.reset();
  if (signature) return std::move(signature).assume_value();
  signing_refusal_ = signature.assume_error();
  return {};
}

TokenResult<Bytes> Card::sign(ByteView content) const {
  return keygen::make_signed_data(session_, key_,
                                  {.signer = certificate_, .issuers = {}, .signing = {}}, content);
}

std::optional<TokenError> Card::refusal() const {
  return signing_refusal_ ? signing_refusal_ : *decryption_.refusal;
}

TokenError with_tries(TokenError error, const pkcs11::TokenInfo& now) {
  if (error.reason != Reason::pin) return error;
  if ((now.flags & CKF_USER_PIN_LOCKED) != 0) {
    error.sentence +=
        "; the card is blocked: unblock it with its PUK (opensc-tool, or the maker's program), or "
        "have the registration authority enrol again";
  } else if ((now.flags & CKF_USER_PIN_FINAL_TRY) != 0) {
    error.sentence += "; one more wrong PIN blocks the card";
  } else if ((now.flags & CKF_USER_PIN_COUNT_LOW) != 0) {
    error.sentence += "; wrong PINs are counted, and too many block the card";
  }
  return error;
}

}  // namespace signet::activation
