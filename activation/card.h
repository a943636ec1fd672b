// An activation card: any PKCS#11 token with what the enrolment puts on it (seal-client/card_objects.h).
#ifndef SIGNET_ACTIVATION_CARD_H_
#define SIGNET_ACTIVATION_CARD_H_

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "keygen/certificate.h"
#include "pkcs11-client/decryption.h"
#include "pkcs11-client/session.h"

namespace signet::activation {

// Used by one thread at a time.
class Card {
 public:
  // The session is logged in, and outlives the card. not_found says what is missing on it.
  static pkcs11::TokenResult<std::unique_ptr<Card>> read(const pkcs11::TokenSession& session);
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  const keygen::Certificate& certificate() const { return certificate_; }  // of its key
  const keygen::Certificate& sealing() const { return sealing_; }  // of a key in the appliance
  // Those who issued the two, as far as the card has them.
  const std::vector<keygen::Certificate>& issuers() const { return issuers_; }

  // SHA-256(K); nothing where the card has no place for it, and the registration letter says it.
  const std::optional<Bytes>& content_key_hash() const { return content_key_hash_; }

  // For mutual TLS; valid as long as the card.
  std::shared_ptr<EVP_PKEY> tls_key() const { return tls_key_; }

  const cms::DecryptionKey& decryption() const { return decryption_.key; }

  // A CMS SignedData (DER) by its key, the content inside.
  pkcs11::TokenResult<Bytes> sign(ByteView content) const;

  // What the card said where it refused last, in the handshake or while it decrypted; nothing: it did what it was asked for.
  std::optional<pkcs11::TokenError> refusal() const;

 private:
  explicit Card(const pkcs11::TokenSession& session, keygen::Certificate certificate,
                keygen::Certificate sealing)
      : session_(session), certificate_(std::move(certificate)), sealing_(std::move(sealing)) {}
  Bytes sign_digest(const pkcs11::DigestSignature& wish, ByteView digest);

  const pkcs11::TokenSession& session_;
  keygen::Certificate certificate_;
  keygen::Certificate sealing_;
  pkcs11::Key key_;
  std::vector<keygen::Certificate> issuers_;
  std::optional<Bytes> content_key_hash_;
  std::unique_ptr<pkcs11::ProviderKey> provider_key_;
  std::shared_ptr<EVP_PKEY> tls_key_;
  pkcs11::TokenDecryption decryption_;
  std::optional<pkcs11::TokenError> signing_refusal_;
};

// A wrong or blocked PIN, with what the token says of further tries.
pkcs11::TokenError with_tries(pkcs11::TokenError error, const pkcs11::TokenInfo& now);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_CARD_H_
