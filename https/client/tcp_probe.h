// Asks whether a host accepts TCP connections again, without anybody waiting for it: a connection
// attempt is started, and later calls look whether it came about.
#ifndef SIGNET_HTTPS_CLIENT_TCP_PROBE_H_
#define SIGNET_HTTPS_CLIENT_TCP_PROBE_H_

#include <string>

#include "common/clock.h"
#include "https/client/socket_table.h"

namespace signet::https {

// Not thread-safe. In a child after fork() it is not to be used; SocketTable closes its socket.
class TcpProbe {
 public:
  explicit TcpProbe(SocketTable& sockets) : sockets_(sockets) {}
  ~TcpProbe() { stop(); }
  TcpProbe(const TcpProbe&) = delete;
  TcpProbe& operator=(const TcpProbe&) = delete;

  enum class State { pending, connected, failed };

  // Starts an attempt where none is running, and says how it stands; never waits. An attempt older
  // than `patience` has failed. What is not pending is over: the next call starts again.
  State look(const std::string& address, const std::string& port, Milliseconds patience);

 private:
  bool start(const std::string& address, const std::string& port);
  State current(Milliseconds patience) const;
  void stop();

  SocketTable& sockets_;
  int descriptor_ = -1;
  SteadyTime began_{};
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_TCP_PROBE_H_
