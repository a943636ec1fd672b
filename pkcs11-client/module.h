// A PKCS#11 module, loaded through p11-kit: Signet's own or any other.
#ifndef SIGNET_PKCS11_CLIENT_MODULE_H_
#define SIGNET_PKCS11_CLIENT_MODULE_H_

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/secret.h"
#include "cryptoki/cryptoki.h"
#include "pkcs11-client/error.h"
#include "pkcs11-client/uri.h"

struct signet_vendor_functions;

namespace signet::pkcs11 {

// Where Signet's own module lies: the environment variable SIGNET_MODULE, else the installed one
// ("../lib/pkcs11/" beside the folder of this program), else the one of this program's own build.
std::filesystem::path default_module();

struct TokenInfo : TokenName {
  CK_SLOT_ID slot = 0;
  CK_FLAGS flags = 0;  // CKF_LOGIN_REQUIRED, CKF_USER_PIN_LOCKED, …
  std::string uri;
};

// Initialised.
class Module {
 public:
  enum class Lifetime {
    // For programs of ours. Finalised with the last owner: p11-kit counts all its users in the process.
    owner,
    // For code inside a program that is not ours and may use the module without p11-kit. Initialised where nobody has
    // done so (again in the child of a fork), never finalised.
    process,
  };

  // Lifetime::process: not_supported where the file is the one that this very code is in.
  static TokenResult<std::shared_ptr<Module>> load(const std::filesystem::path& file,
                                                   Lifetime lifetime = Lifetime::owner);

  // The one that a URI names (module-path, module-name), else `file`; an empty `file`: the default.
  static TokenResult<std::shared_ptr<Module>> load(const Uri& uri,
                                                   const std::filesystem::path& file);

  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  // Initialised tokens only.
  TokenResult<std::vector<TokenInfo>> tokens() const;

  // The one token that fits. not_found names the tokens that there are, ambiguous the ones that fit.
  TokenResult<TokenInfo> token(const Uri& uri) const;

  TokenResult<TokenInfo> token_in(CK_SLOT_ID slot) const;

  // Signet's own, or another maker's.
  bool is_signet() const;

  // In the first slot whose token is not initialised. Of the label 32 bytes count.
  TokenResult<TokenInfo> create_token(std::string_view label, const Secret& so_pin,
                                      const Secret& user_pin) const;

  CK_FUNCTION_LIST& functions() const { return *functions_; }

  // Beside PKCS#11, of Signet's own module; null for others. Its version says which functions there are.
  const signet_vendor_functions* vendor() const { return vendor_; }

 private:
  Module(CK_FUNCTION_LIST* functions, Lifetime lifetime);
  static TokenResult<std::shared_ptr<Module>> initialized(CK_FUNCTION_LIST* functions,
                                                          const std::string& name,
                                                          Lifetime lifetime);
  TokenResult<std::vector<CK_SLOT_ID>> slots() const;

  CK_FUNCTION_LIST* const functions_;
  const Lifetime lifetime_;
  const signet_vendor_functions* vendor_ = nullptr;
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_MODULE_H_
