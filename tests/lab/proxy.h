// A TCP proxy inside the test process: the network between the module and one member. Its troubles
// can be changed at any moment, for connections that are open and for those to come.
#ifndef SIGNET_TESTS_LAB_PROXY_H_
#define SIGNET_TESTS_LAB_PROXY_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "tests/lab/proxy_link.h"

namespace signet::tests {

class Proxy {
 public:
  // Listens on a free port of 127.0.0.1; each connection is passed on to `upstream_port` there.
  explicit Proxy(std::uint16_t upstream_port);
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;
  ~Proxy();

  std::uint16_t port() const { return port_; }

  // From now on. Lifting a stall or a black hole delivers what waited meanwhile, as TCP does.
  void set(const Conditions& conditions);
  void heal() { set({}); }

  // What is open now has lost its other end without being told: what is sent there vanishes.
  void forget_connections();

  // TCP connections accepted so far.
  std::size_t connections() const { return accepted_; }

 private:
  void run();
  void apply();
  void dig_hole();
  void fill_hole();
  void accept_one();
  void wait(std::chrono::milliseconds longest);
  void wake() const;

  int listener_ = -1;
  int wakeup_ = -1;  // an eventfd
  std::uint16_t port_ = 0;
  const std::uint16_t upstream_port_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> accepted_ = 0;

  std::mutex mutex_;  // guards the next three
  Conditions wanted_;
  bool changed_ = false;
  bool forget_ = false;

  // Touched by the thread alone.
  Conditions conditions_;
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<int> plugs_;              // connections of our own that keep the accept queue full
  std::set<std::uint16_t> plug_ports_;  // to know them when they are accepted later

  std::thread thread_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_LAB_PROXY_H_
