// A user of the module for one input: sessions, a login, and the objects he has seen.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_MODULE_USER_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_MODULE_USER_H_

#include <optional>
#include <vector>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"
#include "tests/fuzz/support/allowed_codes.h"
#include "tests/fuzz/support/input.h"
#include "tests/fuzz/support/require.h"

// A C_* call whose answer must be one that PKCS#11 allows for it.
#define SIGNET_CALL(function, ...) ::signet::fuzz::checked(#function, function(__VA_ARGS__))

namespace signet::fuzz {

class ModuleUser {
 public:
  ModuleUser(bool read_write, bool logged_in);

  // Ends as it began: no session, no session object, and the appliance's objects those of the setup.
  ~ModuleUser();
  ModuleUser(const ModuleUser&) = delete;
  ModuleUser& operator=(const ModuleUser&) = delete;

  CK_SESSION_HANDLE session() const { return session_; }

  // One of those seen, or a number that is no handle.
  CK_OBJECT_HANDLE object(Input& input) const;
  void saw(CK_OBJECT_HANDLE object) { objects_.push_back(object); }
  void find_all();

  // Nothing where the object does not show it.
  std::optional<Bytes> value(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  std::optional<CK_ULONG> number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  bool exists(CK_OBJECT_HANDLE object) const;

 private:
  CK_SESSION_HANDLE session_ = 0;
  std::vector<CK_OBJECT_HANDLE> objects_;
};

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_MODULE_USER_H_
