// The appliance itself, accounts and passwords.

#include "common/utf8.h"
#include "dsa-transport/json_writer.h"
#include "dsa-transport/native/native_appliance.h"
#include "dsa-transport/native/state.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::native {

namespace {

Answer<WipedText> new_password_body(const Secret& new_password) {
  const std::string_view text = text_of(new_password.reveal());
  if (!is_utf8(text)) {
    return refuse(Failure::password_policy, "the new password is not UTF-8 and cannot be sent");
  }
  return JsonWriter().text("newPassword", text).finish();
}

Read<ApplianceInfo> read_info_response(const https::Response& response) {
  if (response.status != https::kOk) return WireError{"wrong status"};
  BOOST_OUTCOME_TRY(auto info, read_info(response.body));
  if (response.date) info.clock = response.date;  // the HTTP server's clock, where it tells it
  return info;
}

Read<AccountInfo> read_account_response(const https::Response& response) {
  if (response.status != https::kOk) return WireError{"wrong status"};
  return read_account(response.body);
}

}  // namespace

Task<Answer<ApplianceInfo>> NativeAppliance::start_info(Deadline deadline) {
  const Call call{"info", Access::read, state_->cluster.common_attempt(), deadline};
  auto info = plain(
      co_await state_->ask<ApplianceInfo>(call, get("/appliance", nullptr), read_info_response));
  if (info) state_->sign_batcher.learn_most_digests(info.value().max_digests_per_request);
  co_return info;
}

Task<Answer<AccountInfo>> NativeAppliance::start_account(const Credential& who, Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user(who));
  const Call call{"account", Access::login, state_->cluster.common_attempt(), deadline};
  co_return plain(
      co_await state_->ask<AccountInfo>(call, get("/account", &who), read_account_response));
}

Task<Answer<void>> NativeAppliance::start_change_password(const Credential& who,
                                                          const Secret& new_password,
                                                          Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user(who));
  BOOST_OUTCOME_CO_TRY(auto body, new_password_body(new_password));
  const Call call{"change password", Access::write, state_->cluster.common_attempt(), deadline};
  const auto result = co_await state_->tell(
      call, new_request(https::Method::put, "/account/password", &who, std::move(body)));
  if (result) co_return success();
  const CallFailure& failure = result.error();
  if (failure.error.failure != Failure::wrong_password || !failure.may_be_repeated) {
    co_return failure.error;
  }
  // An earlier attempt whose answer was lost may have changed it: then the old one is wrong by now,
  // and the new one is right.
  const Credential changed{who.user, new_password};
  const auto account = co_await start_account(changed, deadline);
  if (account) co_return success();
  co_return failure.error;
}

Task<Answer<void>> NativeAppliance::start_set_password(const Credential& administrator,
                                                       std::string user, const Secret& new_password,
                                                       Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user(administrator));
  if (!is_segment(user)) {
    co_return refuse(Failure::bad_parameter, "an account of this name cannot be addressed");
  }
  BOOST_OUTCOME_CO_TRY(auto body, new_password_body(new_password));
  const Call call{"set password", Access::write, state_->cluster.common_attempt(), deadline};
  const auto told = co_await state_->tell(
      call, new_request(https::Method::put, "/accounts/" + percent_encoded(user) + "/password",
                        &administrator, std::move(body)));
  if (!told) co_return told.error().error;
  co_return success();
}

Task<Answer<void>> NativeAppliance::start_add_account(const Credential& administrator,
                                                      NewAccount account, const Secret& password,
                                                      Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user(administrator));
  const std::string_view text = text_of(password.reveal());
  if (!is_segment(account.user) || !is_utf8(account.common_name) || !is_utf8(text)) {
    co_return refuse(Failure::bad_parameter, "the account's name or password cannot be sent");
  }
  JsonWriter body;
  body.text("user", account.user).text("commonName", account.common_name).text("password", text);
  if (account.key_limit) body.number("keyLimit", *account.key_limit);
  const Call call{"add account", Access::write, state_->cluster.common_attempt(), deadline};
  const auto read = [&](const https::Response& response) -> Read<AccountInfo> {
    if (response.status != https::kCreated) return WireError{"wrong status"};
    BOOST_OUTCOME_TRY(auto made, read_account(response.body));
    if (made.user != account.user) return WireError{"the account made is not the one asked for"};
    return made;
  };
  const auto made = co_await state_->ask<AccountInfo>(
      call, new_post("/accounts", administrator, body.finish()), read);
  if (!made) co_return made.error().error;
  co_return success();
}

}  // namespace signet::transport::native
