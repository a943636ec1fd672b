// Everything that can go wrong with an appliance, at every function that asks it: see failure_table.txt.

#include "pkcs11-module/edge/testing/failure_table.h"

#include <gtest/gtest.h>

#include <set>

#include "cryptoki/rv_name.h"
#include "pkcs11-module/edge/testing/case_runner.h"

namespace signet::edge::testing {
namespace {

constexpr unsigned kLongEnough = 3;  // a call may ask more than once

std::string login_name(CK_STATE state) {
  switch (state) {
    case CKS_RW_USER_FUNCTIONS:
      return "user";
    case CKS_RW_SO_FUNCTIONS:
      return "so";
    default:
      return "none";
  }
}

TEST(FailureTable, EveryFailureAtEveryFunctionAnswersAsWritten) {
  CaseRunner runner;
  for (const FailureCase& item : read_failure_table(SIGNET_FAILURE_TABLE)) {
    SCOPED_TRACE("failure_table.txt:" + std::to_string(item.call.line) + ": " + item.call.function +
                 " " + std::string(item.failure.name));
    transport::FakeAppliance* appliance = nullptr;
    unsigned asked_before = 0;
    runner.before_call([&](ModuleSetup& setup) {
      appliance = &setup.appliance();
      asked_before = appliance->calls(item.question);
      appliance->fail_next(item.question, item.failure.failure, kLongEnough);
    });
    const CK_RV rv = runner.play(item.call);
    appliance->clear_failures();
    EXPECT_EQ(rv_name(rv), "CKR_" + item.call.answer);
    EXPECT_EQ(appliance->calls(item.question), asked_before + 1) << "a failure is not tried again";
    EXPECT_EQ(login_name(runner.session_state()), item.login);
    EXPECT_EQ(runner.active(), item.call.active);
  }
}

TEST(FailureTable, HasEveryQuestionThatAnApplianceIsAsked) {
  std::set<transport::FakeAppliance::Call> questions;
  for (const FailureCase& item : read_failure_table(SIGNET_FAILURE_TABLE)) {
    questions.insert(item.question);
  }
  // What it can do is asked by mechanism queries only; see below.
  constexpr auto all = static_cast<std::size_t>(transport::FakeAppliance::Call::last) + 1;
  EXPECT_EQ(questions.size(), all - 1);
}

class QuietFailure : public ::testing::TestWithParam<NamedFailure> {};

TEST_P(QuietFailure, AtAMechanismQueryStillListsWhatTheModuleDoesItself) {
  ModuleSetup setup;
  setup.appliance().fail_next(transport::FakeAppliance::Call::info, GetParam().failure);
  CK_ULONG count = 0;
  EXPECT_EQ(C_GetMechanismList(kSlot, nullptr, &count), CKR_OK);
  EXPECT_GT(count, 0U);
  EXPECT_EQ(setup.appliance().calls(transport::FakeAppliance::Call::info), 1U);
}

TEST_P(QuietFailure, AtASearchBeforeTheLoginShowsTheLastKnownObjects) {
  setenv("SIGNET_SCENE_PIN", kPin, 1);
  ModuleSetup setup("credential = \"env:SIGNET_SCENE_PIN\"");
  setup.appliance().fail_next(transport::FakeAppliance::Call::objects, GetParam().failure);
  const CK_SESSION_HANDLE session = setup.open();
  EXPECT_EQ(C_FindObjectsInit(session, nullptr, 0), CKR_OK);
  EXPECT_EQ(setup.appliance().calls(transport::FakeAppliance::Call::objects), 1U);
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, QuietFailure,
                         ::testing::ValuesIn(all_failures().begin(), all_failures().end()),
                         [](const auto& named) { return std::string(named.param.name); });

}  // namespace
}  // namespace signet::edge::testing
