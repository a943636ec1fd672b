#include "https/client/tcp_probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

namespace signet::https {

bool TcpProbe::start(const std::string& address, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;  // no lookup, so nothing to wait for
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), port.c_str(), &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  descriptor_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return false;
  if (!sockets_.add(descriptor_)) {
    ::close(std::exchange(descriptor_, -1));
    return false;
  }
  began_ = std::chrono::steady_clock::now();
  return ::connect(descriptor_, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS;
}

TcpProbe::State TcpProbe::current(Milliseconds patience) const {
  if (!sockets_.has(descriptor_)) return State::failed;
  pollfd wanted{.fd = descriptor_, .events = POLLOUT, .revents = 0};
  if (::poll(&wanted, 1, 0) != 1) {  // an error of poll says nothing of the host
    const bool over = std::chrono::steady_clock::now() - began_ > patience;
    return over ? State::failed : State::pending;
  }
  int error = 0;
  socklen_t size = sizeof error;
  const bool known = getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) == 0;
  return known && error == 0 ? State::connected : State::failed;
}

TcpProbe::State TcpProbe::look(const std::string& address, const std::string& port,
                               Milliseconds patience) {
  if (descriptor_ < 0 && !start(address, port)) {
    stop();
    return State::failed;
  }
  const State state = current(patience);
  if (state != State::pending) stop();
  return state;
}

void TcpProbe::stop() {
  if (descriptor_ < 0) return;
  const int descriptor = std::exchange(descriptor_, -1);
  if (sockets_.remove(descriptor)) ::close(descriptor);
}

}  // namespace signet::https
