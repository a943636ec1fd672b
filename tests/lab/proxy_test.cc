// The proxy breaks a network as it says it does.
#include "tests/lab/proxy.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "tests/support/loopback.h"

namespace signet::tests {
namespace {

using Path = Conditions::Path;

constexpr Milliseconds kMoment{200};
constexpr Milliseconds kLong{5'000};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

// Sends back what it gets, on as many connections as come.
class EchoServer {
 public:
  EchoServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    port_ = bind_to_free_port(listener_);
    EXPECT_EQ(listen(listener_, SOMAXCONN), 0);
    thread_ = std::thread([this] { serve(); });
  }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  ~EchoServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::uint16_t port() const { return port_; }

 private:
  static void echo(int connection) {
    std::array<char, 4096> buffer{};
    ssize_t count = 0;
    while ((count = recv(connection, buffer.data(), buffer.size(), 0)) > 0) {
      send(connection, buffer.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL);
    }
    close(connection);
  }

  void serve() const {
    std::vector<std::thread> connections;
    for (;;) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) break;
      connections.emplace_back([connection] { echo(connection); });
    }
    for (auto& connection : connections) connection.join();
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class Client {
 public:
  // Gives up connecting after `longest`.
  explicit Client(const Proxy& proxy, Milliseconds longest = kLong)
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    patience(longest);
    const sockaddr_in address = local_address(proxy.port());
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { close(socket_); }

  bool connected() const { return connected_; }

  // For connecting, sending and each read.
  void patience(Milliseconds span) const {
    const timeval limit = {.tv_sec = span.count() / 1000, .tv_usec = span.count() % 1000 * 1000};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }

  void say(const std::string& text) const {
    EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // What comes, up to `size` bytes; less where the connection ends or patience does.
  std::string hear(std::size_t size) {
    std::string heard(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t count = recv(socket_, heard.data() + have, size - have, 0);
      error_ = count < 0 ? errno : 0;
      if (count <= 0) break;
      have += static_cast<std::size_t>(count);
    }
    heard.resize(have);
    return heard;
  }

  // Why the last hear() came back early: 0 for an end of the connection.
  int error() const { return error_; }

 private:
  int socket_;
  int error_ = 0;
  bool connected_ = false;
};

class ProxyTest : public testing::Test {
 protected:
  EchoServer server_;
  Proxy proxy_{server_.port()};
};

TEST_F(ProxyTest, PassesBytesOnBothWaysAndCountsConnections) {
  Client one(proxy_);
  Client other(proxy_);
  one.say("hello");
  EXPECT_EQ(one.hear(5), "hello");
  other.say(std::string(300'000, 'x'));
  EXPECT_EQ(other.hear(300'000).size(), 300'000U);
  EXPECT_EQ(proxy_.connections(), 2U);
}

TEST_F(ProxyTest, LatencyDelaysEachWay) {
  proxy_.set({.latency = Milliseconds(100)});
  Client client(proxy_);
  const auto began = now();
  client.say("hello");
  EXPECT_EQ(client.hear(5), "hello");
  EXPECT_GE(now() - began, Milliseconds(200));
}

TEST_F(ProxyTest, BandwidthLimitsBytesASecond) {
  proxy_.set({.bytes_per_second = 10'000});
  Client client(proxy_);
  const auto began = now();
  client.say(std::string(5'000, 'x'));
  EXPECT_EQ(client.hear(5'000).size(), 5'000U);
  EXPECT_GE(now() - began, Milliseconds(400));
}

TEST_F(ProxyTest, DripComesAByteAtATime) {
  proxy_.set({.drip = Milliseconds(20)});
  Client client(proxy_);
  const auto began = now();
  client.say(std::string(10, 'x'));
  EXPECT_EQ(client.hear(10).size(), 10U);
  EXPECT_GE(now() - began, Milliseconds(180));
}

TEST_F(ProxyTest, AStallAcceptsAndAnswersNothingUntilItIsLifted) {
  proxy_.set({.path = Path::stalled});
  Client client(proxy_);
  EXPECT_TRUE(client.connected());
  client.say("hello");
  client.patience(kMoment);
  EXPECT_EQ(client.hear(5), "");
  EXPECT_EQ(client.error(), EAGAIN);
  proxy_.heal();
  client.patience(kLong);
  EXPECT_EQ(client.hear(5), "hello");
}

TEST_F(ProxyTest, ABlackHoleAnswersNoConnectAndNoConnection) {
  Client old(proxy_);
  old.say("before");
  EXPECT_EQ(old.hear(6), "before");
  proxy_.set({.path = Path::black_hole});
  std::this_thread::sleep_for(kMoment);
  EXPECT_FALSE(Client(proxy_, kMoment).connected());
  old.say("hello");
  old.patience(kMoment);
  EXPECT_EQ(old.hear(5), "");
  EXPECT_EQ(old.error(), EAGAIN);

  proxy_.heal();
  old.patience(kLong);
  EXPECT_EQ(old.hear(5), "hello");
  Client fresh(proxy_);
  fresh.say("after");
  EXPECT_EQ(fresh.hear(5), "after");
  EXPECT_EQ(proxy_.connections(), 2U);
}

TEST_F(ProxyTest, ResetMeetsOldAndNewConnections) {
  Client old(proxy_);
  old.say("before");
  EXPECT_EQ(old.hear(6), "before");
  proxy_.set({.path = Path::reset});
  EXPECT_EQ(old.hear(1), "");
  EXPECT_EQ(old.error(), ECONNRESET);
  Client fresh(proxy_);
  EXPECT_EQ(fresh.hear(1), "");
  EXPECT_EQ(fresh.error(), ECONNRESET);
}

TEST_F(ProxyTest, CutEndsAConnectionAtTheByte) {
  proxy_.set({.cut_after = 3});
  Client client(proxy_);
  client.say("hello");
  EXPECT_EQ(client.hear(5), "hel");
  EXPECT_NE(client.error(), EAGAIN);
}

TEST_F(ProxyTest, AForgottenConnectionIsSilentAndANewOneWorks) {
  Client old(proxy_);
  old.say("before");
  EXPECT_EQ(old.hear(6), "before");
  proxy_.forget_connections();
  std::this_thread::sleep_for(kMoment);
  old.say("hello");
  old.patience(kMoment);
  EXPECT_EQ(old.hear(5), "");
  EXPECT_EQ(old.error(), EAGAIN);
  Client fresh(proxy_);
  fresh.say("after");
  EXPECT_EQ(fresh.hear(5), "after");
}

TEST_F(ProxyTest, AFirewallForgetsWhatIsIdleForTooLong) {
  proxy_.set({.forget_after = kMoment});
  Client idle(proxy_);
  idle.say("before");
  EXPECT_EQ(idle.hear(6), "before");
  std::this_thread::sleep_for(2 * kMoment);
  idle.say("hello");
  idle.patience(kMoment);
  EXPECT_EQ(idle.hear(5), "");
  EXPECT_EQ(idle.error(), EAGAIN);
}

}  // namespace
}  // namespace signet::tests
