// How many requests a second one client may make: a bucket of tokens for each.
#ifndef SIGNET_SEAL_SERVER_SERVER_RATE_LIMIT_H_
#define SIGNET_SEAL_SERVER_SERVER_RATE_LIMIT_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/mutex.h"

namespace signet::sealserver {

// Thread-safe.
class RateLimit {
 public:
  struct Options {
    double per_second = 200;
    double at_once = 400;  // that may come together after a pause
  };

  explicit RateLimit(Options options) : options_(options) {}

  // Counts one request of the client; false where it is one too many. `per_second`: its own limit, in place of the common
  // one; twice as many may come together then.
  bool allows(const std::string& client, std::optional<std::int64_t> per_second,
              std::chrono::steady_clock::time_point now) {
    const double rate = per_second ? static_cast<double>(*per_second) : options_.per_second;
    const double most = per_second ? 2 * rate : options_.at_once;
    const MutexLock lock(mutex_);
    const auto [found, is_new] = buckets_.try_emplace(client, Bucket{most, now});
    Bucket& bucket = found->second;
    const std::chrono::duration<double> since = now - bucket.filled;
    bucket = {std::min(most, bucket.tokens + since.count() * rate), now};
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

 private:
  struct Bucket {
    double tokens;
    std::chrono::steady_clock::time_point filled;
  };

  const Options options_;
  Mutex mutex_;
  std::map<std::string, Bucket> buckets_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_RATE_LIMIT_H_
