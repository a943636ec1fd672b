// One connection through a Proxy: two sockets, and the bytes on their way between them.
#ifndef SIGNET_TESTS_LAB_PROXY_LINK_H_
#define SIGNET_TESTS_LAB_PROXY_LINK_H_

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"

namespace signet::tests {

// What a network does to connections. The default is a good one.
struct Conditions {
  enum class Path {
    open,
    stalled,     // connections are accepted, but nothing is read and nothing passed on
    black_hole,  // stalled, and nobody answers a TCP connect: a host without power
    reset,       // every connection, old and new, is reset
  };
  Path path = Path::open;
  Milliseconds latency{0};                 // each way
  std::size_t bytes_per_second = 0;        // each way of each connection; 0: no limit
  Milliseconds drip{0};                    // to the client a byte at a time, so far apart; 0: no
  std::optional<std::size_t> cut_after{};  // connections end after so many more bytes to the client
  std::optional<Milliseconds>
      forget_after{};  // as a firewall does with connections idle for longer
};

// The peer gets a TCP reset.
void close_with_reset(int socket);

class Link {
 public:
  // Takes the ownership of both sockets, which are made non-blocking.
  Link(int client, int upstream);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();

  // The conditions were changed: counting for cut_after starts again.
  void begin(const Conditions& conditions) { allowance_ = conditions.cut_after; }

  // From now on bytes from the client vanish, and the appliance's side is gone.
  void forget();

  // Both sides are reset.
  void reset();

  // Adds what to wait for; shortens `longest` where bytes fall due earlier.
  void watch(std::vector<pollfd>& sockets, Milliseconds& longest, const Conditions& conditions);

  // Reads and passes on what can be, without waiting. False once the connection is over.
  bool work(const Conditions& conditions);

 private:
  struct Packet {
    SteadyTime due;
    std::string bytes;
  };
  // One direction.
  struct Flow {
    int from = -1;
    int to = -1;
    std::deque<Packet> packets;
    std::size_t size = 0;  // of all packets
    SteadyTime next_send{};
    bool source_ended = false;
    bool ended = false;    // and the target was told
    bool blocked = false;  // the target takes no more at the moment
  };

  bool paused(const Conditions& conditions) const {
    return conditions.path == Conditions::Path::stalled ||
           conditions.path == Conditions::Path::black_hole;
  }
  bool read(Flow& flow, const Conditions& conditions);
  bool write(Flow& flow, const Conditions& conditions);
  bool discard() const;
  std::size_t sendable(const Flow& flow, const Conditions& conditions) const;
  void close_both();

  Flow up_;                               // to the appliance
  Flow down_;                             // to the client
  std::optional<std::size_t> allowance_;  // bytes that may still go to the client
  SteadyTime last_traffic_;
  bool forgotten_ = false;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_LAB_PROXY_LINK_H_
