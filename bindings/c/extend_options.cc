// How documents are extended.
#include <array>
#include <chrono>
#include <memory>

#include "bindings/c/accessors.h"
#include "bindings/c/call.h"
#include "bindings/c/extend_handles.h"
#include "bindings/c/hashes.h"

namespace signet::c {

namespace {

constexpr std::uint32_t kLongestWait = 604'800;  // seconds: a week

struct LevelRow {
  int number;
  preservation::Level level;
};
constexpr std::array kExtendedLevels = {
    LevelRow{SIGNET_SEAL_LEVEL_B_T, preservation::Level::b_t},
    LevelRow{SIGNET_SEAL_LEVEL_B_LT, preservation::Level::b_lt},
    LevelRow{SIGNET_SEAL_LEVEL_B_LTA, preservation::Level::b_lta}};

CallResult<preservation::Level> level_numbered(int number) {
  for (const LevelRow& row : kExtendedLevels)
    if (row.number == number) return row.level;
  return bad_argument("a document is extended to B-T, B-LT or B-LTA");
}

}  // namespace

}  // namespace signet::c

using signet::c::bad_argument;
using signet::c::CallResult;
using signet::c::change;
using signet::c::make_handle;

int signet_seal_extend_options_new(signet_seal_context* context,
                                   signet_seal_extend_options** options, signet_seal_error* error) {
  return make_handle(context, options, error);
}

void signet_seal_extend_options_free(signet_seal_extend_options* options) {
  signet::c::free_handle(options);
}

int signet_seal_extend_options_set_level(signet_seal_extend_options* options, int level,
                                         signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->level, signet::c::level_numbered(level));
    return signet::success();
  });
}

int signet_seal_extend_options_set_hash(signet_seal_extend_options* options, int hash,
                                        signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const auto row, signet::c::hash_numbered(hash));
    options->hash = row.hash;
    return signet::success();
  });
}

int signet_seal_extend_options_set_time_stamp_limit(signet_seal_extend_options* options,
                                                    uint32_t milliseconds,
                                                    signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->stamp_limit, signet::c::limit_of(milliseconds));
    return signet::success();
  });
}

int signet_seal_extend_options_set_wait_fresh(signet_seal_extend_options* options, uint32_t seconds,
                                              signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    if (seconds > signet::c::kLongestWait)
      return bad_argument("revocation data is waited for 604800 seconds at most");
    options->wait_fresh.reset();
    if (seconds > 0) options->wait_fresh = std::chrono::seconds(seconds);
    return signet::success();
  });
}

int signet_seal_extend_options_set_force_invalid(signet_seal_extend_options* options, int force,
                                                 signet_seal_error* error) {
  return change(options, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(options->force_invalid, signet::c::yes_or_no(force));
    return signet::success();
  });
}
