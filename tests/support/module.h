// The module as any program meets it: loaded from its file, used through its function list only.
#ifndef SIGNET_TESTS_SUPPORT_MODULE_H_
#define SIGNET_TESTS_SUPPORT_MODULE_H_

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"

namespace signet::tests {

// A PKCS#11 function answered something else than CKR_OK.
class CryptokiError : public std::runtime_error {
 public:
  CryptokiError(const std::string& function, CK_RV code);
  CK_RV code() const { return code_; }

 private:
  CK_RV code_;
};

// Throws CryptokiError for anything but CKR_OK.
void expect_ok(CK_RV rv, const char* function);

// Where the module is: $SIGNET_MODULE, or the file of this build.
std::string module_file();

// The module's file, loaded: dlopen to dlclose.
class LoadedModule {
 public:
  LoadedModule();
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;
  ~LoadedModule();

  CK_FUNCTION_LIST* operator->() const { return functions_; }

  // C_Initialize with OS locking.
  CK_RV initialize() const;

  // The slot of the token with this label; throws std::runtime_error where there is none.
  CK_SLOT_ID slot_of(std::string_view token_label) const;

 private:
  void* library_ = nullptr;
  CK_FUNCTION_LIST* functions_ = nullptr;
};

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
