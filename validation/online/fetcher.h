// One request after the other to hosts that certificates name, within limits of time, size and number; with a cache.
#ifndef SIGNET_VALIDATION_ONLINE_FETCHER_H_
#define SIGNET_VALIDATION_ONLINE_FETCHER_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"
#include "common/result.h"
#include "https/client/socket_table.h"
#include "validation/online.h"

namespace signet::validation {

inline constexpr std::size_t kMostFetches = 100;
inline constexpr std::size_t kLargestSmallAnswer = std::size_t{1024} * 1024;  // bytes

class Fetcher {
 public:
  Fetcher(const OnlineOptions& options, const std::function<void(const Fetch&)>& progress)
      : options_(options),
        progress_(progress),
        deadline_(Deadline::after(std::chrono::duration_cast<Milliseconds>(options.all))) {}

  struct Wish {
    std::string url;
    Bytes body = {};                     // POST; empty: GET
    const char* content_type = nullptr;  // of the body
    std::size_t most = kLargestSmallAnswer;
  };

  // What came, whether from the cache or the network; `use` says whether it is what was wished for (an empty sentence), and
  // whether it may be kept. The same wish is not tried again. False: nothing that can be used came.
  struct Judgement {
    std::string problem;
    bool keep = false;
  };
  // `from_cache`: the content may be out of date.
  using Use = std::function<Judgement(Bytes content, bool from_cache)>;
  bool fetch(const Wish& wish, const Use& use);

  // Without asking anybody.
  void note(const std::string& url, std::uint64_t bytes, std::string problem);

  bool is_over() const {
    return fetches_.size() >= kMostFetches || deadline_.passed() || is_cancelled();
  }
  std::vector<Fetch> fetches() && { return std::move(fetches_); }

 private:
  bool is_cancelled() const { return options_.is_cancelled && options_.is_cancelled(); }
  Result<Bytes, std::string> ask(const Wish& wish);
  Result<Bytes, std::string> ask_host(const Wish& wish, const std::string& addresses);
  std::optional<Bytes> cached(const std::string& key, std::size_t most) const;
  void keep(const std::string& key, ByteView content) const;

  const OnlineOptions& options_;
  const std::function<void(const Fetch&)>& progress_;
  const Deadline deadline_;
  https::SocketTable sockets_;
  std::set<std::string> tried_;
  std::vector<Fetch> fetches_;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_ONLINE_FETCHER_H_
