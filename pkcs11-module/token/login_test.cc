#include "pkcs11-module/token/login.h"

#include <gtest/gtest.h>

#include <string_view>

namespace signet::token {
namespace {

Secret secret(std::string_view text) {
  return Secret(text);
}

Login login_of(Role role) {
  return {role, {"seal", secret("first")}};
}

TEST(LoginState, KeepsTheFirstOfTwoLogins) {
  LoginState state;
  ASSERT_TRUE(state.begin(login_of(Role::user)));
  const auto second = state.begin(login_of(Role::security_officer));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().rv, CKR_USER_ALREADY_LOGGED_IN);
  EXPECT_EQ(state.role(), Role::user);
  EXPECT_EQ(state.check_nobody(Role::user).error().rv, CKR_USER_ALREADY_LOGGED_IN);
  EXPECT_EQ(state.check_nobody(Role::security_officer).error().rv,
            CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
}

TEST(LoginState, TheSecurityOfficerIsNoUser) {
  LoginState state;
  ASSERT_TRUE(state.begin(login_of(Role::security_officer)));
  EXPECT_EQ(state.user().error().rv, CKR_USER_NOT_LOGGED_IN);
}

TEST(LoginState, ForgetsTheRefusedLoginAndNotALaterOne) {
  LoginState state;
  ASSERT_TRUE(state.begin(login_of(Role::user)));
  const LoginPtr refused = state.get();
  ASSERT_TRUE(state.end());
  ASSERT_TRUE(state.begin(login_of(Role::user)));
  state.forget_if(refused);
  EXPECT_EQ(state.role(), Role::user);
  state.forget_if(state.get());
  EXPECT_EQ(state.role(), Role::nobody);
  EXPECT_EQ(state.end().error().rv, CKR_USER_NOT_LOGGED_IN);
}

TEST(LoginState, GoesOnWithTheNewPasswordAndCallsUnderWayWithTheirs) {
  LoginState state;
  ASSERT_TRUE(state.begin(login_of(Role::user)));
  const LoginPtr before = state.get();
  state.renew_password(before, secret("second"));
  EXPECT_EQ(state.get()->credential.password, secret("second"));
  EXPECT_EQ(before->credential.password, secret("first"));
  state.renew_password(before, secret("third"));
  EXPECT_EQ(state.get()->credential.password, secret("second")) << "not that login's any more";
}

TEST(LoginState, ShowsWhatTheRefusalsSayUntilALogin) {
  LoginState state;
  state.note_failure(transport::Failure::wrong_password);
  state.note_failure(transport::Failure::account_locked);
  state.note_failure(transport::Failure::unreachable);
  EXPECT_EQ(state.pin_flags(), CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_LOCKED);
  ASSERT_TRUE(state.begin(login_of(Role::user)));
  EXPECT_EQ(state.pin_flags(), 0U);
}

TEST(LoginState, RemembersTheRefusedPassword) {
  LoginState state;
  EXPECT_FALSE(state.is_refused(secret("first")));
  state.note_refused(secret("first"));
  EXPECT_TRUE(state.is_refused(secret("first")));
  EXPECT_FALSE(state.is_refused(secret("second")));
}

}  // namespace
}  // namespace signet::token
