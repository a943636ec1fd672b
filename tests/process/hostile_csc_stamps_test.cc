// However hostile a service of the CSC API is when it is asked for time-stamps: no call exceeds its limit by more than a
// second, the process does not grow by more than 128 MiB, and nothing but a token comes out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "cryptoki/cryptoki.h"
#include "cryptoki/signet-pkcs11.h"
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

constexpr std::chrono::seconds kStampLimit = 3s;  // of a call, as configured
constexpr std::size_t kStampLargestBody = std::size_t{8} * 1024 * 1024;

CK_RV ask_for_stamp(const Module& module, CK_SESSION_HANDLE session, CK_ULONG milliseconds,
                    Bytes& token) {
  const auto ask = module.symbol<decltype(&C_GetInterface)>("C_GetInterface");
  CK_UTF8CHAR name[] = SIGNET_VENDOR_INTERFACE;
  CK_VERSION version{1, 1};
  CK_INTERFACE* found = nullptr;
  if (ask(name, &version, &found, 0) != CKR_OK) return CKR_ARGUMENTS_BAD;
  const Bytes digest(32, 1);
  token.assign(SIGNET_TIME_STAMP_SIZE, 0);
  CK_ULONG size = token.size();
  const CK_RV rv = static_cast<const signet_vendor_functions*>(found->pFunctionList)
                       ->time_stamp(session, CKM_SHA256, digest.data(), digest.size(), nullptr, 0,
                                    milliseconds, token.data(), &size);
  token.resize(size);
  return rv;
}

std::string stamp_text(const Bytes& token) {
  return R"({"timestamp":")" + crypto::to_base64(token) + "\"}";
}

class HostileCscStampsTest : public testing::Test {
 protected:
  // Asks twice; the codes that it may answer.
  void ask(const TestReply& reply, const std::vector<CK_RV>& expected = {CKR_DEVICE_ERROR},
           CK_ULONG milliseconds = 0) {
    const CscPeer peer =
        CscPeer(key_).on("signatures/timestamp", [reply](const TestRequest&) { return reply; });
    const HostileServer server(peer.handler());
    configure(folder_.path(),
              {.dialect = "csc", .call = kStampLimit, .tables = "[token.csc]\naccess = \"none\"\n"},
              server.member("/csc/v2"));
    EXPECT_TRUE(in_other_process([&] {
      const Module module;
      const Session session(module);
      const BoundedCalls calls(milliseconds != 0 ? std::chrono::milliseconds(milliseconds)
                                                 : kStampLimit);
      for (int i = 0; i < 2; ++i) {
        Bytes token;
        const CK_RV answer = calls.run("time_stamp", [&] {
          return ask_for_stamp(module, session.handle(), milliseconds, token);
        });
        EXPECT_TRUE(std::ranges::count(expected, answer) != 0) << std::hex << answer;
        if (answer != CKR_OK) {
          EXPECT_EQ(token.size(), SIGNET_TIME_STAMP_SIZE) << "the size is unchanged";
        }
      }
    }));
    EXPECT_TRUE(is_clean_log(folder_ / "log"));
  }

  ScratchFolder folder_;
  const SigningKeyPtr key_ = std::make_shared<SigningKey>(SigningKey::Kind::p256, "signer");
};

TEST_F(HostileCscStampsTest, IsOtherwiseHonest) {
  ask({.body = stamp_text(Bytes(100, 7))}, {CKR_OK});
}

TEST_F(HostileCscStampsTest, GivesTokensOfAnySize) {
  ask({.body = stamp_text(Bytes(SIGNET_TIME_STAMP_SIZE, 7))}, {CKR_OK});
  ask({.body = stamp_text(Bytes(SIGNET_TIME_STAMP_SIZE + 1, 7))});
  ask({.body = stamp_text(Bytes(kStampLargestBody / 2, 7))});
  ask({.body = stamp_text(Bytes(2 * kStampLargestBody, 7))});
  ask({.body = R"({"timestamp":""})"});
}

TEST_F(HostileCscStampsTest, GivesNoBase64) {
  for (const char* const body :
       {R"({"timestamp":"\u0000\u001b[2J"})", R"({"timestamp":"===="})", R"({"timestamp":{}})",
        R"({"timestamp":["MAA="]})", R"({"timestamp":1e308})", R"({"TIMESTAMP":"MAA="})"}) {
    SCOPED_TRACE(body);
    ask({.body = body});
  }
  ask({.body = R"({"timestamp":")" + std::string(kStampLargestBody - 100, '\n') + "\"}"});
}

TEST_F(HostileCscStampsTest, GivesJsonWithoutEnd) {
  ask({.body = R"({"timestamp":)" + std::string(1'000'000, '[')});
  std::string members = "{\"timestamp\":\"MAA=\"";
  for (int i = 0; i < 100'000; ++i) members += fmt::format(",\"m{}\":0", i);
  ask({.body = members + "}"});
  ask({.body = R"({"timestamp":"MAA=","timestamp":"MAE="})"});
}

TEST_F(HostileCscStampsTest, TakesItsTime) {
  ask({.ending = TestReply::Ending::stall});
  ask({.body = stamp_text(Bytes(1000, 7)), .pause_between_bytes = 50ms});
  ask({.ending = TestReply::Ending::stall}, {CKR_DEVICE_ERROR}, 700);
}

TEST_F(HostileCscStampsTest, RefusesWithWordsThatMoveCursors) {
  ask({.status = 400,
       .body = R"({"error":"\u001b]0;x\u0007","error_description":"\u001b[2J\r\n\u202e"})"},
      {CKR_FUNCTION_FAILED});
  ask({.status = 200, .body = R"({"error":"invalid_request","error_description":"\u001b[2J"})"});
}

TEST_F(HostileCscStampsTest, IsBusyForEver) {
  ask({.status = 503, .headers = {{"Retry-After", "1"}}});
  ask({.status = 429, .headers = {{"Retry-After", "999999999999999999999"}}});
}

}  // namespace
}  // namespace signet::tests
