// An appliance that answers with wrong signatures: none reaches the caller.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"

namespace signet::tests {
namespace {

class LyingTest : public testing::TestWithParam<const char*> {};

TEST_P(LyingTest, AWrongSignatureIsADeviceErrorInTheLogAndIsNotReturned) {
  Laboratory lab(Laboratory::Route::direct);
  const Module module;
  Session session(module);
  session.login(lab.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  const std::string lie =
      fmt::format(R"({{"kind": "wrong-signature", "variant": "{}", "times": 0}})", GetParam());
  lab.primary().queue_faults(lie);
  lab.alternate().stop();  // or it would be asked after an answer of a wrong length, and be honest
  const std::string log_before = lab.log();

  const auto call = sign_once(session, key, "a document");  // throws where the buffer was touched

  EXPECT_EQ(call.code, CKR_DEVICE_ERROR);
  EXPECT_GT(lab.primary().faults_met(), 0U);
  const std::string log = lab.log().substr(log_before.size());
  EXPECT_NE(log.find("C_Sign: CKR_DEVICE_ERROR"), std::string::npos) << log;
  EXPECT_TRUE(log.find("a wrong signature") != std::string::npos ||
              log.find("violates the contract") != std::string::npos)
      << log;
  EXPECT_NE(log.find(" request_id="), std::string::npos) << log;

  lab.primary().clear_faults();
  EXPECT_TRUE(comes_true(Milliseconds(5'000),
                         [&] { return sign_once(session, key, "an honest one").code == CKR_OK; }));
}

TEST(LyingPairTest, AnAnswerOfAWrongLengthSendsTheCallToTheOtherMember) {
  Laboratory lab(Laboratory::Route::direct);
  const Module module;
  Session session(module);
  session.login(lab.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  lab.primary().queue_faults(R"({"kind": "wrong-signature", "variant": "short"})");

  const auto call = sign_once(session, key, "a document");

  EXPECT_EQ(call.code, CKR_OK);
  expect_reconciled({call}, lab.journal(), signer_certificate(module, lab.pin()));
}

INSTANTIATE_TEST_SUITE_P(, LyingTest,
                         testing::Values("other-key", "bit-flip", "other-digest", "short"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace signet::tests
