#include "softhsm-backend/native/authorization.h"

#include <algorithm>

#include "common/secret.h"
#include "crypto/base64.h"

namespace signet::emulator {

namespace {

struct Basic {
  std::string user;
  Secret password;
};

std::optional<Basic> read_basic(std::string_view header) {
  constexpr std::string_view scheme = "basic ";
  if (header.size() < scheme.size()) return std::nullopt;
  const bool scheme_fits =
      std::equal(scheme.begin(), scheme.end(), header.begin(),
                 [](char wanted, char seen) { return wanted == (seen | 0x20); });
  if (!scheme_fits) return std::nullopt;
  auto decoded = crypto::from_base64(header.substr(scheme.size()));
  if (!decoded) return std::nullopt;
  const std::string_view text = text_of(*decoded);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Basic basic{.user = std::string(text.substr(0, colon)),
              .password = Secret(text.substr(colon + 1))};
  wipe(decoded->data(), decoded->size());
  return basic;
}

}  // namespace

Outcome<Caller> caller_of(std::string_view authorization, Authenticator& authenticator,
                          Authenticator::Expired expired) {
  auto basic = read_basic(authorization);
  if (!basic) return problems::wrong_password();
  auto account = authenticator.admit(basic->user, basic->password, expired);
  if (!account) return problem_of(account.assume_error());
  return Caller{.account = std::move(account).assume_value(),
                .password = std::move(basic->password)};
}

Problem problem_of(Denial denial) {
  switch (denial) {
    case Denial::wrong_password:
      return problems::wrong_password();
    case Denial::account_locked:
      return problems::account_locked();
    case Denial::account_disabled:
      return problems::account_disabled();
    case Denial::account_not_activated:
      return problems::account_not_activated();
    case Denial::password_expired:
      return problems::password_expired();
    case Denial::signing_locked:
      return problems::key_locked(
          "Too many wrong sign credentials; an administrator must unlock them.");
    case Denial::no_sign_credential:
      return problems::sign_credential("This account signs only with signPassword.");
    case Denial::wrong_sign_password:
      return problems::sign_credential("The sign password is wrong.");
    case Denial::wrong_one_time_password:
      break;
  }
  return problems::sign_credential("The one-time password is wrong or was used already.");
}

}  // namespace signet::emulator
