// Pending calls that outlive their process (PKCS#11 3.2, C_AsyncGetID and C_AsyncJoin): one file for each in a folder that only
// their user can read.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_SAVED_CALLS_H_
#define SIGNET_PKCS11_MODULE_TOKEN_SAVED_CALLS_H_

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>

#include "common/clock.h"
#include "crypto/ck_result.h"
#include "pkcs11-module/token/saved_call.h"

namespace signet::token {

// Safe in several threads and processes at once.
class SavedCalls {
 public:
  // The longest that one is kept.
  static constexpr std::chrono::minutes kLongest{10};

  // The folder is made with the first call.
  explicit SavedCalls(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The id, once the call is on disk. CKR_STATE_UNSAVEABLE where it cannot be kept.
  CkResult<CK_ULONG> save(const SavedCall& call);

  // Nothing where there is no such call, none in good order, or its time is over.
  std::optional<SavedCall> find(CK_ULONG id) const;

  // Removes it; true for one of all who try.
  bool take(CK_ULONG id) const;

 private:
  std::filesystem::path file_of(CK_ULONG id) const;
  void tidy();

  const std::filesystem::path folder_;
  std::atomic<SteadyTime::rep> next_tidying_{0};
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_SAVED_CALLS_H_
