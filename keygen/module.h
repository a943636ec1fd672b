// A PKCS#11 module, loaded through p11-kit: Signet's own or any other.
#ifndef SIGNET_KEYGEN_MODULE_H_
#define SIGNET_KEYGEN_MODULE_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cryptoki/cryptoki.h"
#include "keygen/failure.h"
#include "keygen/uri.h"

namespace signet::keygen {

// Where Signet's own module lies: the environment variable SIGNET_MODULE, else the installed one
// ("../lib/pkcs11/" beside the folder of this program), else the one of this program's own build.
std::filesystem::path default_module();

struct TokenInfo {
  CK_SLOT_ID slot = 0;
  std::string label;
  std::string manufacturer;
  std::string model;
  std::string serial;
  CK_FLAGS flags = 0;  // CKF_LOGIN_REQUIRED, CKF_USER_PIN_LOCKED, …
  std::string uri;
  CK_TOKEN_INFO raw{};
};

// Initialised; finalised with the last owner.
class Module {
 public:
  static Outcome<std::shared_ptr<Module>> load(const std::filesystem::path& file);

  // The one that a URI names (module-path, module-name), else `file`; an empty `file`: the default.
  static Outcome<std::shared_ptr<Module>> load(const Uri& uri, const std::filesystem::path& file);

  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  // Initialised tokens only.
  Outcome<std::vector<TokenInfo>> tokens() const;

  // The one token that fits. not_found names the tokens that there are, ambiguous the ones that fit.
  Outcome<TokenInfo> token(const Uri& uri) const;

  Outcome<TokenInfo> token_in(CK_SLOT_ID slot) const;

  CK_FUNCTION_LIST& functions() const { return *functions_; }

 private:
  explicit Module(CK_FUNCTION_LIST* functions) : functions_(functions) {}
  static Outcome<std::shared_ptr<Module>> initialized(CK_FUNCTION_LIST* functions,
                                                      const std::string& name);

  CK_FUNCTION_LIST* functions_;
};

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_MODULE_H_
