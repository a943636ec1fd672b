// One token, opened and logged in: its keys and certificates, read anew by each call, and what can
// be done with them. Works with any PKCS#11 token. Not thread-safe.
#ifndef SIGNET_KEYGEN_TOKEN_H_
#define SIGNET_KEYGEN_TOKEN_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/secret.h"
#include "cryptoki/cryptoki.h"
#include "keygen/failure.h"
#include "keygen/key_type.h"
#include "keygen/module.h"
#include "keygen/uri.h"

namespace signet::keygen {

// Handles are valid as long as the Token.
struct Key {
  CK_OBJECT_HANDLE private_handle = 0;
  CK_OBJECT_HANDLE public_handle = 0;  // 0: the token has no public key object for it
  Bytes id;                            // CKA_ID; may be empty
  std::string label;                   // CKA_LABEL; may be empty
  KeyType type;
  Bytes public_key;             // DER SubjectPublicKeyInfo; empty where the token does not tell it
  bool can_sign = true;         // false: disabled (CKA_SIGN is false)
  bool asks_each_time = false;  // each signature wants a second credential
  std::string uri;              // of the private key
};

struct StoredCertificate {
  CK_OBJECT_HANDLE handle = 0;
  Bytes id;
  std::string label;
  Bytes der;
  std::string uri;
};

// Which key or certificate is meant; what is absent fits everything.
struct ObjectChoice {
  std::optional<std::string> label;
  std::optional<Bytes> id;

  static ObjectChoice of(const Uri& uri) { return {uri.object(), uri.id()}; }
  bool empty() const { return !label && !id; }
  bool fits(std::string_view other_label, ByteView other_id) const;
  std::string text() const;  // `label "seal", id 01`
};

struct KeyWish {
  KeyType type;
  std::string label;
  Bytes id;  // CKA_ID, 1 to 255 bytes
};

// What PKCS#1 v1.5 pads is the DigestInfo, which is made of the digest's name ("SHA256").
enum class Padding { pkcs1, pss };

struct Signing {
  Padding padding = Padding::pkcs1;  // RSA only
  std::string hash = "SHA256";       // SHA256, SHA384 or SHA512
};

// The PIN for a token; nothing: log in without one (CKF_PROTECTED_AUTHENTICATION_PATH). Called once a
// login; see pin.h.
using PinProvider = std::function<Outcome<std::optional<Secret>>(const TokenInfo&)>;

class Token {
 public:
  // A read-write session, logged in. Reason::pin where the PIN is refused; it is tried once only.
  static Outcome<std::unique_ptr<Token>> open(std::shared_ptr<Module> module, const TokenInfo& info,
                                              const PinProvider& pin);

  // For what needs no login: certificates, public keys.
  static Outcome<std::unique_ptr<Token>> open_public(std::shared_ptr<Module> module,
                                                     const TokenInfo& info);
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token();

  const TokenInfo& info() const { return info_; }
  const Module& module() const { return *module_; }

  // --- finding

  Outcome<std::vector<Key>> keys() const;
  Outcome<std::vector<StoredCertificate>> certificates() const;

  // Exactly one: not_found or ambiguous otherwise.
  Outcome<Key> key(const ObjectChoice& choice) const;
  Outcome<StoredCertificate> certificate(const ObjectChoice& choice) const;

  // With this public key (DER SubjectPublicKeyInfo); nothing where there is none.
  Outcome<std::optional<Key>> key_of(ByteView public_key) const;

  // Public halves alone, as the making of a pair leaves behind that was cut off; their
  // private_handle is 0. destroy() takes them.
  Outcome<std::vector<Key>> lone_public_keys() const;

  // The very same certificate; nothing where there is none.
  Outcome<std::optional<StoredCertificate>> certificate_of(ByteView der) const;

  // --- changing

  // One new pair. token_full at the limit, not_supported for a type that the token does not make.
  // no_answer: perhaps it was made; key({wish.label, wish.id}) tells.
  Outcome<Key> generate(const KeyWish& wish);

  // Both halves of the pair. Certificates keep their own label and id.
  Outcome<void> set_label(const Key& key, const std::string& label);
  Outcome<void> set_id(const Key& key, ByteView id);
  Outcome<void> set_label(const StoredCertificate& certificate, const std::string& label);
  Outcome<void> set_id(const StoredCertificate& certificate, ByteView id);

  // Both halves; certificates stay. Gone already is a success.
  Outcome<void> destroy(const Key& key);
  Outcome<void> destroy(const StoredCertificate& certificate);

  // Nothing is checked here: import.h does that.
  Outcome<StoredCertificate> store(ByteView der, const std::string& label, ByteView id);

  // --- signing

  // Where the second credential comes from, for keys that want one with each signature
  // (CKA_ALWAYS_AUTHENTICATE). Without this such a key is Reason::pin.
  void set_signing_pin(PinProvider pin) { signing_pin_ = std::move(pin); }

  // One signature over a ready digest, as X.509 carries it: RSA as long as the modulus, ECDSA a DER
  // sequence of r and s. PSS: MGF1 with the same hash, salt as long as the digest.
  Outcome<Bytes> sign(const Key& key, const Signing& signing, ByteView digest) const;

 private:
  Token(std::shared_ptr<Module> module, TokenInfo info)
      : module_(std::move(module)), info_(std::move(info)) {}
  Outcome<void> open_session(CK_FLAGS flags);
  Outcome<void> login(const PinProvider& pin);
  Outcome<void> refresh_info();
  Outcome<std::vector<CK_OBJECT_HANDLE>> find(CK_OBJECT_CLASS object_class) const;
  Outcome<std::optional<Secret>> signing_secret(const Key& key) const;
  Outcome<void> set(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, ByteView value);

  std::shared_ptr<Module> module_;
  TokenInfo info_;
  CK_SESSION_HANDLE session_ = 0;
  PinProvider signing_pin_;
  bool open_ = false;
  bool logged_in_ = false;
};

// 20 random bytes, for a key that was given no id.
Bytes random_id();

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_TOKEN_H_
