// A module as any program uses it: through its function list only.
#ifndef SIGNET_TESTS_SUPPORT_MODULE_H_
#define SIGNET_TESTS_SUPPORT_MODULE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"
#include "tests/support/loaded_module.h"

namespace signet::tests {

// Loaded and initialised; C_Finalize before dlclose.
class Module : public LoadedModule {
 public:
  Module();
  ~Module();
};

// What to look for: every member given must match.
struct Wanted {
  CK_OBJECT_CLASS object_class = CKO_PRIVATE_KEY;
  std::optional<std::string> label;
  std::optional<Bytes> id;
};

enum class KeyKind { rsa_2048, rsa_3072, p256 };

// A read-write session. Used by one thread.
class Session {
 public:
  explicit Session(const LoadedModule& module, std::string_view token_label = "seal");
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  CK_RV try_login(std::string_view pin);

  // Throws unless this or another session of the process is logged in afterwards.
  void login(std::string_view pin);

  std::vector<CK_OBJECT_HANDLE> find(const Wanted& wanted);

  // Throws unless there is exactly one.
  CK_OBJECT_HANDLE find_one(const Wanted& wanted);

  Bytes attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

  // The private key.
  CK_OBJECT_HANDLE generate(KeyKind kind, const std::string& label, const Bytes& id);

  CK_OBJECT_HANDLE write_certificate(ByteView der, const std::string& label, const Bytes& id);

  // One C_SignInit and one C_Sign with a buffer of 512 bytes, large enough for every key here.
  Bytes sign(CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key, ByteView data);

  CK_SESSION_HANDLE handle() const { return handle_; }
  const LoadedModule& module() const { return module_; }

 private:
  const LoadedModule& module_;
  CK_SESSION_HANDLE handle_ = CK_INVALID_HANDLE;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_MODULE_H_
