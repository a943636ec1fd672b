// The key store: one SoftHSMv2 token, loaded through p11-kit into this process. Private keys are
// token objects whose CKA_ID is the key's GUID; public keys are kept by the caller.
#ifndef SIGNET_SOFTHSM_BACKEND_TOKEN_H_
#define SIGNET_SOFTHSM_BACKEND_TOKEN_H_

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "common/checkout_pool.h"
#include "common/mutex.h"
#include "common/secret.h"
#include "crypto/algorithm.h"
#include "cryptoki/cryptoki.h"
#include "pkcs11-client/error.h"
#include "pkcs11-client/module.h"

namespace signet::emulator {

// A call of the token failed; the text names it and its CK_RV.
struct KeyStoreError : std::runtime_error {
  KeyStoreError(const std::string& text, CK_RV code) : std::runtime_error(text), rv(code) {}

  CK_RV rv;
};

// SoftHSM, initialised; it reads the environment variable SOFTHSM2_CONF, which must be set before. Throws KeyStoreError.
std::shared_ptr<pkcs11::Module> load_softhsm(const std::filesystem::path& file);

// The value, or its error thrown as a KeyStoreError.
template <typename T>
T value_of(pkcs11::TokenResult<T> result) {
  if (!result) throw KeyStoreError(result.error().sentence, result.error().rv);
  return std::move(result).value();
}

// Opened and logged in. Thread-safe; each call works in a session of its own.
class Token {
 public:
  Token(const std::filesystem::path& module, std::string_view label, const Secret& pin);
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;

  // Makes a key pair; the private key lies in the token when this returns. Gives the DER
  // SubjectPublicKeyInfo.
  Bytes generate(const crypto::KeyParameters& spec, const std::string& id);

  // One signature by the key `id` over what the scheme's raw mechanism takes: the content that PKCS#1 pads, a digest, a
  // message. RSA: as many bytes as the modulus; others: two numbers of the order's size. PSS: `hash` is both the digest's
  // and the mask's.
  Bytes sign(const std::string& id, crypto::Scheme scheme, ByteView data,
             crypto::Hash hash = crypto::Hash::none, std::size_t salt_length = 0);

  // Quietly does nothing where it is gone already.
  void destroy(const std::string& id);

  // Of every private key in the token.
  std::vector<std::string> key_ids();

 private:
  class Session {
   public:
    Session(CK_FUNCTION_LIST& functions, CK_SLOT_ID slot);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    CK_SESSION_HANDLE handle() const { return handle_; }

   private:
    CK_FUNCTION_LIST& functions_;
    CK_SESSION_HANDLE handle_ = 0;
  };

  CheckoutPool<Session>::Loan free_session();
  Bytes attempt_sign(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_MECHANISM& mechanism,
                     ByteView data);
  // The handle of a copy that outlives the process.
  CK_OBJECT_HANDLE keep(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE session_key);
  CK_OBJECT_HANDLE handle_of(CK_SESSION_HANDLE session, const std::string& id);
  std::vector<CK_OBJECT_HANDLE> find(CK_SESSION_HANDLE session, const std::string* id);
  void forget(const std::string& id);
  Bytes attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  Bytes public_key_of(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                      const crypto::KeyParameters& spec);

  const std::shared_ptr<pkcs11::Module> module_;
  CK_FUNCTION_LIST& functions_;
  CK_SLOT_ID slot_;
  CheckoutPool<Session> sessions_;
  std::unique_ptr<Session> login_session_;  // keeps the login alive

  // Held alone by what makes or removes a stored key: where one thread of SoftHSM reads the list of
  // its files while another adds to it, the new object may be taken for a removed one, and its maker
  // gets CKR_GENERAL_ERROR. Generating takes seconds and works on session objects, without it.
  SharedMutex store_;
  Mutex mutex_;
  std::map<std::string, CK_OBJECT_HANDLE> handles_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_TOKEN_H_
