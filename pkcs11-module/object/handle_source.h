// Object handles.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_HANDLE_SOURCE_H_
#define SIGNET_PKCS11_MODULE_OBJECT_HANDLE_SOURCE_H_

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "common/mutex.h"
#include "cryptoki/cryptoki.h"

namespace signet::object {

// Gives handles that look random and are never used again in this run, and the same handle to the
// same appliance object (class and appliance id) for as long as it is there. Thread-safe. Never
// CK_INVALID_HANDLE; below 2^48, so that languages whose numbers are doubles keep them whole.
class HandleSource {
 public:
  HandleSource();

  CK_OBJECT_HANDLE fresh();
  CK_OBJECT_HANDLE of(CK_OBJECT_CLASS object_class, const std::string& appliance_id);

  // Objects that are not there keep their handles for a while (a member that lags behind may lack one
  // for a moment), but a program that makes and destroys keys for months must not grow with each: of
  // more than kMostGone beyond `there`, none is remembered. An object that comes back then has another.
  static constexpr std::size_t kMostGone = 512;
  void forget_gone(const std::set<std::string_view>& there);

  std::size_t remembered() const;

 private:
  CK_OBJECT_HANDLE next() SIGNET_REQUIRES(mutex_);
  std::size_t remembered_locked() const SIGNET_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::array<std::uint64_t, 4> keys_;  // of the permutation that turns the counter into handles
  std::uint64_t counter_ SIGNET_GUARDED_BY(mutex_) = 0;
  // Ordered by id, not hashed: the ids are a stranger's, who could choose them to have the same hash.
  std::map<CK_OBJECT_CLASS, std::map<std::string, CK_OBJECT_HANDLE>> known_
      SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_HANDLE_SOURCE_H_
