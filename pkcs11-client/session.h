// One session with a token: its keys and certificates, read again by each call, and what can be done with them. Works
// with any PKCS#11 token. Used by one thread at a time.
//
// The token is somebody else's code: what it says of sizes and counts is not believed, and no list is followed without
// end. A call that does not come back cannot be helped.
#ifndef SIGNET_PKCS11_CLIENT_SESSION_H_
#define SIGNET_PKCS11_CLIENT_SESSION_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"
#include "common/secret.h"
#include "crypto/algorithm.h"
#include "cryptoki/cryptoki.h"
#include "pkcs11-client/attributes.h"
#include "pkcs11-client/error.h"
#include "pkcs11-client/key_type.h"
#include "pkcs11-client/module.h"
#include "pkcs11-client/provider_key.h"
#include "pkcs11-client/uri.h"

namespace signet::pkcs11 {

// Handles are valid as long as the session.
struct Key {
  CK_OBJECT_HANDLE private_handle = 0;
  CK_OBJECT_HANDLE public_handle = 0;  // 0: the token has no public key object for it
  Bytes id;                            // CKA_ID; may be empty
  std::string label;                   // CKA_LABEL; may be empty
  KeyType type;
  Bytes public_key;             // DER SubjectPublicKeyInfo; empty where the token does not tell it
  bool can_sign = true;         // false: disabled (CKA_SIGN is false)
  bool asks_each_time = false;  // each signature requires a second credential
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

  static ObjectChoice of(const Uri& uri) { return {uri.object, uri.id}; }
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

// The PIN for a token; nothing: log in without one (CKF_PROTECTED_AUTHENTICATION_PATH). Called once a login.
using PinProvider = std::function<TokenResult<std::optional<Secret>>(const TokenInfo&)>;

class TokenSession {
 public:
  // A read-write session, logged in. Reason::pin where the PIN is refused; one that the token has called wrong is not
  // tried again in this process, whatever session asks for it, so that nothing gets locked.
  static TokenResult<std::unique_ptr<TokenSession>> open(std::shared_ptr<Module> module,
                                                         const TokenInfo& info,
                                                         const PinProvider& pin);

  // Read-only; for what needs no login (certificates, public keys), or a login later on.
  static TokenResult<std::unique_ptr<TokenSession>> open_public(std::shared_ptr<Module> module,
                                                                const TokenInfo& info);
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;
  ~TokenSession();  // the last session of a program logs it out as it closes

  // The user's PIN becomes another one, with or without a login before (an expired PIN allows no other call). `present`
  // and `replacement` must give a PIN.
  static TokenResult<void> change_pin(std::shared_ptr<Module> module, const TokenInfo& info,
                                      const PinProvider& present, const PinProvider& replacement);

  // For the whole program, as PKCS#11 has it. Nothing is asked where the token wants no login.
  TokenResult<void> login(const PinProvider& pin);

  // Logs out first: a module that keeps a list of objects reads it again. Handles found before are not to be used.
  TokenResult<void> login_again(const PinProvider& pin);

  const TokenInfo& info() const { return info_; }
  const Module& module() const { return *module_; }

  // For calls that are not here.
  CK_FUNCTION_LIST& functions() const { return module_->functions(); }
  CK_SESSION_HANDLE handle() const { return session_; }

  // --- finding

  TokenResult<std::vector<Key>> keys() const;
  TokenResult<std::vector<StoredCertificate>> certificates() const;

  // Exactly one: not_found or ambiguous otherwise.
  TokenResult<Key> key(const ObjectChoice& choice) const;
  TokenResult<StoredCertificate> certificate(const ObjectChoice& choice) const;

  // With this public key (DER SubjectPublicKeyInfo); nothing where there is none.
  TokenResult<std::optional<Key>> key_of(ByteView public_key) const;

  // Public halves alone, as the making of a pair leaves behind that was cut off; their
  // private_handle is 0. destroy() takes them.
  TokenResult<std::vector<Key>> lone_public_keys() const;

  // The very same certificate; nothing where there is none.
  TokenResult<std::optional<StoredCertificate>> certificate_of(ByteView der) const;

  // Whatever fits a template.
  TokenResult<std::vector<CK_OBJECT_HANDLE>> find(ObjectTemplate& wanted) const;
  Attributes attributes(CK_OBJECT_HANDLE object) const { return {functions(), session_, object}; }

  // --- changing

  // One new pair. token_full at the limit, not_supported for a type that the token does not make.
  // no_answer: perhaps it was made; key({wish.label, wish.id}) tells.
  TokenResult<Key> generate(const KeyWish& wish);

  // Both halves of the pair. Certificates keep their own label and id.
  TokenResult<void> set_label(const Key& key, const std::string& label);
  TokenResult<void> set_id(const Key& key, ByteView id);
  TokenResult<void> set_label(const StoredCertificate& certificate, const std::string& label);
  TokenResult<void> set_id(const StoredCertificate& certificate, ByteView id);

  // Both halves; certificates stay. Gone already is a success.
  TokenResult<void> destroy(const Key& key);
  TokenResult<void> destroy(const StoredCertificate& certificate);

  // `der`: one X.509 certificate, of which nothing is checked here.
  TokenResult<StoredCertificate> store(ByteView der, const std::string& label, ByteView id);

  // --- signing

  // Where the second credential comes from, for keys that want one with each signature
  // (CKA_ALWAYS_AUTHENTICATE). Without this such a key is Reason::pin.
  void set_signing_pin(PinProvider pin) { signing_pin_ = std::move(pin); }

  // For the appliance's journal, with this session's next signatures: UTF-8 of at most 256 bytes; empty: none. False where
  // the token takes none: another maker's, or one whose service has no place for it.
  TokenResult<bool> set_reference(const std::string& reference) const;

  // By which the appliance's journal names this session's last signature; empty: it does not.
  std::string last_request_id() const;

  // A TimeStampToken (RFC 3161, 2.4.2) for a digest by SHA256, SHA384 or SHA512, from the service behind the token, unchecked;
  // without a login. `nonce`: 64 bytes at most; empty: none. not_supported where the token is another maker's, or its
  // service gives none; no_answer where the service cannot be reached in time.
  TokenResult<Bytes> time_stamp(crypto::Hash hash, ByteView digest, ByteView nonce,
                                Milliseconds limit) const;

  // One signature over a ready digest, as X.509 carries it: RSA as long as the modulus, ECDSA a DER sequence of r and
  // s. Of the key are used: private_handle, label, type, can_sign, asks_each_time.
  TokenResult<Bytes> sign(const Key& key, const DigestSignature& wish, ByteView digest) const;

 private:
  TokenSession(std::shared_ptr<Module> module, TokenInfo info)
      : module_(std::move(module)), info_(std::move(info)) {}
  static TokenResult<std::unique_ptr<TokenSession>> open(std::shared_ptr<Module> module,
                                                         const TokenInfo& info, CK_FLAGS flags);
  CK_RV login_as(CK_USER_TYPE user, const std::optional<Secret>& secret) const;
  TokenResult<std::vector<CK_OBJECT_HANDLE>> find(CK_OBJECT_CLASS object_class) const;
  TokenResult<std::optional<Secret>> signing_secret(const Key& key) const;
  TokenResult<void> set(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, ByteView value);
  std::string uri_of(ObjectType type, ByteView id, const std::string& label) const;

  const std::shared_ptr<Module> module_;
  const TokenInfo info_;
  CK_SESSION_HANDLE session_ = CK_INVALID_HANDLE;
  PinProvider signing_pin_;
};

// 20 random bytes, for a key that was given no id.
Bytes random_id();

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_SESSION_H_
