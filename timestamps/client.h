// Gets time-stamps (RFC 3161, 3.4) from the first of several authorities that gives a good one.
#ifndef SIGNET_TIMESTAMPS_CLIENT_H_
#define SIGNET_TIMESTAMPS_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "common/task.h"
#include "crypto/context.h"
#include "https/client/socket_table.h"
#include "timestamps/authority.h"
#include "timestamps/key_service.h"
#include "timestamps/miss.h"
#include "timestamps/token.h"

namespace signet::timestamps {

class Desk;

// A token that passed every check.
struct Stamp {
  TimeStampToken token;
  std::string authority;  // name_of() the one that gave it
};

struct StampError {
  std::string sentence;      // of all of them
  std::vector<Miss> misses;  // in the order of asking
};

using StampResult = Result<Stamp, StampError>;

struct ClientOptions {
  std::string user_agent;
  unsigned connections = 16;       // to each authority, at most
  bool may_create_threads = true;  // false: a host name is looked up in the calling thread
  Milliseconds rest{30'000};  // of an authority that was unreachable; the longest one of any other
};

// What was done with one authority since the client was made.
struct AuthorityStatistics {
  std::string authority;
  std::uint64_t requests = 0;  // sent, whatever became of them
  std::uint64_t stamps = 0;    // good ones
  std::uint64_t misses = 0;
  std::uint64_t connections = 0;
  std::uint64_t bytes_sent = 0;  // of HTTP, without TLS
  std::uint64_t bytes_received = 0;
  std::size_t largest_token = 0;  // bytes; for who has to leave room for the next one
};

// Thread-safe; outlives its tasks. Connections are kept open for 30 s. A stamp is one request to one authority. Further
// requests follow an answer that was no good (to the next authority), a kept-open connection that turns out to be dead
// (again), and HTTP 429 or 503 whose Retry-After ends within the authority's limit (again, twice at most). An
// authority whose Retry-After is longer is left alone until then. One that fails rests, which means that all others are asked
// before it: for ClientOptions::rest after it was unreachable, and after any other failure from the second in a row on, for a
// second first and then for twice as long each time.
class Client {
 public:
  Client(std::vector<Authority> authorities, std::shared_ptr<crypto::Context> context,
         ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // `imprint`: a digest of that hash. Ends by the deadline. `service`: asked where an authority's URL is kKeyServiceUrl; it
  // blocks the thread that steps the task.
  Task<StampResult> start_stamp(crypto::Hash hash, Bytes imprint, Deadline deadline,
                                KeyService service = {});
  StampResult stamp(crypto::Hash hash, ByteView imprint, Deadline deadline,
                    const KeyService& service = {});

  // For whoever pays for what is to be time-stamped: whether a time-stamp can be expected. Asks nobody, unless each authority
  // failed when it was asked last; then they are asked for one of random bytes, but not while all of them rest.
  Result<void, StampError> check_ready(crypto::Hash hash, Deadline deadline,
                                       const KeyService& service = {});

  // In the configured order.
  std::vector<AuthorityStatistics> statistics() const;

 private:
  https::SocketTable sockets_;                // of all connections, which it outlives
  std::vector<std::unique_ptr<Desk>> desks_;  // one per authority
};

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_CLIENT_H_
