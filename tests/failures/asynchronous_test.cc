// Signatures that are not there at once, against the emulator: it dies, it is late, the program dies; what may have been signed is
// said and counted.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "crypto/base64.h"
#include "tests/support/csc_service.h"
#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kLimit = 2s;  // of a call, as configured
constexpr auto kMostBeyond = 1s;

class AsynchronousTest : public testing::Test {
 protected:
  // Asks for signatures in operation mode A where told to; the figures go to a folder of its own.
  void configure(bool asynchronous, const std::string& limits = "call = \"2s\"\n") const {
    service_.configure("", service_.oauth2() + fmt::format("asynchronous = {}\n[token.limits]\n{}",
                                                           asynchronous, limits));
    const auto file = service_.folder() / "csc.toml";
    write_file(file, fmt::format("{}\n[metrics]\ndir = \"{}\"\n", read_file(file),
                                 (service_.folder() / "metrics").string()));
  }

  void delay(std::chrono::milliseconds time) const {
    service_.change_account({"--csc-delay", std::to_string(time.count())});
  }

  static Bytes sign(Session& session, const std::string& document) {
    return session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "signer", {}}),
                        view_of(document));
  }

  // The code of the failure, which comes in time.
  static CK_RV failed_sign(Session& session, const std::string& document) {
    const auto began = Clock::now();
    CK_RV code = CKR_OK;
    try {
      sign(session, document);
    } catch (const CryptokiError& error) {
      code = error.code();
    }
    EXPECT_LE(Clock::now() - began, kLimit + kMostBeyond);
    return code;
  }

  static void expect_own_signature(Session& session, const std::string& document) {
    const Bytes signature = sign(session, document);
    const auto certificate = session.find_one({CKO_CERTIFICATE, "signer", {}});
    EXPECT_TRUE(certificate_verifies(session.attribute(certificate, CKA_VALUE), view_of(document),
                                     signature));
  }

  void wait_for(const std::string& method, std::uint64_t calls) const {
    const auto end = Clock::now() + 20s;
    while (service_.calls(method) < calls && Clock::now() < end) std::this_thread::sleep_for(5ms);
    ASSERT_GE(service_.calls(method), calls);
  }

  // How `signet status` counts what is not known.
  static std::int64_t uncertain() {
    const auto status = boost::json::parse(output_of({SIGNET_TEST_COMMAND, "status", "--json"}));
    std::int64_t all = 0;
    for (const auto& process : status.at("processes").as_array()) {
      for (const auto& token : process.at("tokens").as_array()) {
        for (const auto& member : token.at("members").as_array()) {
          all += member.at("uncertainRequests").as_int64();
        }
      }
    }
    return all;
  }

  bool log_says(const std::string& words) const {
    return service_.log().find(words) != std::string::npos;
  }

  std::vector<std::string> journal() const {
    std::vector<std::string> digests;
    for (const auto& entry : journal_in(service_.state())) digests.push_back(entry.digest);
    return digests;
  }

  static std::string digest_of(const std::string& document) {
    return crypto::to_base64(sha256(view_of(document)));
  }

  CscService service_;
};

TEST_F(AsynchronousTest, TheServiceIsKilledWhileTheSignatureIsPending) {
  configure(true);
  delay(60s);
  {
    const Module module;
    Session session(module);
    session.login(service_.pin());
    std::thread killer([&] {
      wait_for("signatures/signPolling", 1);
      service_.member().kill();
    });
    const CK_RV code = failed_sign(session, "pending");
    killer.join();
    EXPECT_TRUE(code == CKR_DEVICE_REMOVED || code == CKR_DEVICE_ERROR) << std::hex << code;
    EXPECT_TRUE(log_says("it may still sign, and is not asked again")) << service_.log();
    delay(0s);
    service_.member().start();
    expect_own_signature(session, "after it");
  }
  EXPECT_EQ(uncertain(), 1);
}

TEST_F(AsynchronousTest, TheDeadlinePassesWhileTheSignatureIsPending) {
  configure(true);
  delay(60s);
  {
    const Module module;
    Session session(module);
    session.login(service_.pin());
    EXPECT_EQ(failed_sign(session, "pending"), CKR_DEVICE_ERROR);
    EXPECT_TRUE(log_says("it may still sign, and is not asked again")) << service_.log();
    EXPECT_EQ(service_.calls("signatures/signHash"), 1U);
    delay(0s);
    expect_own_signature(session, "after it");
  }
  EXPECT_EQ(uncertain(), 1);
}

TEST_F(AsynchronousTest, ALateAnswerIsNobodysElse) {
  configure(true);
  delay(2500ms);
  {
    const Module module;
    Session session(module);
    session.login(service_.pin());
    EXPECT_EQ(failed_sign(session, "late"), CKR_DEVICE_ERROR);
    std::this_thread::sleep_for(1500ms);  // it is there now
    delay(0s);
    expect_own_signature(session, "another");
    expect_own_signature(session, "late");  // made anew
  }
  EXPECT_EQ(journal(), (std::vector{digest_of("late"), digest_of("another"), digest_of("late")}));
  EXPECT_EQ(service_.calls("signatures/signHash"), 3U);
  EXPECT_EQ(uncertain(), 1);
}

TEST_F(AsynchronousTest, BothWordsForPendingAreWaitedFor) {
  configure(true, "call = \"10s\"\n");
  for (const char* word : {"polling-202", "polling-400"}) {
    service_.member().queue_faults(fmt::format(
        R"({{"kind":"dialect","variant":"{}","match":{{"path_prefix":"/csc/v2/signatures/signPolling"}},"times":3}})",
        word));
  }
  const Module module;
  Session session(module);
  session.login(service_.pin());
  expect_own_signature(session, "waited for");
  EXPECT_GE(service_.calls("signatures/signPolling"), 7U);
  EXPECT_EQ(service_.calls("signatures/signHash"), 1U);
}

TEST_F(AsynchronousTest, ALostAnswerMayHaveBeenSignedAndIsCounted) {
  configure(false);
  service_.member().queue_faults(
      R"({"kind":"reset","match":{"path_prefix":"/csc/v2/signatures/signHash"},"after_processing":true})");
  {
    const Module module;
    Session session(module);
    session.login(service_.pin());
    EXPECT_EQ(failed_sign(session, "lost"), CKR_DEVICE_ERROR);
    EXPECT_TRUE(log_says("it may have signed, and is not asked again")) << service_.log();
    expect_own_signature(session, "next");
  }
  EXPECT_EQ(journal(), (std::vector{digest_of("lost"), digest_of("next")}));
  EXPECT_EQ(uncertain(), 1);
}

// The fault holds the signature back, so that the program dies between its authorisation and its signature.
class KilledProgram : public AsynchronousTest, public testing::WithParamInterface<bool> {};

INSTANTIATE_TEST_SUITE_P(BeforeAndAfterTheServiceHasSigned, KilledProgram, testing::Bool());

TEST_P(KilledProgram, SignsWhenItIsStartedAgainAndTheJournalTells) {
  const bool signed_before = GetParam();
  configure(false, "call = \"20s\"\nsign_attempt = \"20s\"\n");
  service_.member().queue_faults(fmt::format(
      R"({{"kind":"stall","ms":3000,"match":{{"path_prefix":"/csc/v2/signatures/signHash"}},"after_processing":{}}})",
      signed_before));
  EXPECT_FALSE(in_other_process([&] {
    const Module module;
    Session session(module);
    session.login(service_.pin());
    std::thread killer([&] {
      wait_for("credentials/authorize", 1);
      while (service_.member().faults_met() == 0) std::this_thread::sleep_for(5ms);
      if (signed_before) {
        while (journal().empty()) std::this_thread::sleep_for(5ms);
      }
      ::kill(getpid(), SIGKILL);
    });
    sign(session, "of the first program");
    killer.join();
  }));
  const Module module;
  Session session(module);
  session.login(service_.pin());
  expect_own_signature(session, "of the second program");
  std::vector<std::string> expected = {digest_of("of the second program")};
  if (signed_before) expected.insert(expected.begin(), digest_of("of the first program"));
  EXPECT_EQ(journal(), expected);
}

}  // namespace
}  // namespace signet::tests
