// The appliance itself, accounts and passwords.

#include "dsa-transport/native/json_writer.h"
#include "dsa-transport/rest_appliance.h"
#include "dsa-transport/rest_state.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"

namespace signet::transport {

namespace {

Answer<WipedText> new_password_body(const Secret& new_password) {
  const std::string_view text = signet::text_of(new_password.reveal());
  if (!is_utf8(text)) {
    return refuse(Failure::password_policy, "the new password is not UTF-8 and cannot be sent");
  }
  return JsonWriter().text("newPassword", text).finish();
}

}  // namespace

Answer<ApplianceInfo> RestAppliance::info(Deadline deadline) {
  const Call call{"info", Access::read, state_->common_attempt(), deadline};
  HttpRequest request;
  request.path = "/appliance";
  auto info = plain(state_->ask<ApplianceInfo>(call, request,
                                               [](const HttpAnswer& answer) -> Read<ApplianceInfo> {
                                                 if (answer.status != kOk)
                                                   return WireError{"wrong status"};
                                                 auto read = read_info(answer.body);
                                                 // The HTTP server's clock, where it tells it.
                                                 if (read && answer.date) {
                                                   read.value().clock = answer.date;
                                                 }
                                                 return read;
                                               }));
  if (info) state_->sign_batcher.learn_most_digests(info.value().max_digests_per_request);
  return info;
}

Answer<AccountInfo> RestAppliance::account(const Credential& who, Deadline deadline) {
  BOOST_OUTCOME_TRY(check_user(who));
  const Call call{"account", Access::read, state_->common_attempt(), deadline};
  HttpRequest request;
  request.path = "/account";
  request.who = &who;
  return plain(
      state_->ask<AccountInfo>(call, request, [](const HttpAnswer& answer) -> Read<AccountInfo> {
        if (answer.status != kOk) return WireError{"wrong status"};
        return read_account(answer.body);
      }));
}

Answer<void> RestAppliance::change_password(const Credential& who, const Secret& new_password,
                                            Deadline deadline) {
  BOOST_OUTCOME_TRY(check_user(who));
  BOOST_OUTCOME_TRY(auto body, new_password_body(new_password));
  const Call call{"change password", Access::write, state_->common_attempt(), deadline};
  HttpRequest request;
  request.method = Method::put;
  request.path = "/account/password";
  request.who = &who;
  request.body = std::move(body);
  const auto result = state_->tell(call, request);
  if (result) return success();
  const CallFailure& failure = result.error();
  if (failure.error.failure != Failure::wrong_password || !failure.may_be_repeated) {
    return failure.error;
  }
  // An earlier attempt whose answer was lost may have changed it: then the old one is wrong by now,
  // and the new one is right.
  if (account({who.user, new_password}, deadline)) return success();
  return failure.error;
}

Answer<void> RestAppliance::set_password(const Credential& administrator, const std::string& user,
                                         const Secret& new_password, Deadline deadline) {
  BOOST_OUTCOME_TRY(check_user(administrator));
  BOOST_OUTCOME_TRY(auto body, new_password_body(new_password));
  const Call call{"set password", Access::write, state_->common_attempt(), deadline};
  HttpRequest request;
  request.method = Method::put;
  request.path = "/accounts/" + percent_encoded(user) + "/password";
  request.who = &administrator;
  request.body = std::move(body);
  return plain(state_->tell(call, request));
}

}  // namespace signet::transport
