// A proxy is asked where one is named, and only then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include "common/descriptor.h"
#include "https/client/connection.h"
#include "https/testing/tls_test_server.h"

namespace signet::https {
namespace {

using namespace std::chrono_literals;
using Kind = Fault::Kind;
using testing::HasSubstr;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A proxy for one connection: whatever host is named, it leads to one port of this machine.
class Tunnel {
 public:
  explicit Tunnel(std::uint16_t to) : to_(to), listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const sockaddr_in any = loopback(0);
    socklen_t size = sizeof any;
    sockaddr_in bound{};
    EXPECT_EQ(::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&any), size), 0);
    EXPECT_EQ(::listen(listening_.get(), 1), 0);
    EXPECT_EQ(::getsockname(listening_.get(), reinterpret_cast<sockaddr*>(&bound), &size), 0);
    port_ = ntohs(bound.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Tunnel() {
    ::shutdown(listening_.get(), SHUT_RDWR);
    thread_.join();
  }
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Once the connection is closed.
  std::string request() {
    while (!is_over_) std::this_thread::sleep_for(1ms);
    return request_;
  }

 private:
  void serve() {
    const Descriptor client(::accept(listening_.get(), nullptr, nullptr));
    if (client) {
      read_request(client.get());
      const Descriptor server(::socket(AF_INET, SOCK_STREAM, 0));
      const sockaddr_in address = loopback(to_);
      constexpr std::string_view kGood = "HTTP/1.1 200 Connected\r\nX-Proxy: yes\r\n\r\n";
      if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
              0 &&
          ::send(client.get(), kGood.data(), kGood.size(), MSG_NOSIGNAL) > 0)
        relay(client.get(), server.get());
    }
    is_over_ = true;
  }

  void read_request(int client) {
    char next = 0;
    while (!request_.ends_with("\r\n\r\n") && ::recv(client, &next, 1, 0) == 1) request_ += next;
  }

  static void relay(int client, int server) {
    std::array<pollfd, 2> both = {pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    std::array<char, 4096> piece{};
    while (::poll(both.data(), both.size(), -1) > 0)
      for (std::size_t i = 0; i < both.size(); ++i) {
        if (both[i].revents == 0) continue;
        const ssize_t size = ::recv(both[i].fd, piece.data(), piece.size(), 0);
        if (size <= 0) return;
        ::send(both[1 - i].fd, piece.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL);
      }
  }

  const std::uint16_t to_;
  const Descriptor listening_;
  std::uint16_t port_ = 0;
  std::string request_;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

class ProxyTest : public testing::Test {
 protected:
  Result<Response, Fault> ask(EndpointOptions options, bool twice = false) {
    const auto endpoint = std::make_shared<Endpoint>(std::move(options), sockets_);
    Connection connection(endpoint);
    Request request{Method::get, "", {}, {}};
    for (int left = twice ? 2 : 1;; --left) {
      connection.start(request, Deadline::after(20s), 20s);
      while (!connection.step()) {
        const Wait wait = connection.wait();
        wait_for_any({&wait, 1});
      }
      auto answer = connection.finish();
      if (left == 1) return answer;
    }
  }

  static EndpointOptions options_of(const std::string& url, const std::string& proxy) {
    EndpointOptions options;
    options.url = url;
    options.trust = Trust::none_needed;
    options.connect = 20s;
    options.proxy = proxy;
    return options;
  }

  static std::string origin(const TlsTestServer& server) {
    return server.url().substr(0, server.url().rfind("/dsa"));
  }

  const std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();
  SocketTable sockets_;
};

TEST_F(ProxyTest, IsAskedForThePlainUrl) {
  TlsTestServer proxy(identity_, [](const TestRequest&) { return TestReply{.body = "yes"}; },
                      {.plain = true});
  const auto answer = ask(options_of("http://ca.invalid:81/root.crl", origin(proxy)), true);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().body, "yes");
  ASSERT_EQ(proxy.requests().size(), 2U);
  for (const TestRequest& each : proxy.requests()) {
    EXPECT_EQ(each.path, "http://ca.invalid:81/root.crl");
    EXPECT_EQ(each.headers.at("host"), "ca.invalid:81");
  }
}

// The server behind it is the one whose key was named, and its answer has no header of the proxy's.
TEST_F(ProxyTest, LeadsToHttpsAndSeesNothingInside) {
  TlsTestServer server(identity_,
                       [](const TestRequest& request) { return TestReply{.body = request.path}; });
  const std::string port = origin(server).substr(origin(server).rfind(':') + 1);
  Tunnel tunnel(static_cast<std::uint16_t>(std::stoi(port)));
  EndpointOptions options = options_of("https://dsa.invalid:" + port + "/v1", tunnel.url());
  options.pins = pinning::PinSet({server.pin()});
  options.may_create_threads = false;
  const auto answer = ask(options);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().body, "/v1");
  EXPECT_THAT(tunnel.request(),
              testing::StartsWith("CONNECT dsa.invalid:" + port + " HTTP/1.1\r\n"));
  EXPECT_THAT(tunnel.request(), testing::Not(HasSubstr("/v1")));
}

TEST_F(ProxyTest, IsNoServer) {
  TlsTestServer server(identity_, [](const TestRequest&) { return TestReply{}; });
  const std::string port = origin(server).substr(origin(server).rfind(':') + 1);
  Tunnel tunnel(static_cast<std::uint16_t>(std::stoi(port)));
  EndpointOptions options = options_of(server.url(), tunnel.url());
  options.pins = pinning::PinSet({TestIdentity().pin()});
  const auto answer = ask(options);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::untrusted);
}

TEST_F(ProxyTest, SaysWhatWentWrong) {
  TlsTestServer proxy(identity_, [](const TestRequest&) { return TestReply{.status = 403}; },
                      {.plain = true});
  auto answer = ask(options_of("https://dsa.invalid/v1", origin(proxy)));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::unreachable);
  EXPECT_EQ(answer.error().sentence, "the proxy answered with status 403");
  for (const char* const none : {"https://127.0.0.1:1", "socks5://127.0.0.1:1", "http://"}) {
    answer = ask(options_of("http://ca.invalid/", none));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().sentence, "the proxy's url is not an http address") << none;
  }
  answer = ask(options_of("http://ca.invalid/", "http://proxy.invalid:3128"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::unreachable);
  EXPECT_THAT(answer.error().sentence, HasSubstr("proxy.invalid"));
}

TEST_F(ProxyTest, IsNotThatOfTheEnvironment) {
  TlsTestServer server(identity_, [](const TestRequest&) { return TestReply{.body = "yes"}; },
                       {.plain = true});
  for (const char* const each : {"http_proxy", "all_proxy"})
    ::setenv(each, "http://127.0.0.1:1", 1);
  ::setenv("no_proxy", "*", 1);
  EXPECT_TRUE(ask(options_of(server.url(), "")));
  EXPECT_TRUE(ask(options_of("http://ca.invalid/", origin(server))));
  for (const char* const each : {"http_proxy", "all_proxy", "no_proxy"}) ::unsetenv(each);
}

}  // namespace
}  // namespace signet::https
