#include "tests/lab/proxy_link.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace signet::tests {
namespace {

constexpr std::size_t kMostQueued = 256UL * 1024;
constexpr std::size_t kReadSize = 16UL * 1024;

SteadyTime link_now() {
  return std::chrono::steady_clock::now();
}

void prepare(int socket) {
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

void close_with_reset(int socket) {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(socket);
}

Link::Link(int client, int upstream) : last_traffic_(link_now()) {
  prepare(client);
  prepare(upstream);
  up_.from = down_.to = client;
  up_.to = down_.from = upstream;
}

Link::~Link() {
  close_both();
}

void Link::close_both() {
  if (up_.from >= 0) close(up_.from);
  if (up_.to >= 0) close(up_.to);
  up_.from = up_.to = down_.from = down_.to = -1;
}

void Link::forget() {
  if (forgotten_ || up_.to < 0) return;
  forgotten_ = true;
  close(up_.to);
  up_.to = down_.from = -1;
  down_.packets.clear();
}

void Link::reset() {
  if (up_.from >= 0) close_with_reset(std::exchange(up_.from, -1));
  if (up_.to >= 0) close_with_reset(std::exchange(up_.to, -1));
  close_both();
}

// Bytes that may go now.
std::size_t Link::sendable(const Flow& flow, const Conditions& conditions) const {
  if (flow.packets.empty() || flow.packets.front().due > link_now() || flow.next_send > link_now())
    return 0;
  const std::size_t ready = flow.packets.front().bytes.size();
  const bool dripping = &flow == &down_ && conditions.drip.count() > 0;
  if (dripping) return 1;
  // A limited line takes ten portions a second.
  if (conditions.bytes_per_second == 0) return ready;
  return std::min(ready, std::max<std::size_t>(conditions.bytes_per_second / 10, 1));
}

bool Link::read(Flow& flow, const Conditions& conditions) {
  while (!flow.source_ended && flow.size < kMostQueued) {
    std::string bytes(kReadSize, '\0');
    const ssize_t count = recv(flow.from, bytes.data(), bytes.size(), 0);
    if (count < 0) return would_block();
    if (count == 0) {
      flow.source_ended = true;
      break;
    }
    bytes.resize(static_cast<std::size_t>(count));
    last_traffic_ = link_now();
    flow.size += bytes.size();
    flow.packets.push_back({last_traffic_ + conditions.latency, std::move(bytes)});
  }
  return true;
}

bool Link::write(Flow& flow, const Conditions& conditions) {
  flow.blocked = false;
  while (std::size_t size = sendable(flow, conditions)) {
    const bool limited = &flow == &down_ && allowance_.has_value();
    if (limited) size = std::min(size, *allowance_);
    if (limited && size == 0) {
      close_both();
      return false;
    }
    Packet& packet = flow.packets.front();
    const ssize_t count = send(flow.to, packet.bytes.data(), size, MSG_NOSIGNAL);
    if (count < 0) {
      flow.blocked = would_block();
      return flow.blocked;
    }
    const auto sent = static_cast<std::size_t>(count);
    if (limited) *allowance_ -= sent;
    flow.size -= sent;
    packet.bytes.erase(0, sent);
    if (packet.bytes.empty()) flow.packets.pop_front();
    if (&flow == &down_ && conditions.drip.count() > 0)
      flow.next_send = link_now() + conditions.drip;
    if (conditions.bytes_per_second > 0) {
      flow.next_send = link_now() + Milliseconds(1000 * sent / conditions.bytes_per_second);
    }
  }
  if (flow.source_ended && flow.packets.empty() && !flow.ended) {
    flow.ended = true;
    shutdown(flow.to, SHUT_WR);
  }
  return true;
}

// Whether the client still holds a forgotten connection.
bool Link::discard() const {
  std::array<char, kReadSize> sink{};
  for (;;) {
    const ssize_t count = recv(up_.from, sink.data(), sink.size(), 0);
    if (count == 0) return false;
    if (count < 0) return would_block();
  }
}

void Link::watch(std::vector<pollfd>& sockets, Milliseconds& longest,
                 const Conditions& conditions) {
  if (paused(conditions)) return;  // poll() would report a hang-up without end
  if (forgotten_) {
    sockets.push_back({up_.from, POLLIN, 0});
    return;
  }
  for (const Flow* flow : {&up_, &down_}) {
    if (!flow->source_ended && flow->size < kMostQueued) sockets.push_back({flow->from, POLLIN, 0});
    if (flow->blocked) sockets.push_back({flow->to, POLLOUT, 0});
    if (flow->packets.empty() || flow->blocked) continue;
    const SteadyTime due = std::max(flow->packets.front().due, flow->next_send);
    const auto left = std::chrono::ceil<Milliseconds>(due - link_now());
    longest = std::clamp(left, Milliseconds(0), longest);
  }
}

bool Link::work(const Conditions& conditions) {
  if (up_.from < 0) return false;
  if (paused(conditions)) return true;
  if (forgotten_) return discard();
  if (conditions.forget_after && link_now() - last_traffic_ > *conditions.forget_after) {
    forget();
    return true;
  }
  for (Flow* flow : {&up_, &down_}) {
    if (!read(*flow, conditions) || !write(*flow, conditions)) {
      reset();
      return false;
    }
  }
  return !up_.ended || !down_.ended;
}

}  // namespace signet::tests
