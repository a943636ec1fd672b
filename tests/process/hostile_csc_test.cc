// However hostile a service of the CSC API with the right pin is: no call exceeds its limit by more than a second, and
// the process does not grow by more than 128 MiB.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "tests/process/bounded_calls.h"
#include "tests/process/csc_peer.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using https::TestReply;
using https::TestRequest;
using namespace std::chrono_literals;

constexpr std::chrono::seconds kCscLimit = 3s;       // of a call, as configured
constexpr std::chrono::seconds kCscLongLimit = 60s;  // where the answer is to be read to its end
constexpr std::size_t kCscLargestBody = std::size_t{8} * 1024 * 1024;

std::string id_of(std::size_t number) {
  return fmt::format("credential-{:08}", number);
}

std::vector<std::string> ids_from(std::size_t first, std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(id_of(first + i));
  return ids;
}

// The page that a request asks for, where page tokens are numbers.
std::size_t page_in(const TestRequest& request) {
  const std::string token = text_in(request, "pageToken");
  return token.empty() ? 0 : std::stoul(token);
}

HostileServer::Handler always(TestReply reply) {
  return [reply = std::move(reply)](const TestRequest&) { return reply; };
}

TestReply raw_lines(std::string raw, std::string_view line) {
  while (raw.size() < 16 * kCscLargestBody) raw += line;
  return {.raw = std::move(raw)};
}

class HostileCscTest : public testing::Test {
 protected:
  CscPeer peer() const { return CscPeer(key_); }

  // Logs in so often, each time after a logout; the codes that it may answer.
  void hold_to_limits(const CscPeer& peer, int logins, const std::vector<CK_RV>& expected,
                      std::chrono::seconds limit = kCscLimit, std::string_view path = "/csc/v2",
                      const std::string& table = "access = \"none\"\n") {
    const HostileServer server(peer.handler());
    configure(folder_.path(), {.dialect = "csc", .call = limit, .tables = "[token.csc]\n" + table},
              server.member(path));
    EXPECT_TRUE(in_other_process([&] { log_in(logins, expected, limit); }));
    EXPECT_TRUE(is_clean_log(folder_ / "log"));
  }

  // Answers of one method that no service gives: logging in fails, and takes no longer than it may.
  void refuse(const std::string& method, TestReply reply,
              const std::vector<CK_RV>& expected = {CKR_DEVICE_ERROR}) {
    SCOPED_TRACE(method);
    hold_to_limits(peer().on(method, always(std::move(reply))), 1, expected);
  }

  // [token.csc] of a client with a secret.
  std::string oauth2() const {
    write_file(folder_ / "secret", "a secret");
    return "secret = \"file:" + (folder_ / "secret").string() + "\"\n";
  }

  ScratchFolder folder_;
  const SigningKeyPtr key_ = std::make_shared<SigningKey>(SigningKey::Kind::p256, "signer");

 private:
  static void log_in(int logins, const std::vector<CK_RV>& expected, std::chrono::seconds limit) {
    const Module module;
    Session session(module);
    const BoundedCalls calls(limit);
    for (int i = 0; i < logins; ++i) {
      const CK_RV answer =
          calls.run("login " + std::to_string(i), [&] { return session.try_login("1234"); });
      EXPECT_TRUE(std::ranges::count(expected, answer) != 0) << std::hex << answer;
      if (answer != CKR_OK) continue;
      EXPECT_EQ(calls.run("find",
                          [&] {
                            return session.find({CKO_PRIVATE_KEY, {}, {}}), CKR_OK;
                          }),
                CKR_OK);
      module->C_Logout(session.handle());
    }
  }
};

TEST_F(HostileCscTest, IsOtherwiseHonest) {
  hold_to_limits(peer(), 2, {CKR_OK});
}

TEST_F(HostileCscTest, ListsCredentialsWithoutEnd) {
  for (const char* const path : {"/csc/v1", "/csc/v2"}) {
    SCOPED_TRACE(path);
    hold_to_limits(
        peer().on("credentials/list",
                  [](const TestRequest& request) -> TestReply {
                    const std::size_t page = page_in(request);
                    return {.body = list_text(ids_from(page * 9, 9), std::to_string(page + 1))};
                  }),
        1, {CKR_DEVICE_ERROR}, kCscLimit, path);
  }
}

TEST_F(HostileCscTest, ListsTheSameCredentialOnEachOfItsPages) {
  hold_to_limits(
      peer().on("credentials/list",
                [](const TestRequest& request) -> TestReply {
                  return {.body = list_text({"signer"}, std::to_string(page_in(request) + 1))};
                }),
      1, {CKR_DEVICE_ERROR});
}

TEST_F(HostileCscTest, SaysThatOnePageFollowsItself) {
  refuse("credentials/list", {.body = list_text({"signer"}, "1")});
}

// Where it was taken for the last page, credentials would be missing and nobody would know.
TEST_F(HostileCscTest, HasAPageTokenThatIsTooLong) {
  refuse("credentials/list", {.body = list_text({"signer"}, std::string(2'000'000, 't'))});
}

TEST_F(HostileCscTest, ListsMoreCredentialsThanMayBe) {
  refuse("credentials/list", {.body = list_text(ids_from(0, 10'001))});
}

TEST_F(HostileCscTest, HasCredentialIdsThatNobodyCanUse) {
  refuse("credentials/list", {.body = list_text({std::string(3'000'000, 'i')})});
  refuse("credentials/list", {.body = list_text({""})});
  refuse("credentials/list", {.body = R"({"credentialIDs":[{"a":1}]})"});
}

TEST_F(HostileCscTest, HasCredentialIdsWithControlCharacters) {
  refuse("credentials/list",
         {.body = list_text({"\x1b[2J\x1b]0;title\x07", "a\r\nb: c", std::string("\0nul", 4)})},
         {CKR_OK});
}

TEST_F(HostileCscTest, HasTenThousandCredentials) {
  hold_to_limits(peer().on("credentials/list", always({.body = list_text(ids_from(0, 10'000))})), 1,
                 {CKR_OK, CKR_DEVICE_ERROR}, kCscLongLimit);
}

TEST_F(HostileCscTest, HasMoreCredentialsThanThereIsTimeFor) {
  hold_to_limits(
      peer()
          .on("credentials/list", always({.body = list_text(ids_from(0, 10'000))}))
          .on("credentials/info",
              always({.body = credential_text({.chain = {key_->certificate()}}), .delay = 5ms})),
      1, {CKR_DEVICE_ERROR});
}

// What is kept of a credential is what this program can use of it.
TEST_F(HostileCscTest, HasCredentialsWithEndlessAlgorithms) {
  std::vector<std::string> algorithms = {"1.2.840.10045.4.3.2"};
  while (algorithms.size() < 8'000) algorithms.emplace_back(1000, '1');
  const std::string text =
      credential_text({.algorithms = algorithms, .chain = {key_->certificate()}});
  ASSERT_LE(text.size(), kCscLargestBody);
  hold_to_limits(peer()
                     .on("credentials/list", always({.body = list_text(ids_from(0, 60))}))
                     .on("credentials/info", always({.body = text})),
                 2, {CKR_OK}, kCscLongLimit);
}

TEST_F(HostileCscTest, SignsWithEndlessAlgorithmsAsTheServiceSays) {
  std::string info = R"({"specs":"2.0.0.2","name":"n","methods":["credentials/list",)"
                     R"("credentials/info"],"signAlgorithms":{"algos":["1.2.840.10045.4.3.2")";
  for (std::size_t i = 0; i < 100'000; ++i) info += fmt::format(R"(,"1.2.840.10045.4.3.{}")", i);
  hold_to_limits(peer()
                     .on("info", always({.body = info + "]}}"}))
                     .on("credentials/list", always({.body = list_text(ids_from(0, 100))}))
                     .on("credentials/info",
                         always({.body = credential_text(
                                     {.algorithms = {}, .chain = {key_->certificate()}})})),
                 2, {CKR_OK}, kCscLongLimit);
}

TEST_F(HostileCscTest, NamesMethodsWithoutEnd) {
  std::string info = R"({"specs":"2.0.0.2","name":"n","methods":["credentials/list")";
  for (std::size_t i = 0; i < 150'000; ++i) info += fmt::format(R"(,"credentials/list/{}")", i);
  hold_to_limits(peer().on("info", always({.body = info + "]}"})), 2, {CKR_OK});
}

// Each chain has other certificates, which take long to check.
TEST_F(HostileCscTest, HasChainsThatTakeLongToCheck) {
  const Bytes slow = numbered_certificate(ec_public_key(Point::slow));
  hold_to_limits(
      peer()
          .on("credentials/list", always({.body = list_text(ids_from(0, 400))}))
          .on("credentials/info",
              [slow, own = key_->certificate()](const TestRequest& request) -> TestReply {
                const std::size_t number = std::stoul(text_in(request, "credentialID").substr(11));
                CscCredential credential{.chain = {own}};
                for (std::size_t i = 1; i < 100; ++i) {
                  credential.chain.push_back(renumbered(slow, number * 1000 + i));
                }
                return {.body = credential_text(credential)};
              }),
      2, {CKR_DEVICE_ERROR, CKR_OK});
}

TEST_F(HostileCscTest, HasLargeCertificatesWithoutEnd) {
  const Bytes large = numbered_certificate(ec_public_key(Point::usual), 2'000'000);
  hold_to_limits(peer()
                     .on("credentials/list", always({.body = list_text(ids_from(0, 1000))}))
                     .on("credentials/info", always({.body = credential_text({.chain = {large}})})),
                 1, {CKR_DEVICE_ERROR}, kCscLongLimit);
}

// The most that is kept, and each login finds other certificates altogether.
TEST_F(HostileCscTest, ReplacesTheLargestCertificatesByOthers) {
  const auto logins = std::make_shared<std::atomic<std::size_t>>(0);
  const Bytes large = numbered_certificate(ec_public_key(Point::usual), 250'000);
  hold_to_limits(peer()
                     .on("credentials/list",
                         [logins](const TestRequest&) -> TestReply {
                           ++*logins;
                           return {.body = list_text(ids_from(0, 60))};
                         })
                     .on("credentials/info",
                         [logins, large](const TestRequest& request) -> TestReply {
                           const std::size_t number =
                               std::stoul(text_in(request, "credentialID").substr(11));
                           return {.body = credential_text(
                                       {.chain = {renumbered(large, *logins * 1000 + number)}})};
                         }),
                 3, {CKR_OK}, kCscLongLimit);
}

TEST_F(HostileCscTest, HasCertificatesThatAreNone) {
  for (const char* const text : {"AAAA", "not base64!", ""}) {
    refuse(
        "credentials/info",
        {.body = fmt::format(R"({{"key":{{"status":"enabled","algo":["1.2.840.10045.4.3.2"]}},)"
                             R"("cert":{{"certificates":["{}"]}},"auth":{{"mode":"implicit"}}}})",
                             text)},
        {CKR_DEVICE_ERROR, CKR_OK});
  }
}

TEST_F(HostileCscTest, NestsWithoutEnd) {
  for (const char* const method : {"info", "credentials/list", "credentials/info"}) {
    refuse(method, {.body = std::string(4'000'000, '[')});
    std::string objects;
    while (objects.size() < 4'000'000) objects += R"({"a":)";
    refuse(method, {.body = objects});
  }
}

TEST_F(HostileCscTest, FillsABodyWithValues) {
  std::string body = R"({"credentialIDs":["signer"],"x":[0)";
  while (body.size() + 8 < kCscLargestBody) body += ",0";
  refuse("credentials/list", {.body = body + "]}"});
}

TEST_F(HostileCscTest, SendsABodyWithoutEnd) {
  refuse("info", raw_lines("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                           "400\r\n" + std::string(1024, ' ') + "\r\n"));
  refuse("credentials/list",
         {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\n{"});
  refuse("credentials/info", {.raw = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"});
  refuse("credentials/info", {.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     "FFFFFFFFFFFFFFFF\r\n{"});
}

TEST_F(HostileCscTest, SendsHeadersWithoutEnd) {
  refuse("credentials/info",
         raw_lines("HTTP/1.1 200 OK\r\n", "X-A: " + std::string(1000, 'x') + "\r\n"));
  // libcurl says of one line of more than 100 KiB that there is no memory for it.
  refuse("credentials/info", raw_lines("HTTP/1.1 200 OK\r\nX-A: ", std::string(1000, 'x')),
         {CKR_DEVICE_ERROR, CKR_HOST_MEMORY});
  refuse("credentials/info", raw_lines("", "HTTP/1.1 100 Continue\r\n\r\n"));
}

TEST_F(HostileCscTest, SendsByteAfterByte) {
  for (const char* const method : {"info", "credentials/list", "credentials/info"}) {
    refuse(method, {.body = std::string(100'000, ' '), .pause_between_bytes = 50ms});
  }
}

TEST_F(HostileCscTest, SendsElsewhere) {
  for (const int status : {301, 302, 303, 307, 308}) {
    CscPeer redirecting = peer();
    redirecting.on("credentials/list",
                   always({.status = status, .headers = {{"Location", "/csc/v2/elsewhere"}}}));
    redirecting.on("elsewhere", always({.body = list_text({"signer"})}));
    hold_to_limits(redirecting, 1, {CKR_DEVICE_ERROR});
  }
}

TEST_F(HostileCscTest, AsksToWaitForEver) {
  int status = 429;
  for (const char* const wait : {"999999999", "99999999999999999999999", "-1", "0", "1e9", "soon",
                                 "Fri, 31 Dec 9999 23:59:59 GMT", "\x1b[2J"}) {
    SCOPED_TRACE(wait);
    status = status == 429 ? 503 : 429;
    refuse("credentials/list", {.status = status, .headers = {{"Retry-After", wait}}});
  }
}

TEST_F(HostileCscTest, HasAnAccessTokenThatNobodyCanUse) {
  for (const std::string& token :
       {std::string(3'000'000, 't'), std::string("a\\r\\nHost: elsewhere"), std::string(),
        std::string("\\u0000")}) {
    hold_to_limits(peer().on("oauth2/token", always({.body = R"({"access_token":")" + token +
                                                             R"(","expires_in":3600})"})),
                   1, {CKR_DEVICE_ERROR}, kCscLimit, "/csc/v2", oauth2());
  }
}

// A token that is over at once is asked for again with each request, and no more often.
TEST_F(HostileCscTest, HasAccessTokensThatDoNotLast) {
  for (const char* const lifetime : {"0", "-1", "99999999999999999999", "\"x\""}) {
    hold_to_limits(
        peer().on(
            "oauth2/token",
            always({.body = fmt::format(R"({{"access_token":"t","expires_in":{}}})", lifetime)})),
        1, {CKR_OK}, kCscLimit, "/csc/v2", oauth2());
  }
}

TEST_F(HostileCscTest, NeverAcceptsAnAccessToken) {
  hold_to_limits(
      peer()
          .on("oauth2/token", always({.body = R"({"access_token":"t"})"}))
          .on("credentials/list", always({.status = 401, .body = R"({"error":"invalid_token"})"})),
      1, {CKR_DEVICE_ERROR}, kCscLimit, "/csc/v2", oauth2());
}

// The client's secret goes to the hosts that have a pin.
TEST_F(HostileCscTest, NamesATokenEndpointElsewhere) {
  for (const char* const url :
       {"https://127.0.0.1:1/token", "http://127.0.0.1/token", "file:///etc/passwd",
        "https://127.0.0.1@elsewhere.invalid/token", "\\u001b[2J", "//", ""}) {
    const std::string info = fmt::format(
        R"({{"specs":"2.0.0.2","name":"n","methods":["credentials/list"],"oauth2":"{}"}})", url);
    hold_to_limits(peer().on("info", always({.body = info})), 1, {CKR_DEVICE_ERROR}, kCscLimit,
                   "/csc/v2", oauth2());
  }
}

}  // namespace
}  // namespace signet::tests
