#include "timestamps/token_check.h"

#include <fmt/format.h>

#include "common/clock.h"
#include "timestamps/excerpt.h"
#include "timestamps/request.h"

namespace signet::timestamps {

namespace {

using Checked = Result<void, TokenError>;
using std::chrono::seconds;

// Rounded up, so that what is over a limit is not called equal to it.
std::string span_text(std::chrono::nanoseconds span) {
  return fmt::format("{} s", std::chrono::ceil<seconds>(span).count());
}

Checked check_chain(const TimeStampToken& token, const TrustAnchors* trusted) {
  if (trusted == nullptr) return success();
  const auto found = trusted->check(*token.signer, token.certificates, token.time);
  if (found) return success();
  return TokenError{
      Defect::chain,
      fmt::format("the signer's certificate is not trusted: {}; check the CA file of the authority",
                  found.error())};
}

// In whole seconds first: a distance of centuries has no room in nanoseconds.
std::chrono::nanoseconds distance_between(std::chrono::system_clock::time_point a,
                                          std::chrono::system_clock::time_point b) {
  const auto whole = std::chrono::abs(std::chrono::floor<seconds>(a.time_since_epoch()) -
                                      std::chrono::floor<seconds>(b.time_since_epoch()));
  constexpr seconds century{std::int64_t{100} * 365 * 86'400};
  return whole < century ? std::chrono::abs(a - b) : century;
}

Checked check_clock(const TimeStampToken& token, const std::optional<Expected::Clock>& clock) {
  if (!clock) return success();
  const auto distance = distance_between(token.time, clock->now);
  if (distance <= clock->largest_distance) return success();
  return TokenError{
      Defect::time,
      fmt::format("its time {} is {} {} the clock here, and {} is allowed; check the clock of this "
                  "machine first",
                  utc_text(token.time), span_text(distance),
                  token.time > clock->now ? "ahead of" : "behind",
                  span_text(clock->largest_distance))};
}

}  // namespace

Checked check_request_fields(const TimeStampToken& token, const Expected& expected) {
  if (expected.hash != crypto::Hash::none &&
      (token.hash != expected.hash || !equal(token.imprint, expected.imprint))) {
    return TokenError{Defect::imprint, "the time-stamp is for another digest than the one sent"};
  }
  if (expected.nonce && token.nonce != expected.nonce) {
    return TokenError{Defect::nonce, token.nonce
                                         ? "the time-stamp has another nonce than the request"
                                         : "the time-stamp lacks the nonce of the request"};
  }
  if (!expected.policy.empty() && token.policy != expected.policy) {
    return TokenError{Defect::policy,
                      fmt::format("the time-stamp is under the policy {}, and {} was asked for; "
                                  "correct the policy or leave it out",
                                  excerpt(token.policy), excerpt(expected.policy))};
  }
  return success();
}

Checked check_token(const std::shared_ptr<crypto::Context>& context, const TimeStampToken& token,
                    const Expected& expected) {
  BOOST_OUTCOME_TRY(check_request_fields(token, expected));
  BOOST_OUTCOME_TRY(check_signer(context, token));
  BOOST_OUTCOME_TRY(check_signature(context, token));
  // A wrong clock is better known as one than as a certificate that is not valid yet.
  BOOST_OUTCOME_TRY(check_clock(token, expected.clock));
  return check_chain(token, expected.trusted.get());
}

}  // namespace signet::timestamps
