// OpenSSL in a library context of our own: the host's configuration and providers (which may load
// this very module) have no part in it.
//
// libcrypto's EVP functions look for a default ENGINE whatever the library context, and before they
// do they read the host's configuration, once a process; it may load this module again in the
// middle of our call. What is more, EVP hands keys to an ENGINE that the host has made its default,
// and one for PKCS#11 cannot do anything with keys of ours. Therefore everything here goes past EVP, to
// the functions of the default provider. Digests and the reading of keys and certificates read no
// configuration and meet no ENGINE, so they may be used in every call, C_Initialize included, under
// any lock. The verification of signatures may still make OpenSSL read it (its RSA and EC objects
// look for a default ENGINE), so no lock may be held over one.
#ifndef SIGNET_CRYPTO_CONTEXT_H_
#define SIGNET_CRYPTO_CONTEXT_H_

#include <openssl/ec.h>
#include <openssl/types.h>

#include <array>
#include <memory>
#include <string_view>

#include "common/bytes.h"
#include "crypto/algorithm_table.h"
#include "crypto/ck_result.h"
#include "crypto/library_context.h"

namespace signet::crypto {

// Thread-safe. Everything made from a context holds a shared_ptr to it.
class Context {
 public:
  // Errors: CKR_CRYPTOKI_NOT_INITIALIZED where openssl_is_gone(), CKR_GENERAL_ERROR where OpenSSL's
  // default provider cannot be used.
  static CkResult<std::shared_ptr<Context>> create();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  OSSL_LIB_CTX* get() const { return library_.get(); }

  // The default provider's functions for a hash (provider-digest(7)) and their first argument;
  // nullptr for none.
  const OSSL_DISPATCH* digest_functions(Hash hash) const;

  // Likewise for keys (provider-keymgmt(7)) and their signatures (provider-signature(7)).
  struct KeyFunctions {
    const OSSL_DISPATCH* management = nullptr;
    const OSSL_DISPATCH* signature = nullptr;
  };
  const KeyFunctions& key_functions(KeyType type) const;
  void* provider_state() const;

  // nullptr for Ed25519.
  const EC_GROUP* group(Curve curve) const;

 private:
  // What the provider has for one operation; valid as long as the provider is loaded.
  class Algorithms {
   public:
    void ask(OSSL_PROVIDER* provider, int operation);
    void release(OSSL_PROVIDER* provider) const;
    const OSSL_DISPATCH* functions(std::string_view name) const;  // nullptr where it has none

   private:
    int operation_ = 0;
    const OSSL_ALGORITHM* list_ = nullptr;  // up to an entry without names
  };

  Context() = default;
  bool find_digests();
  bool find_key_functions();
  bool make_groups();

  LibraryContext library_;
  Algorithms digests_;
  Algorithms managements_;
  Algorithms signatures_;
  std::array<const OSSL_DISPATCH*, kHashes.size()> digest_functions_{};  // by Hash
  std::array<KeyFunctions, kKeyTypes.size()> key_functions_;             // by KeyType
  std::array<EC_GROUP*, kCurves.size()> groups_{};                       // by Curve
};

// Fills `out` from the system's generator. CKR_RANDOM_NO_RNG where the system has none.
CkResult<void> random_bytes(std::span<std::uint8_t> out);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_CONTEXT_H_
