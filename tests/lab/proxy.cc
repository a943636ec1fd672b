#include "tests/lab/proxy.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "tests/support/loopback.h"

namespace signet::tests {
namespace {

constexpr Milliseconds kLongestWait{20};
constexpr int kMostPlugs = 16;
constexpr int kPlugMilliseconds = 30;  // a loopback connect that takes longer is not answered

void require(bool went_well, const char* what) {
  if (!went_well) throw std::runtime_error(std::string("proxy: ") + what);
}

std::uint16_t own_port(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  require(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  return ntohs(address.sin_port);
}

int connect_to(std::uint16_t port, int flags) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  const sockaddr_in address = local_address(port);
  if (connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EINPROGRESS) {
    return made;
  }
  close(made);
  return -1;
}

}  // namespace

Proxy::Proxy(std::uint16_t upstream_port) : upstream_port_(upstream_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  wakeup_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const sockaddr_in address = local_address(0);
  require(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
          "bind");
  require(listen(listener_, SOMAXCONN) == 0, "listen");
  port_ = own_port(listener_);
  thread_ = std::thread([this] { run(); });
}

Proxy::~Proxy() {
  stopping_ = true;
  wake();
  thread_.join();
  for (const int plug : plugs_) close(plug);
  close(listener_);
  close(wakeup_);
}

void Proxy::wake() const {
  eventfd_write(wakeup_, 1);
}

void Proxy::set(const Conditions& conditions) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = conditions;
    changed_ = true;
  }
  wake();
}

void Proxy::forget_connections() {
  {
    const std::lock_guard lock(mutex_);
    forget_ = true;
  }
  wake();
}

// The listening socket accepts no connection and its queue is full: then Linux drops a SYN unheard,
// and the client's connect() hangs as it does with a host that is off.
void Proxy::dig_hole() {
  require(listen(listener_, 0) == 0, "listen");
  for (int i = 0; i < kMostPlugs; ++i) {
    const int plug = connect_to(port_, SOCK_NONBLOCK);
    if (plug < 0) return;
    plugs_.push_back(plug);
    plug_ports_.insert(own_port(plug));
    pollfd writable = {plug, POLLOUT, 0};
    if (poll(&writable, 1, kPlugMilliseconds) == 0) return;
  }
  require(false, "connects are still answered");
}

void Proxy::fill_hole() {
  for (const int plug : plugs_) close(plug);
  plugs_.clear();
  require(listen(listener_, SOMAXCONN) == 0, "listen");
}

void Proxy::apply() {
  bool forget = false;
  {
    const std::lock_guard lock(mutex_);
    std::swap(forget, forget_);
    if (changed_) {
      using Path = Conditions::Path;
      const bool was_hole = conditions_.path == Path::black_hole;
      const bool is_hole = wanted_.path == Path::black_hole;
      conditions_ = wanted_;
      if (is_hole && !was_hole) dig_hole();
      if (was_hole && !is_hole) fill_hole();
      for (const auto& link : links_) link->begin(conditions_);
    }
    changed_ = false;
  }
  if (forget) {
    for (const auto& link : links_) link->forget();
  }
  if (conditions_.path == Conditions::Path::reset) {
    for (const auto& link : links_) link->reset();
  }
}

void Proxy::accept_one() {
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  const int client =
      accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (client < 0) return;
  if (plug_ports_.erase(ntohs(peer.sin_port)) > 0) {
    close(client);
    return;
  }
  ++accepted_;
  const bool passing = conditions_.path != Conditions::Path::reset;
  const int upstream = passing ? connect_to(upstream_port_, 0) : -1;
  if (upstream < 0) {
    close_with_reset(client);
    return;
  }
  links_.push_back(std::make_unique<Link>(client, upstream));
  links_.back()->begin(conditions_);
}

void Proxy::wait(Milliseconds longest) {
  std::vector<pollfd> sockets = {{wakeup_, POLLIN, 0}};
  if (conditions_.path != Conditions::Path::black_hole) sockets.push_back({listener_, POLLIN, 0});
  for (const auto& link : links_) link->watch(sockets, longest, conditions_);
  poll(sockets.data(), sockets.size(), static_cast<int>(longest.count()));
  eventfd_t count = 0;
  eventfd_read(wakeup_, &count);
}

void Proxy::run() {
  while (!stopping_) {
    wait(kLongestWait);
    apply();
    if (conditions_.path != Conditions::Path::black_hole) accept_one();
    std::erase_if(links_, [&](const auto& link) { return !link->work(conditions_); });
  }
  links_.clear();
}

}  // namespace signet::tests
