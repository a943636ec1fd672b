// However hostile an appliance with the right pin is: no call exceeds its limit by more than a second, and the process
// does not grow by more than 128 MiB.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "common/testing/scratch_folder.h"
#include "tests/process/bounded_calls.h"
#include "tests/process/hostile_server.h"
#include "tests/support/module.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using https::TestReply;
using https::TestRequest;
using namespace std::chrono_literals;

constexpr std::chrono::seconds kLimit = 3s;       // of a call, as configured
constexpr std::chrono::seconds kLongLimit = 60s;  // where the answer is to be read to its end
constexpr std::size_t kLargestBody = std::size_t{8} * 1024 * 1024;
constexpr std::size_t kMostKeys = 10'000;

class HostileApplianceTest : public testing::Test {
 protected:
  // Logs in so often, each time after a logout, and holds every call to its limit.
  void hold_to_limits(const HostileServer::Handler& objects, int logins,
                      const std::vector<CK_RV>& expected, std::chrono::seconds limit = kLimit) {
    const HostileServer server(native_appliance(objects));
    configure(folder_.path(), {.call = limit}, server.member("/dsa/v1"));
    EXPECT_TRUE(in_other_process([&] { log_in(logins, expected, limit); }));
  }

 private:
  static void log_in(int logins, const std::vector<CK_RV>& expected, std::chrono::seconds limit) {
    const Module module;
    Session session(module);
    const BoundedCalls calls(limit);
    for (int i = 0; i < logins; ++i) {
      const CK_RV answer =
          calls.run("login " + std::to_string(i), [&] { return session.try_login("secret"); });
      EXPECT_TRUE(std::ranges::count(expected, answer) != 0) << std::hex << answer;
      if (answer == CKR_OK) module->C_Logout(session.handle());
    }
  }

  const ScratchFolder folder_;
};

TEST_F(HostileApplianceTest, ListsUnknownKeysWithoutEnd) {
  hold_to_limits(
      [](const TestRequest& request) {
        return page_of_unknown_keys({.first = number_in(request)});
      },
      1, {CKR_DEVICE_ERROR});
}

TEST_F(HostileApplianceTest, ListsLargeCertificatesWithoutEnd) {
  hold_to_limits(
      [](const TestRequest& request) {
        return page_of_certificates({.first = number_in(request), .count = 23}, 260'000);
      },
      1, {CKR_DEVICE_ERROR});
}

TEST_F(HostileApplianceTest, ListsKeysThatTakeLongToCheck) {
  hold_to_limits(
      [](const TestRequest& request) {
        const std::size_t first = number_in(request);
        return page_of_keys({.first = first, .next = first + 1000 < kMostKeys}, 0, Point::slow);
      },
      2, {CKR_DEVICE_ERROR, CKR_OK});
}

// Small keys are the most objects, those with long labels the most bytes. Each login finds another list altogether.
TEST_F(HostileApplianceTest, ReplacesTheLongestListByAnother) {
  const auto logins = std::make_shared<std::size_t>(0);
  hold_to_limits(
      [logins](const TestRequest& request) {
        const std::size_t cursor = number_in(request);
        if (cursor == 0) ++*logins;
        const std::size_t first = cursor == 0 ? *logins * 1'000'000 : cursor;
        const std::size_t place = first % 1'000'000;
        TestReply reply =
            page_of_keys({.first = first, .next = place + 1000 < kMostKeys}, 100, Point::usual);
        reply.headers["ETag"] = "\"" + std::to_string(first / 1'000'000) + "\"";
        return reply;
      },
      3, {CKR_OK}, kLongLimit);
}

TEST_F(HostileApplianceTest, ReplacesTheLargestCertificatesByOthers) {
  const auto logins = std::make_shared<std::size_t>(0);
  hold_to_limits(
      [logins](const TestRequest& request) {
        const std::size_t cursor = number_in(request);
        if (cursor == 0) ++*logins;
        const std::size_t first = cursor == 0 ? *logins * 1'000'000 : cursor;
        const std::size_t place = first % 1'000'000;
        TestReply reply =
            page_of_certificates({.first = first, .count = 15, .next = place + 15 < 60}, 259'000);
        reply.headers["ETag"] = "\"" + std::to_string(first / 1'000'000) + "\"";
        return reply;
      },
      3, {CKR_OK}, kLongLimit);
}

TEST_F(HostileApplianceTest, FillsABodyWithValues) {
  hold_to_limits(
      [](const TestRequest&) -> TestReply {
        std::string body = R"({"keys":[],"certificates":[],"x":[0)";
        while (body.size() + 8 < kLargestBody) body += ",0";
        return {.body = body + "]}", .headers = {{"ETag", "\"1\""}}};
      },
      1, {CKR_DEVICE_ERROR});
}

TEST_F(HostileApplianceTest, SendsHeadersWithoutEnd) {
  hold_to_limits(
      [](const TestRequest&) -> TestReply {
        std::string raw = "HTTP/1.1 200 OK\r\n";
        for (std::size_t i = 0; raw.size() < 16 * kLargestBody; ++i) {
          raw += "X-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n";
        }
        return {.raw = raw};
      },
      1, {CKR_DEVICE_ERROR});
}

TEST_F(HostileApplianceTest, ContinuesWithoutEnd) {
  hold_to_limits(
      [](const TestRequest&) -> TestReply {
        std::string raw;
        while (raw.size() < 16 * kLargestBody) {
          raw += "HTTP/1.1 100 Continue\r\nX: " + std::string(1000, 'x') + "\r\n\r\n";
        }
        return {.raw = raw};
      },
      1, {CKR_DEVICE_ERROR});
}

}  // namespace
}  // namespace signet::tests
