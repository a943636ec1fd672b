// The requests after the first one on a connection: the same as libcurl's, on the wire and to whoever asked.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "common/open_file.h"
#include "common/testing/scratch_folder.h"
#include "https/client/connection.h"
#include "https/testing/tls_test_server.h"

namespace signet::https {
namespace {

using namespace std::chrono_literals;
using Kind = Fault::Kind;
using Ending = TestReply::Ending;

class KeptConnectionTest : public testing::Test {
 protected:
  explicit KeptConnectionTest(TlsTestServer::Options options = {})
      : server_(
            std::make_shared<TestIdentity>(),
            [this](const TestRequest& request) {
              const auto count = ++answered_;
              return count == special_ ? reply_ : TestReply{.body = request.body + "!"};
            },
            options) {}

  // How the server answers the request with this number, counted from 1.
  void script(unsigned number, TestReply reply) {
    reply_ = std::move(reply);
    special_ = number;
  }

  // `url`: in place of the server's own address, with another path or none.
  std::shared_ptr<Endpoint> endpoint(const std::string& url = "") {
    EndpointOptions options;
    options.url = url.empty() ? server_.url() : url;
    if (server_.url().starts_with("http:")) {
      options.trust = Trust::none_needed;
    } else {
      options.pins = pinning::PinSet({server_.pin()});
    }
    options.connect = 20s;
    options.user_agent = "signet-test/1";
    options.largest_body = largest_body_;
    return std::make_shared<Endpoint>(std::move(options), sockets_);
  }

  static Request post(std::string_view text) {
    Request request{Method::post, "/a?b=c", {}, {}};
    request.headers.add("Expect", "").add("Authorization", "Basic eDp5");
    request.headers.add("Content-Type", "application/json");
    append(request.body.emplace(), text);
    return request;
  }

  Result<Response, Fault> ask(Connection& connection, Request request, Milliseconds limit = 20s) {
    connection.start(request, Deadline::after(limit), 20s);
    while (!connection.step()) {
      const Wait wait = connection.wait();
      wait_for_any({&wait, 1});
    }
    return connection.finish();
  }

  std::string body_of(Connection& connection, std::string_view text) {
    const auto response = ask(connection, post(text));
    return response ? std::string(response.value().body) : response.error().sentence;
  }

  std::size_t largest_body_ = 100'000;
  SocketTable sockets_;
  std::atomic<unsigned> answered_{0};
  std::atomic<unsigned> special_{0};
  TestReply reply_;
  TlsTestServer server_;
};

TEST_F(KeptConnectionTest, TheServerSeesTheSameRequestAgain) {
  Connection connection(endpoint());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(connection, "one"), "one!");
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 3U);
  for (const TestRequest& each : requests) {
    EXPECT_EQ(each.method, "POST");
    EXPECT_EQ(each.path, "/dsa/v1/a?b=c");
    EXPECT_EQ(each.body, "one");
    EXPECT_EQ(each.headers, requests.front().headers);
  }
  EXPECT_EQ(requests.front().headers.at("user-agent"), "signet-test/1");
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(KeptConnectionTest, TheTargetFollowsWhateverTheAddressEndsIn) {
  const std::string host = server_.url().substr(0, server_.url().rfind("/dsa"));
  for (const char* path : {"", "/", "/seal", "/seal/v1"}) {
    for (const char* target : {"/seals?a=b", "/", "?a=b", ""}) {
      Connection connection(endpoint(host + path));
      Request request{Method::get, target, {}, {}};
      const std::size_t before = server_.requests().size();
      for (int i = 0; i < 2; ++i) ASSERT_TRUE(ask(connection, request)) << path << target;
      const auto requests = server_.requests();
      ASSERT_EQ(requests.size(), before + 2);
      EXPECT_EQ(requests[before + 1].path, requests[before].path) << path << " " << target;
    }
  }
}

TEST_F(KeptConnectionTest, TellsStatusHeadersAndTraffic) {
  script(2, {.status = 409, .body = "no", .headers = {{"X-Request-Id", "r-2"}, {"ETag", "\"1\""}}});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  const auto first = connection.traffic();
  EXPECT_EQ(first.handshakes, 1U);
  const auto second = ask(connection, post("one"));
  ASSERT_TRUE(second) << second.error().sentence;
  EXPECT_EQ(second.value().status, 409);
  EXPECT_EQ(second.value().body, "no");
  EXPECT_EQ(second.value().request_id, "r-2");
  EXPECT_EQ(second.value().etag, "\"1\"");
  EXPECT_FALSE(second.value().may_be_repeated);
  EXPECT_EQ(connection.traffic().handshakes, 0U);
  EXPECT_EQ(connection.traffic().connections, 0U);
  EXPECT_GT(connection.traffic().sent, 100U);
  EXPECT_GT(connection.traffic().received, 50U);
  EXPECT_TRUE(connection.warm());
}

TEST_F(KeptConnectionTest, ReadsAnAnswerThatComesByteByByte) {
  script(2, {.body = "slowly", .pause_between_bytes = 1ms, .slow_bytes = 30});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  EXPECT_EQ(body_of(connection, "two"), "slowly");
  EXPECT_EQ(body_of(connection, "three"), "three!") << "the server has closed the connection";
}

TEST_F(KeptConnectionTest, CarriesLargeBodiesBothWays) {
  Connection connection(endpoint());
  const std::string large(90'000, 'x');
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(connection, large), large + "!");
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(KeptConnectionTest, RefusesABodyThatIsTooLarge) {
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  const auto answer = ask(connection, post(std::string(100'000, 'x')));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::oversized);
  EXPECT_TRUE(answer.error().sent);
  EXPECT_FALSE(connection.warm());
}

TEST_F(KeptConnectionTest, BeginsAnotherWhereTheServerHasEndedIt) {
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  server_.drop_connections();
  const auto answer = ask(connection, post("two"));
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().body, "two!");
  EXPECT_EQ(server_.connections(), 2U);
  EXPECT_EQ(server_.requests().size(), 2U);
}

TEST_F(KeptConnectionTest, BeginsAnotherAfterConnectionClose) {
  script(2, {.body = "last", .headers = {{"Connection", "close"}}});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  EXPECT_EQ(body_of(connection, "two"), "last");
  EXPECT_FALSE(connection.warm());
  EXPECT_EQ(body_of(connection, "three"), "three!");
  EXPECT_EQ(server_.connections(), 2U);
}

TEST_F(KeptConnectionTest, SendsARequestAgainThatTheServerSwallowed) {
  script(2, {.ending = Ending::reset});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  const auto answer = ask(connection, post("two"));
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().body, "two!");
  EXPECT_TRUE(answer.value().may_be_repeated);
  EXPECT_EQ(server_.requests().size(), 3U);
  EXPECT_EQ(connection.traffic().connections, 1U);
}

TEST_F(KeptConnectionTest, SendsNothingAgainThatIsMadeOnce) {
  script(2, {.ending = Ending::reset});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  Request request = post("two");
  request.once = true;
  const auto answer = ask(connection, std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::broken);
  EXPECT_TRUE(answer.error().sent);
  EXPECT_EQ(server_.requests().size(), 2U);
}

TEST_F(KeptConnectionTest, TellsACutOffAnswer) {
  script(2, {.body = "all of it", .ending = Ending::cut});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  const auto answer = ask(connection, post("two"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::broken);
  EXPECT_TRUE(answer.error().sent);
  EXPECT_EQ(server_.requests().size(), 2U);
}

TEST_F(KeptConnectionTest, TellsWhatIsNoAnswer) {
  script(2, {.raw = "SSH-2.0-OpenSSH_9.2\r\n\r\n"});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  const auto answer = ask(connection, post("two"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::broken);
}

TEST_F(KeptConnectionTest, GivesUpAtTheDeadline) {
  script(2, {.ending = Ending::stall});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  const auto answer = ask(connection, post("two"), 100ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::timed_out);
  EXPECT_TRUE(answer.error().sent);
}

// Every chunk is legal, and there is always more to read.
TEST_F(KeptConnectionTest, GivesUpAtTheDeadlineOnAServerThatNeverStopsSending) {
  largest_body_ = kLargestBody;
  std::string chunks;
  while (chunks.size() < 16'000) chunks += "1;" + std::string(60, 'x') + "\r\nx\r\n";
  script(2, {.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .endless = chunks});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  Request request = post("two");
  connection.start(request, Deadline::after(200ms), 20s);
  EXPECT_FALSE(connection.step());
  std::this_thread::sleep_for(300ms);
  const Wait wait = connection.wait();
  wait_for_any({&wait, 1});
  EXPECT_TRUE(connection.step());
  EXPECT_LT(connection.traffic().received, 50'000U) << "of all that waits to be read";
  const auto answer = connection.finish();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Kind::timed_out);
  EXPECT_TRUE(answer.error().sent);
}

TEST_F(KeptConnectionTest, OfADescriptorThatTheHostHasClosedTouchesNothingElse) {
  script(2, {.ending = Ending::stall});
  const ScratchFolder folder;
  int lost = -1;
  {
    Connection connection(endpoint());
    EXPECT_EQ(body_of(connection, "one"), "one!");
    Request request = post("two");
    connection.start(request, Deadline::after(20s), 20s);
    EXPECT_FALSE(connection.step());
    ASSERT_EQ(connection.wait().descriptors.size(), 1U);
    lost = connection.wait().descriptors.front().fd;
    const Descriptor file(
        ::open(folder.path("theirs").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    dup3(file.get(), lost, O_CLOEXEC);
    EXPECT_TRUE(connection.step());
    const auto answer = connection.finish();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, Kind::stale);
    EXPECT_TRUE(answer.error().sent);
  }
  EXPECT_EQ(OpenFile::of(lost), OpenFile::named(folder.path("theirs").c_str()));
  ::close(lost);
  EXPECT_EQ(folder.read("theirs"), "");
}

// In the same segment as the answer, so that TLS has it already; the next request follows at once.
TEST_F(KeptConnectionTest, AnAnswerThatNobodyAskedForIsNotTheNextRequests) {
  script(2, {.body = "second", .unasked = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale"});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  EXPECT_EQ(body_of(connection, "two"), "second");
  EXPECT_EQ(body_of(connection, "three"), "three!");
  EXPECT_EQ(server_.connections(), 2U);
}

class PlainKeptConnectionTest : public KeptConnectionTest {
 protected:
  PlainKeptConnectionTest() : KeptConnectionTest({.plain = true}) {}
};

TEST_F(PlainKeptConnectionTest, IsUsedAgainWithoutTls) {
  Connection connection(endpoint());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(connection, "one"), "one!");
  EXPECT_EQ(server_.connections(), 1U);
}

// There is no look at the socket before most requests, which would cost each of them a system call.
TEST_F(PlainKeptConnectionTest, ARequestThatLooksFirstDoesNotTakeAnAnswerThatNobodyAskedFor) {
  script(2, {.body = "second",
             .pause_before_unasked = 1ms,
             .unasked = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale"});
  Connection connection(endpoint());
  EXPECT_EQ(body_of(connection, "one"), "one!");
  EXPECT_EQ(body_of(connection, "two"), "second");
  Wait unasked{.until = std::chrono::steady_clock::now() + 20s,
               .descriptors = connection.wait().descriptors};
  unasked.descriptors.front().events = POLLIN;
  wait_for_any({&unasked, 1});
  Request request = post("three");
  request.looks_first = true;
  const auto answer = ask(connection, std::move(request));
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().body, "three!");
  EXPECT_EQ(server_.connections(), 2U);
}

}  // namespace
}  // namespace signet::https
