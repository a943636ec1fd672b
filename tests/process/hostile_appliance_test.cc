// However hostile an appliance with the right pin is: no call exceeds its limit by more than a second, and the process
// does not grow by more than 128 MiB.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>

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
constexpr std::chrono::seconds kSlowLimit = 15s;  // where the end of the answer is late
constexpr std::size_t kLargestBody = std::size_t{8} * 1024 * 1024;
constexpr std::size_t kMostKeys = 10'000;
constexpr std::chrono::milliseconds kBeforeDeadline = 300ms;

// Sends the last bytes of an answer one by one, for so long.
void send_end_slowly(TestReply& reply, std::chrono::steady_clock::duration time) {
  constexpr int slow_bytes = 100;
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(time);
  reply.pause_between_bytes = std::max(whole / slow_bytes, 1ms);
  reply.slow_bytes = slow_bytes;
}

// What each login may answer.
using Expected = std::vector<std::set<CK_RV>>;

class HostileApplianceTest : public testing::Test {
 protected:
  // Logs in as often as something is expected, each time after a logout, and holds every call to its limit.
  void hold_to_limits(const HostileServer::Handler& objects, const Expected& expected,
                      std::chrono::seconds limit = kLimit, const std::string& other_limits = {}) {
    const HostileServer server(native_appliance(objects));
    configure(folder_.path(), {.call = limit, .limits = other_limits}, server.member("/dsa/v1"));
    EXPECT_TRUE(in_other_process([&] { log_in(expected, limit); }));
  }

 private:
  static void log_in(const Expected& expected, std::chrono::seconds limit) {
    const Module module;
    Session session(module);
    const BoundedCalls calls(limit);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const CK_RV answer =
          calls.run("login " + std::to_string(i), [&] { return session.try_login("secret"); });
      EXPECT_TRUE(expected[i].contains(answer)) << std::hex << answer;
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
      {{CKR_DEVICE_ERROR}});
}

TEST_F(HostileApplianceTest, ListsLargeCertificatesWithoutEnd) {
  hold_to_limits(
      [](const TestRequest& request) {
        return page_of_certificates({.first = number_in(request), .count = 23}, 260'000);
      },
      {{CKR_DEVICE_ERROR}});
}

TEST_F(HostileApplianceTest, ListsKeysThatTakeLongToCheck) {
  hold_to_limits(
      [](const TestRequest& request) {
        const std::size_t first = number_in(request);
        return page_of_keys({.first = first, .next = first + 1000 < kMostKeys}, 0, Point::slow);
      },
      {{CKR_DEVICE_ERROR, CKR_OK}, {CKR_DEVICE_ERROR, CKR_OK}});
}

// Small keys are the most objects, those with long labels the most bytes. Each login finds another list altogether.
TEST_F(HostileApplianceTest, ReplacesTheLongestListByAnother) {
  const auto lists = std::make_shared<ChangingList>();
  hold_to_limits(
      [lists](const TestRequest& request) {
        const ListPage page = lists->asked_by(request);
        const bool next = page.place + 1000 < kMostKeys;
        TestReply reply = page_of_keys({.first = page.first(), .next = next}, 100, Point::usual);
        reply.headers["ETag"] = page.etag();
        return reply;
      },
      {{CKR_OK}, {CKR_OK}, {CKR_OK}}, kLongLimit);
}

TEST_F(HostileApplianceTest, ReplacesTheLargestCertificatesByOthers) {
  const auto lists = std::make_shared<ChangingList>();
  hold_to_limits(
      [lists](const TestRequest& request) {
        const ListPage page = lists->asked_by(request);
        const bool next = page.place + 15 < 60;
        TestReply reply =
            page_of_certificates({.first = page.first(), .count = 15, .next = next}, 259'000);
        reply.headers["ETag"] = page.etag();
        return reply;
      },
      {{CKR_OK}, {CKR_OK}, {CKR_OK}}, kLongLimit);
}

// The second list's last bytes come one by one up to shortly before the deadline, when the first list is still in use: all
// that is left to do with both of them then is done in the second that a call may take longer.
TEST_F(HostileApplianceTest, ListsAsMuchAsItMayUntilShortlyBeforeTheDeadline) {
  const auto lists = std::make_shared<ChangingList>();
  const auto began = std::make_shared<std::chrono::steady_clock::time_point>();
  hold_to_limits(
      [lists, began](const TestRequest& request) {
        const ListPage page = lists->asked_by(request);
        const auto now = std::chrono::steady_clock::now();
        if (page.place == 0) *began = now;
        TestReply reply = page_at_every_limit(page);
        if (page.list == 2 && is_last_at_every_limit(page)) {
          send_end_slowly(reply, *began + kSlowLimit - kBeforeDeadline - now);
        }
        return reply;
      },
      {{CKR_OK}, {CKR_OK, CKR_DEVICE_ERROR}}, kSlowLimit, "sign_attempt = \"15s\"\n");
}

TEST_F(HostileApplianceTest, FillsABodyWithValues) {
  hold_to_limits(
      [](const TestRequest&) -> TestReply {
        std::string body = R"({"keys":[],"certificates":[],"x":[0)";
        while (body.size() + 8 < kLargestBody) body += ",0";
        return {.body = body + "]}", .headers = {{"ETag", "\"1\""}}};
      },
      {{CKR_DEVICE_ERROR}});
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
      {{CKR_DEVICE_ERROR}});
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
      {{CKR_DEVICE_ERROR}});
}

}  // namespace
}  // namespace signet::tests
