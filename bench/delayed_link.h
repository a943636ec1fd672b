// A link with a delay: passes TCP connections on, each byte later by the same time.
#ifndef SIGNET_BENCH_DELAYED_LINK_H_
#define SIGNET_BENCH_DELAYED_LINK_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>
#include <unordered_map>

namespace signet::bench {

// Takes as little of the processor as it can, and delays to the tenth of a millisecond: what it
// adds beside its delay is measured as if it were the module's. Throws where it cannot listen.
class DelayedLink {
 public:
  // Listens on a free port of 127.0.0.1. `milliseconds`: each way.
  DelayedLink(std::uint16_t upstream_port, double milliseconds);
  DelayedLink(const DelayedLink&) = delete;
  DelayedLink& operator=(const DelayedLink&) = delete;
  ~DelayedLink();

  std::uint16_t port() const { return port_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Packet {
    Clock::time_point due;
    int to;
    std::string bytes;  // empty: the other side has ended
  };

  void run();
  void accept_one();
  void read(int from);
  void deliver();
  void deliver(const Packet& packet);
  void set_timer() const;
  void watch(int socket) const;

  const std::uint16_t upstream_port_;
  const Clock::duration delay_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int timer_ = -1;
  int stop_ = -1;
  int events_ = -1;
  std::unordered_map<int, int> other_end_;  // the socket that a socket's bytes go to
  std::deque<Packet> packets_;              // of all connections: all are due in their order
  std::thread thread_;
};

}  // namespace signet::bench

#endif  // SIGNET_BENCH_DELAYED_LINK_H_
