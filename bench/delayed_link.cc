#include "bench/delayed_link.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace signet::bench {

namespace {

constexpr std::size_t kReadSize = 64UL * 1024;

void require_link(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("the delayed link: ") + what);
}

sockaddr_in on_loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

DelayedLink::DelayedLink(std::uint16_t upstream_port, double milliseconds)
    : upstream_port_(upstream_port),
      delay_(std::chrono::duration_cast<Clock::duration>(
          std::chrono::duration<double, std::milli>(milliseconds))) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  stop_ = eventfd(0, EFD_CLOEXEC);
  events_ = epoll_create1(EPOLL_CLOEXEC);
  sockaddr_in address = on_loopback(0);
  socklen_t size = sizeof address;
  require_link(bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                   listen(listener_, SOMAXCONN) == 0 &&
                   getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0,
               "cannot listen");
  port_ = ntohs(address.sin_port);
  for (const int file : {listener_, timer_, stop_}) watch(file);
  thread_ = std::thread([this] { run(); });
}

DelayedLink::~DelayedLink() {
  eventfd_write(stop_, 1);
  thread_.join();
  for (const auto& [socket, other] : other_end_) close(socket);
  for (const int file : {listener_, timer_, stop_, events_}) close(file);
}

void DelayedLink::watch(int file) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = file;
  require_link(epoll_ctl(events_, EPOLL_CTL_ADD, file, &event) == 0, "epoll_ctl");
}

void DelayedLink::run() {
  std::array<epoll_event, 128> ready{};
  for (;;) {
    const int count = epoll_wait(events_, ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int file = ready.at(static_cast<std::size_t>(i)).data.fd;
      if (file == stop_) return;
      if (file == listener_) {
        accept_one();
      } else if (file != timer_) {
        read(file);
      }
    }
    deliver();
    set_timer();
  }
}

void DelayedLink::accept_one() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int upstream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = on_loopback(upstream_port_);
  if (connect(upstream, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(client);
    close(upstream);
    return;
  }
  other_end_[client] = upstream;
  other_end_[upstream] = client;
  for (const int end : {client, upstream}) {
    const int yes = 1;
    setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    watch(end);
  }
}

void DelayedLink::read(int from) {
  const auto other = other_end_.find(from);
  if (other == other_end_.end()) return;
  std::array<char, kReadSize> buffer;
  const ssize_t count = recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  // An end, or a reset, which is passed on as an end.
  if (count <= 0) epoll_ctl(events_, EPOLL_CTL_DEL, from, nullptr);
  const auto size = static_cast<std::size_t>(count > 0 ? count : 0);
  packets_.push_back({Clock::now() + delay_, other->second, std::string(buffer.data(), size)});
}

void DelayedLink::deliver() {
  const auto now = Clock::now();
  for (; !packets_.empty() && packets_.front().due <= now; packets_.pop_front()) {
    deliver(packets_.front());
  }
}

// Blocks where the receiver takes no more: requests and answers are far smaller than its buffer.
void DelayedLink::deliver(const Packet& packet) {
  if (packet.bytes.empty()) {
    shutdown(packet.to, SHUT_WR);
    return;
  }
  for (std::size_t sent = 0; sent < packet.bytes.size();) {
    const ssize_t count =
        send(packet.to, packet.bytes.data() + sent, packet.bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) return;
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
}

void DelayedLink::set_timer() const {
  itimerspec when{};  // zero: no timer
  if (!packets_.empty()) {
    constexpr std::int64_t per_second = 1'000'000'000;
    const std::int64_t due = packets_.front().due.time_since_epoch().count();
    when.it_value.tv_sec = due / per_second;
    when.it_value.tv_nsec = due % per_second;
  }
  timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
}

}  // namespace signet::bench
