// A failure that happens once: what the module overcomes by itself, and that it asks for no signature twice.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "common/testing/scratch_folder.h"
#include "tests/failures/player.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

struct Row {
  const char* step;
  const char* failure;
  const char* code;
  int asked;                 // requests of the call that failed once
  const char* limits = "";   // more of [token.limits]
  bool of_version_1 = true;  // the other one, too
};

constexpr auto kCsc = std::to_array<Row>({
    {"info", "HTTP 503", "OK", 2},
    {"info", "HTTP 404", "OK", 2},  // GET in place of POST
    {"info", "connection reset", "OK", 2},
    {"token", "HTTP 503", "OK", 2},
    {"token", "half an answer", "OK", 2},
    {"list", "401 invalid_token: Token provided is not a valid OAuth access or refresh token", "OK",
     2},
    {"list", "400 invalid_request: Invalid parameter userID", "OK", 2},
    {"list", "connection reset", "OK", 2},
    {"credential", "half an answer", "OK", 2},
    {"authorize", "401 expired_token: Access or refresh token is expired or has been revoked", "OK",
     2},
    {"authorize", "HTTP 503", "OK", 2},
    // Each time that a wrong PIN arrives, the service counts it.
    {"authorize", "connection reset", "DEVICE_ERROR", 1},
    {"authorize", "HTTP 500", "DEVICE_ERROR", 1},
    {"extend", "400 invalid_request: SAD expired", "OK", 1},
    {"signHash", "400 invalid_request: SAD expired", "OK", 2},
    {"signHash", "401 invalid_token: Token provided is not a valid OAuth access or refresh token",
     "OK", 2},
    {"signHash", "HTTP 503", "OK", 2},
    {"signHash", "connection reset", "DEVICE_ERROR", 1},
    {"signHash", "half an answer", "DEVICE_ERROR", 1},
    {"signHash", "HTTP 500", "DEVICE_ERROR", 1},
    {"signHash", "HTTP 200 with garbage", "DEVICE_ERROR", 1},
    {"signHash", "no answer", "DEVICE_ERROR", 1},
    {"signHash", "connection reset", "OK", 2, "resign = true\n"},
    {"signHash", "half an answer", "OK", 2, "resign = true\n"},
    {"signHash", "no answer", "OK", 2, "resign = true\n"},
    {"signPolling", "connection reset", "OK", 3, "", false},
    {"signPolling", "HTTP 503", "OK", 3, "", false},
    {"signPolling", "HTTP 500", "OK", 3, "", false},
    {"signPolling", "no answer", "OK", 3, "", false},
    {"signPolling",
     "202 accepted_request: The previous async request has been accepted but not yet completed",
     "OK", 3, "", false},
    {"signPolling", "400 invalid_request: previous asynchronous signature request", "OK", 3, "",
     false},
});

constexpr auto kSapiws = std::to_array<Row>({
    // A login asks once for the account, and once for its objects.
    {"enum-certificates", "HTTP 503", "OK", 3},
    {"enum-certificates", "connection reset", "OK", 3},
    {"enum-certificates", "code 900201e0", "PIN_INCORRECT", 1},
    {"sign", "HTTP 503", "OK", 2},
    {"sign", "code 90020113", "OK", 2},
    {"sign", "connection reset", "DEVICE_ERROR", 1},
    {"sign", "half an answer", "DEVICE_ERROR", 1},
    {"sign", "HTTP 500", "DEVICE_ERROR", 1},
    {"sign", "HTTP 200 with garbage", "DEVICE_ERROR", 1},
    {"sign", "no answer", "DEVICE_ERROR", 1},
    {"sign", "connection reset", "OK", 2, "resign = true\n"},
    {"sign", "no answer", "OK", 2, "resign = true\n"},
    {"change-password", "HTTP 503", "OK", 2},
    {"change-password", "connection reset", "DEVICE_ERROR", 1},
});

template <typename List>
const auto& named(const List& list, std::string_view name) {
  const auto found = std::ranges::find(list, name, [](const auto& one) { return one.name; });
  if (found == list.end()) throw std::runtime_error(std::string(name) + " is not there");
  return *found;
}

void play_row(Dialect dialect, const std::vector<Failing>& failures, const Row& row) {
  SCOPED_TRACE(fmt::format("{} at {} {}", row.failure, row.step, row.limits));
  const auto steps = steps_of(dialect);
  Step step = named(steps, row.step);
  step.situation.limits += row.limits;
  const Outcome outcome = play(dialect, step, named(failures, row.failure), 1);
  EXPECT_EQ(outcome.code, row.code) << text_of(outcome);
  EXPECT_EQ(outcome.asked, row.asked);
}

TEST(Recovery, OfCscServicesFromWhatHappensOnce) {
  const auto failures = csc_failures();
  for (const Row& row : kCsc) {
    if (row.of_version_1) play_row(Dialect::csc1, failures, row);
    play_row(Dialect::csc2, failures, row);
  }
}

TEST(Recovery, OfAppliancesOverSoapFromWhatHappensOnce) {
  const auto failures = sapiws_failures();
  for (const Row& row : kSapiws) play_row(Dialect::sapiws, failures, row);
}

TEST(Recovery, OfASignatureThatIsPendingWhileTheServiceIsAway) {
  Situation situation;
  situation.asynchronous = true;
  situation.polls = 3;
  const auto service = make_csc_service(Dialect::csc2, situation);
  const ScratchFolder folder;
  folder.write("client.toml", service->config(folder.path().string()));
  use_config(folder / "client.toml");
  const Module module;
  Session session(module);
  session.login("1234");
  const auto key = session.find_one({CKO_PRIVATE_KEY, {}, {}});
  std::thread operator_of_it([&] {
    while (service->count("signatures/signPolling") == 0) std::this_thread::sleep_for(1ms);
    service->server().stop();
    std::this_thread::sleep_for(1s);
    service->server().start();
  });
  EXPECT_EQ(session.sign(CKM_ECDSA_SHA256, key, view_of("a document")).size(), 64U);
  operator_of_it.join();
  EXPECT_EQ(service->count("signatures/signHash"), 1);
}

}  // namespace
}  // namespace signet::tests
