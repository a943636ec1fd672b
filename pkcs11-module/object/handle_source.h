// Object handles.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_HANDLE_SOURCE_H_
#define SIGNET_PKCS11_MODULE_OBJECT_HANDLE_SOURCE_H_

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "common/cryptoki.h"

namespace signet::object {

// Gives handles that look random and are never used again in this run, and the same handle to the
// same appliance object (class and appliance id) for as long as the run lasts. Thread-safe. Never
// CK_INVALID_HANDLE; below 2^48, so that languages whose numbers are doubles keep them whole.
class HandleSource {
 public:
  HandleSource();

  CK_OBJECT_HANDLE fresh();
  CK_OBJECT_HANDLE of(CK_OBJECT_CLASS object_class, const std::string& appliance_id);

 private:
  CK_OBJECT_HANDLE next();  // with the lock held

  std::mutex mutex_;
  std::array<std::uint64_t, 4> keys_;  // of the permutation that turns the counter into handles
  std::uint64_t counter_ = 0;
  std::map<CK_OBJECT_CLASS, std::unordered_map<std::string, CK_OBJECT_HANDLE>> known_;
};

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_HANDLE_SOURCE_H_
