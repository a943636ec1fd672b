// One object on a token of another PKCS#11 module: what mutual TLS needs of a smart card or an HSM.
//
// The other module is loaded into the host's process, where the host may use it as well. It is initialised where
// nobody has done so, and then stays loaded and initialised until the process ends: taking it down could take it
// away from others. What holds here for our own module need not hold for that one: deadlines, threads, forks.
#ifndef SIGNET_PKCS11_CLIENT_TOKEN_OBJECT_H_
#define SIGNET_PKCS11_CLIENT_TOKEN_OBJECT_H_

#include <memory>
#include <span>
#include <string>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"
#include "pkcs11-client/pkcs11_uri.h"

namespace signet::pkcs11 {

// Owns a session. Used by one thread at a time.
class TokenObject {
 public:
  // The one object of this class (CKO_PRIVATE_KEY or CKO_CERTIFICATE) that the URI names, after a login where it
  // has a PIN. A PIN that a token has refused is not tried again in this process, so that nothing gets locked. The
  // error is a sentence. Refused: this very module, and a call that comes out of another module's call.
  static Result<std::unique_ptr<TokenObject>, std::string> open(const Pkcs11Uri& uri,
                                                                CK_OBJECT_CLASS object_class);
  ~TokenObject();
  TokenObject(const TokenObject&) = delete;
  TokenObject& operator=(const TokenObject&) = delete;

  Result<Bytes, std::string> value() const;  // CKA_VALUE

  // The bytes written. Mechanisms without a parameter only.
  Result<std::size_t, std::string> sign(CK_MECHANISM_TYPE mechanism, ByteView data,
                                        std::span<std::uint8_t> signature) const;

 private:
  TokenObject(CK_FUNCTION_LIST* functions, CK_SESSION_HANDLE session)
      : functions_(functions), session_(session) {}

  Result<void, std::string> login(const Pkcs11Uri& uri) const;
  Result<void, std::string> find(const Pkcs11Uri& uri, CK_OBJECT_CLASS object_class);

  CK_FUNCTION_LIST* const functions_;
  const CK_SESSION_HANDLE session_;
  CK_OBJECT_HANDLE object_ = CK_INVALID_HANDLE;
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_TOKEN_OBJECT_H_
