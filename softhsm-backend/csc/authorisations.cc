// credentials/authorize and credentials/extendTransaction.
#include <algorithm>

#include "softhsm-backend/csc/algorithms.h"
#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/encoding.h"

namespace signet::emulator::csc {

namespace {

constexpr std::int64_t kSadLife = 300;  // seconds

std::optional<std::string> password_in(const Call& call, const char* id) {
  if (call.v1()) return text_in(call.body, id);
  const auto* const list = call.body.if_contains("authData");
  if (list == nullptr || !list->is_array()) return text_in(call.body, id);
  for (const auto& item : list->get_array()) {
    if (!item.is_object() || text_in(item.get_object(), "id") != id) continue;
    return text_in(item.get_object(), "value");
  }
  return std::nullopt;
}

}  // namespace

Outcome<void> Service::check_pin(Call& call) {
  const auto pin = password_in(call, "PIN");
  if (!pin) {
    return invalid(call.v1() ? "Missing (or invalid type) string parameter PIN"
                             : "Missing (or invalid type) array parameter authData");
  }
  const auto admitted = authenticator_.admit(call.account.user, Secret(std::string_view(*pin)),
                                             Authenticator::Expired::refused);
  if (admitted) return success();
  if (admitted.assume_error() != Denial::wrong_password) {
    return refusal_of(admitted.assume_error(), call.version);
  }
  if (call.v1()) return Refused{400, "invalid_pin", "The PIN is invalid"};
  return Refused{400, "invalid_authentication_data", "The authentication data is invalid"};
}

// The step of a one-time password, to be used up with the authorisation.
Outcome<std::optional<std::int64_t>> Service::check_otp(Call& call) {
  const auto otp = password_in(call, "OTP");
  std::optional<Secret> given;
  if (otp) given.emplace(std::string_view(*otp));
  const auto step = authenticator_.check_sign_credential(call.account, given);
  if (step) return step.assume_value();
  if (step.assume_error() == Denial::signing_locked) return invalid("OTP locked");
  return Refused{400, "invalid_otp", "The OTP is invalid"};
}

Outcome<Answer> Service::authorize(Call& call) {
  BOOST_OUTCOME_TRY(const Credential credential, credential_of(call));
  if (call.policy.mode == "oauth2code") {
    return Refused{400, "unauthorized_client", "This credential is authorised by oauth2code"};
  }
  BOOST_OUTCOME_TRY(check_usable(credential));
  BOOST_OUTCOME_TRY(const auto number, number_in(call.body, "numSignatures"));
  if (!number) return invalid("Missing (or invalid type) integer parameter numSignatures");
  if (*number < 1) return invalid("Invalid value for parameter numSignatures");
  if (*number > call.policy.multisign) return invalid("Numbers of signatures is too high");
  BOOST_OUTCOME_TRY(const auto hashes, hashes_to_authorize(call.body));
  const bool bound = call.policy.scal == 2;
  if (bound && hashes.empty()) return invalid("Missing (or invalid type) array parameter hashes");
  if (bound && static_cast<std::int64_t>(hashes.size()) > *number) {
    return invalid("Numbers of signatures is too low");
  }
  std::optional<std::int64_t> step;
  if (call.policy.mode == "explicit") {
    BOOST_OUTCOME_TRY(check_pin(call));
    BOOST_OUTCOME_TRY(step, check_otp(call));
  }
  return state_.write([&](Database& database) -> Outcome<Answer> {
    if (step && !use_one_time_step(database, call.account.user, *step)) {
      return Refused{400, "invalid_otp", "The OTP is invalid"};
    }
    const std::string sad = new_sad(database, call.account.user, credential.key.id, *number,
                                    kSadLife, bound ? hashes : std::vector<Bytes>());
    return answer_of(boost::json::object{{"SAD", sad}, {"expiresIn", kSadLife}});
  });
}

Outcome<Answer> Service::extend(Call& call) {
  BOOST_OUTCOME_TRY(const Credential credential, credential_of(call));
  BOOST_OUTCOME_TRY(check_usable(credential));
  BOOST_OUTCOME_TRY(const std::string given, required_text(call.body, "SAD"));
  BOOST_OUTCOME_TRY(const auto hashes, hashes_to_authorize(call.body));
  if (call.policy.scal == 2 && hashes.empty()) {
    return invalid("Missing (or invalid type) array parameter hashes");
  }
  return state_.write([&](Database& database) -> Outcome<Answer> {
    const auto sad = find_sad(database, given);
    if (!sad || sad->account != call.account.user || sad->credential != credential.key.id) {
      return invalid("Invalid parameter SAD");
    }
    if (sad->ends < now_milliseconds()) return invalid("SAD expired");
    if (sad->left < std::max<std::int64_t>(1, std::ssize(hashes))) {
      return invalid("Invalid parameter SAD");
    }
    const std::string next = extend_sad(database, *sad, kSadLife, hashes);
    return answer_of(boost::json::object{{"SAD", next}, {"expiresIn", kSadLife}});
  });
}

}  // namespace signet::emulator::csc
