// By which rules, and with what beside the document, it is verified.
#include <chrono>
#include <memory>
#include <utility>

#include "bindings/c/accessors.h"
#include "bindings/c/call.h"
#include "bindings/c/seal.h"
#include "bindings/c/verify_handles.h"
#include "common/clock.h"
#include "validation/policy_input.h"

namespace signet::c {

namespace {

constexpr std::uint32_t kLongestFreshness = 315'360'000;  // seconds: ten years
constexpr std::uint64_t kLargestAnswer = std::uint64_t{1} << 30U;
constexpr std::uint32_t kLongestLimit = 3600;  // seconds, online

// Neither the first nor the last moment of the clock, which stand for none.
CallResult<validation::Time> time_of(std::int64_t seconds) {
  const validation::Time time = wall_time(seconds);
  if (seconds_of(time) != seconds || seconds == SIGNET_SEAL_NO_TIME)
    return bad_argument("this is not a time, in seconds since 1970");
  return time;
}

CallResult<std::chrono::seconds> online_limit(std::uint32_t seconds) {
  if (seconds == 0 || seconds > kLongestLimit) return bad_argument("a limit is 1 to 3600 seconds");
  return std::chrono::seconds(seconds);
}

}  // namespace

}  // namespace signet::c

using signet::c::bad_argument;
using signet::c::call;
using signet::c::CallResult;
using signet::c::change;
using signet::c::need;
using signet::c::text_of;
using signet::c::yes_or_no;

int signet_seal_verify_options_new(signet_seal_context* context,
                                   signet_seal_verify_options** options, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, options}));
    auto made = std::make_unique<signet_seal_verify_options>();
    const auto chosen = signet::validation::choose_suites({}, made->policy);
    if (!chosen) return signet::c::Refusal(SIGNET_SEAL_FAILED, chosen.error());
    *options = made.release();
    return signet::success();
  });
}

void signet_seal_verify_options_free(signet_seal_verify_options* options) {
  signet::c::free_handle(options);
}

int signet_seal_verify_options_set_time(signet_seal_verify_options* options, int64_t time,
                                        signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->at, signet::c::time_of(time));
    return signet::success();
  });
}

int signet_seal_verify_options_set_suite(signet_seal_verify_options* options,
                                         const char* name_or_file, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const std::string name, text_of(name_or_file));
    const auto chosen = signet::validation::choose_suites(name, options->policy);
    if (!chosen) return bad_argument(chosen.error());
    return signet::success();
  });
}

int signet_seal_verify_options_set_freshness(signet_seal_verify_options* options, uint32_t seconds,
                                             signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (seconds > signet::c::kLongestFreshness)
      return bad_argument("revocation data is fresh for at most 315360000 seconds");
    options->policy.freshness = std::chrono::seconds(seconds);
    return signet::success();
  });
}

int signet_seal_verify_options_set_sliding(signet_seal_verify_options* options, int sliding,
                                           signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (sliding != SIGNET_SEAL_SLIDE_NEXT_UPDATE && sliding != SIGNET_SEAL_SLIDE_LETTER)
      return bad_argument("this is not a value of enum signet_seal_sliding");
    options->policy.sliding = sliding == SIGNET_SEAL_SLIDE_LETTER
                                  ? signet::validation::Sliding::letter
                                  : signet::validation::Sliding::next_update;
    return signet::success();
  });
}

int signet_seal_verify_options_set_without_revocation(signet_seal_verify_options* options,
                                                      int accept, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->policy.accept_without_revocation, yes_or_no(accept));
    return signet::success();
  });
}

int signet_seal_verify_options_add_signature_policy(signet_seal_verify_options* options,
                                                    const char* oid, const void* document,
                                                    size_t size, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const std::string policy, signet::c::oid_of(oid));
    BOOST_OUTCOME_TRY(const auto bytes, signet::c::bytes_of(document, size));
    options->policy.signature_policies[policy] = signet::copy_of(bytes);
    return signet::success();
  });
}

int signet_seal_verify_options_set_online(signet_seal_verify_options* options, int online,
                                          signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->is_online, yes_or_no(online));
    return signet::success();
  });
}

int signet_seal_verify_options_set_online_limits(signet_seal_verify_options* options,
                                                 uint32_t each_seconds, uint32_t all_seconds,
                                                 uint64_t largest_answer,
                                                 signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const auto each, signet::c::online_limit(each_seconds));
    BOOST_OUTCOME_TRY(const auto all, signet::c::online_limit(all_seconds));
    if (largest_answer == 0 || largest_answer > signet::c::kLargestAnswer)
      return bad_argument("an answer has 1 byte to 1 GiB");
    options->online.each = each;
    options->online.all = all;
    options->online.largest_answer = largest_answer;
    return signet::success();
  });
}

int signet_seal_verify_options_add_online_host(signet_seal_verify_options* options,
                                               const char* host, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(auto name, text_of(host));
    options->online.hosts.push_back(std::move(name));
    return signet::success();
  });
}

int signet_seal_verify_options_set_online_cache(signet_seal_verify_options* options,
                                                const char* folder, signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->online.cache, text_of(folder));
    return signet::success();
  });
}

int signet_seal_verify_options_set_password(signet_seal_verify_options* options,
                                            const void* password, size_t size,
                                            signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->password, signet::c::pdf_password_of(password, size));
    return signet::success();
  });
}

int signet_seal_verify_options_set_revision(signet_seal_verify_options* options, size_t revision,
                                            signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    options->revision = revision;
    return signet::success();
  });
}
