// One exchange, stepped: what a blocking caller and a caller with a hundred of them have in common.
#include "https/client/connection.h"

#include <curl/curlver.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>

#include "common/open_file.h"
#include "common/testing/open_descriptors.h"
#include "common/testing/scratch_folder.h"
#include "https/client/pool.h"
#include "https/testing/tls_test_server.h"

namespace signet::https {
namespace {

using namespace std::chrono_literals;

std::vector<int> open_numbers() {
  std::vector<int> numbers;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    numbers.push_back(std::stoi(entry.path().filename()));
  std::erase_if(numbers, [](int each) { return fcntl(each, F_GETFD) < 0; });
  std::ranges::sort(numbers);
  return numbers;
}

class ConnectionTest : public testing::Test {
 protected:
  std::shared_ptr<Endpoint> endpoint_of(const TlsTestServer& server, unsigned connections = 16) {
    EndpointOptions options;
    options.url = server.url();
    options.pins = pinning::PinSet({server.pin()});
    options.connect = 20s;
    options.connections = connections;
    return std::make_shared<Endpoint>(std::move(options), sockets_);
  }

  static Request get() { return {Method::get, "/thing", {}, {}}; }

  static Result<Response, Fault> finish(Connection& connection) {
    while (!connection.step()) {
      const Wait wait = connection.wait();
      wait_for_any({&wait, 1});
    }
    return connection.finish();
  }

  // The server's sockets are in this process, too. Its threads close them under the lock that is taken after the look.
  std::vector<int> client_sockets(const TlsTestServer& server) const {
    std::vector<int> found = open_numbers();
    std::erase_if(found, [&](int each) { return !sockets_.has(each); });
    (void)server.requests();
    return found;
  }

  // Until the server has the request.
  static void start_and_wait_for(Connection& connection, Request& request,
                                 const TlsTestServer& server) {
    connection.start(request, Deadline::after(20s), 20s);
    while (server.requests().empty()) {
      (void)connection.step();
      const Wait wait{.until = std::chrono::steady_clock::now() + 1ms,
                      .descriptors = connection.wait().descriptors};
      wait_for_any({&wait, 1});
    }
  }

  const std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();
  SocketTable sockets_;
};

TEST_F(ConnectionTest, AConnectThatTimesOutLeavesNoHandleBehind) {
  const BlackHole hole;
  EndpointOptions options;
  options.url = hole.url();
  options.pins =
      pinning::PinSet({pinning::Pin::parse("sha256//" + std::string(43, 'A') + "=").value()});
  options.connect = 20ms;
  const auto endpoint = std::make_shared<Endpoint>(std::move(options), sockets_);
  const auto try_in_vain = [&] {
    Connection connection(endpoint);
    Request request = get();
    connection.start(request, Deadline::after(20s), 20ms);
    EXPECT_FALSE(finish(connection));
  };
  for (int i = 0; i < 5; ++i) try_in_vain();
  const std::size_t before = mallinfo2().uordblks;
  constexpr std::size_t rounds = 20;
  for (std::size_t i = 0; i < rounds; ++i) try_in_vain();
  const std::size_t after = mallinfo2().uordblks;
  EXPECT_LT(after, before + rounds * 1024) << "a handle takes more than 1 KiB";
}

TEST_F(ConnectionTest, NoStepBlocks) {
  TlsTestServer server(identity_,
                       [](const TestRequest&) { return TestReply{.body = "yes", .delay = 1s}; });
  Connection connection(endpoint_of(server));
  Request request = get();
  const auto began = std::chrono::steady_clock::now();
  connection.start(request, Deadline::after(20s), 20s);
  unsigned steps = 0;
  Milliseconds longest{0};
  for (bool over = false; !over; ++steps) {
    const auto before = std::chrono::steady_clock::now();
    over = connection.step();
    longest = std::max(longest, std::chrono::duration_cast<Milliseconds>(
                                    std::chrono::steady_clock::now() - before));
    const Wait wait = connection.wait();
    if (!over) wait_for_any({&wait, 1});
  }
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1s);
  EXPECT_LT(longest, 900ms) << "a step has waited for the server";
  EXPECT_LT(steps, 50U) << "it looked without a reason";
  const auto response = connection.finish();
  ASSERT_TRUE(response) << response.error().sentence;
  EXPECT_EQ(response.value().body, "yes");
  EXPECT_EQ(connection.traffic().handshakes, 1U);
}

TEST_F(ConnectionTest, RequestsOfEveryKindShareAConnection) {
  TlsTestServer server(identity_, [](const TestRequest& request) {
    return TestReply{.body = request.method + request.path + request.body};
  });
  Connection connection(endpoint_of(server));
  const auto text_of_kind = [](const char* text) {
    WipedText body;
    append(body, text);
    return body;
  };
  const auto ask = [&](Request request) {
    request.headers.add("Expect", "");
    connection.start(request, Deadline::after(20s), 20s);
    const auto response = finish(connection);
    return response ? std::string(response.value().body) : response.error().sentence;
  };
  EXPECT_EQ(ask({Method::get, "/a", {}, {}}), "GET/dsa/v1/a");
  EXPECT_EQ(ask({Method::get, "/a", {}, {}}), "GET/dsa/v1/a");
  EXPECT_EQ(ask({Method::post, "/a", {}, text_of_kind("1")}), "POST/dsa/v1/a1");
  EXPECT_EQ(ask({Method::post, "/a", {}, text_of_kind("22")}), "POST/dsa/v1/a22");
  EXPECT_EQ(ask({Method::put, "/b", {}, text_of_kind("3")}), "PUT/dsa/v1/b3");
  EXPECT_EQ(ask({Method::del, "/b", {}, {}}), "DELETE/dsa/v1/b");
  EXPECT_EQ(ask({Method::get, "/b", {}, {}}), "GET/dsa/v1/b");
  EXPECT_EQ(ask({Method::patch, "/b", {}, text_of_kind("4")}), "PATCH/dsa/v1/b4");
  EXPECT_EQ(ask({Method::post, "/b", {}, text_of_kind("5")}), "POST/dsa/v1/b5");
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(ConnectionTest, ACancelledExchangeLeavesNoDescriptor) {
  TlsTestServer server(
      identity_, [](const TestRequest&) { return TestReply{.ending = TestReply::Ending::stall}; });
  Request request = get();
  {  // libcurl's own start opens what stays open
    Connection connection(endpoint_of(server));
    connection.start(request, Deadline::after(1ms), 1ms);
    (void)finish(connection);
  }
  server.stop();
  server.start();
  const auto before = open_descriptors();
  {
    Connection connection(endpoint_of(server));
    start_and_wait_for(connection, request, server);
  }
  server.stop();  // its own
  server.start();
  EXPECT_EQ(open_descriptors(), before);
}

// As a daemon does that closes all descriptors and opens its own.
void put_a_file_in_place_of(std::span<const int> descriptors, const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  for (const int each : descriptors) dup3(file.get(), each, O_CLOEXEC);
}

TEST_F(ConnectionTest, OfADescriptorThatTheHostHasClosedTouchesNothingElse) {
  TlsTestServer server(
      identity_, [](const TestRequest&) { return TestReply{.ending = TestReply::Ending::stall}; });
  const ScratchFolder folder;
  std::vector<int> lost;
  {
    Connection connection(endpoint_of(server));
    Request request = get();
    start_and_wait_for(connection, request, server);
    lost = client_sockets(server);
    // One of TCP, and two of libcurl's wake-up, which later versions make an event descriptor.
    ASSERT_GE(lost.size(), LIBCURL_VERSION_NUM < 0x080900 ? 3U : 1U);
    put_a_file_in_place_of(lost, folder.path("theirs"));
    EXPECT_TRUE(connection.step());
    const auto response = connection.finish();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Fault::Kind::stale);
    EXPECT_TRUE(response.error().sent);
  }
  for (const int each : lost) {
    EXPECT_EQ(OpenFile::of(each), OpenFile::named(folder.path("theirs").c_str()));
    ::close(each);
  }
  EXPECT_EQ(folder.read("theirs"), "");
}

TEST_F(ConnectionTest, OfADescriptorThatTheHostHasClosedBeginsAnother) {
  TlsTestServer server(identity_, [](const TestRequest&) { return TestReply{}; });
  Connection connection(endpoint_of(server));
  Request request = get();
  for (int round = 0; round < 3; ++round) {
    connection.start(request, Deadline::after(20s), 20s);
    ASSERT_TRUE(finish(connection));
    for (const int each : client_sockets(server)) ::close(each);
  }
  EXPECT_EQ(server.connections(), 3U);
}

TEST_F(ConnectionTest, AWriteThatFailsSendsTheHostNoSignal) {
  TlsTestServer server(
      identity_, [](const TestRequest&) { return TestReply{.ending = TestReply::Ending::stall}; });
  sigset_t pipe;
  sigset_t before;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);  // what comes stays pending
  {
    Connection connection(endpoint_of(server));
    Request request = get();
    start_and_wait_for(connection, request, server);
    for (const pollfd& each : connection.wait().descriptors) ::shutdown(each.fd, SHUT_WR);
  }  // TLS says goodbye
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_F(ConnectionTest, ManyAreServedByOneThread) {
  TlsTestServer server(identity_, [](const TestRequest&) { return TestReply{.delay = 500ms}; });
  const auto endpoint = endpoint_of(server);
  std::vector<std::unique_ptr<Connection>> connections;
  Request request = get();
  for (int i = 0; i < 30; ++i) {
    connections.push_back(std::make_unique<Connection>(endpoint));
    connections.back()->start(request, Deadline::after(20s), 20s);
  }
  const auto began = std::chrono::steady_clock::now();
  for (bool all = false; !all;) {
    std::vector<Wait> waits;
    for (auto& connection : connections) {
      if (!connection->step()) waits.push_back(connection->wait());
    }
    all = waits.empty();
    if (!all) wait_for_any(waits);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s) << "not one after the other";
  for (auto& connection : connections) EXPECT_TRUE(connection->finish());
}

TEST_F(ConnectionTest, WhoWaitsForAPlaceIsServedInTurn) {
  TlsTestServer server(identity_, [](const TestRequest&) { return TestReply{}; });
  Pool pool(endpoint_of(server, 1));
  auto lease = pool.try_take();
  ASSERT_TRUE(lease);
  EXPECT_FALSE(pool.try_take());
  auto first = pool.take(Deadline::after(20s));
  auto cancelled = pool.take(Deadline::after(20s));
  auto last =
      std::make_unique<Task<Result<Pool::Lease, Pool::Refusal>>>(pool.take(Deadline::after(20s)));
  EXPECT_FALSE(first.step());
  {
    auto gone = std::move(cancelled);
    EXPECT_FALSE(gone.step());
  }
  EXPECT_FALSE(last->step());
  lease.reset();
  EXPECT_FALSE(last->step()) << "somebody was first";
  ASSERT_TRUE(first.step());
  { const auto served = first.finish(); }
  ASSERT_TRUE(last->step());
  last.reset();  // has a place and does not use it
  EXPECT_EQ(pool.open(), 0U);
  EXPECT_EQ(pool.take(Deadline::after(0ms)).finish().has_value(), true);
}

TEST_F(ConnectionTest, WhoWaitsForAPlaceOfAServerInTroubleIsSentAway) {
  TlsTestServer server(identity_, [](const TestRequest&) { return TestReply{}; });
  Pool pool(endpoint_of(server, 1));
  const auto lease = pool.try_take();
  auto waiting = pool.take(Deadline::after(20s));
  EXPECT_FALSE(waiting.step());
  pool.interrupt();
  ASSERT_TRUE(waiting.step());
  EXPECT_EQ(waiting.finish().error(), Pool::Refusal::interrupted);
  EXPECT_EQ(pool.take(Deadline::after(10ms)).finish().error(), Pool::Refusal::full);
}

}  // namespace
}  // namespace signet::https
