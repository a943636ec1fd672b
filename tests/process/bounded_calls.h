// Calls of this process to the module, each held to its limit in time, and all of them together to a limit in memory.
#ifndef SIGNET_TESTS_PROCESS_BOUNDED_CALLS_H_
#define SIGNET_TESTS_PROCESS_BOUNDED_CALLS_H_

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "cryptoki/cryptoki.h"
#include "tests/support/client_config.h"

namespace signet::tests {

// Begin after the module is loaded and before it has read anything: its own size does not count.
class BoundedCalls {
 public:
  // `limit` of one call, as configured; a call may take one second more.
  explicit BoundedCalls(std::chrono::milliseconds limit);

  // Fails the test where the process was ever larger by more than 128 MiB.
  ~BoundedCalls();
  BoundedCalls(const BoundedCalls&) = delete;
  BoundedCalls& operator=(const BoundedCalls&) = delete;

  // The code of the call, which has failed the test where it took too long.
  CK_RV run(const std::string& name, const std::function<CK_RV()>& call) const;

 private:
  const std::chrono::milliseconds limit_;
  const std::size_t before_;  // KiB
};

// A configuration of the token "seal" behind one member, which the module that is loaded next reads.
struct BoundedToken {
  std::string dialect = "native";
  std::chrono::milliseconds call;  // limit of a call
  std::string limits = {};         // further lines of [token.limits]
  std::string tables = {};         // further tables: "[token.csc]\n…"
};
// The file, the cache and the log, "log", are in `folder`.
void configure(const std::filesystem::path& folder, const BoundedToken& token,
               const Member& member);

// Whether a log has nothing that could move a cursor.
bool is_clean_log(const std::filesystem::path& log);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_BOUNDED_CALLS_H_
