#include "signet-cli/extend/options.h"

#include <CLI/Validators.hpp>
#include <algorithm>
#include <array>
#include <utility>

#include "config/config_reader.h"
#include "crypto/algorithm_table.h"
#include "signet-cli/seal/authority_options.h"
#include "signet-cli/seal/tool.h"
#include "signet-cli/verify/judging.h"
#include "signet-cli/verify/sealed_file.h"

namespace signet::cli {

namespace {

using preservation::Level;

constexpr std::array kLevels = {Level::b_t, Level::b_lt, Level::b_lta};

// How often sources are asked again, of the time for which is waited.
constexpr int kTurns = 20;
constexpr std::chrono::seconds kSoonest{1}, kLatest{30};

struct HashWord {
  const char* word;
  crypto::Hash hash;
};
constexpr std::array kHashWords = {HashWord{"SHA256", crypto::Hash::sha256},
                                   HashWord{"SHA384", crypto::Hash::sha384},
                                   HashWord{"SHA512", crypto::Hash::sha512}};

VerifyResult<void> check(const ExtendOptions& options) {
  if (!options.out.empty() && options.files.size() > 1)
    return wrong_options("--out is for one document; of several --out-dir takes the folder");
  if (!options.out.empty() && !options.out_dir.empty())
    return wrong_options("--out and --out-dir exclude each other");
  if (!options.validation.data.empty() && options.files.size() > 1)
    return wrong_options("--data is about one document");
  if (options.force && options.out.empty() && options.out_dir.empty())
    return wrong_options("--force belongs to --out or --out-dir");
  BOOST_OUTCOME_TRY(check_online_options(options.validation));
  if (!options.wait_fresh.empty() && !options.validation.online)
    return wrong_options("--wait-fresh belongs to --online: what is waited for is fetched");
  return success();
}

// The authorities of the command line, or of the configuration.
VerifyResult<preservation::StampSource> stamps_of(SealOptions& options) {
  const auto settings = settings_of(options);
  if (!settings) return refusal_of(settings.error());
  const auto tool = open_stamp_tool(settings.value());
  if (!tool) return refusal_of(tool.error());
  if (!tool.value().time_stamps) return preservation::StampSource();
  return preservation::stamps_from(tool.value().time_stamps, tool.value().wish.stamp_limit,
                                   tool.value().key_service);
}

VerifyResult<std::optional<std::chrono::seconds>> wait_of(const ExtendOptions& options) {
  if (options.wait_fresh.empty()) return std::optional<std::chrono::seconds>();
  const auto span = span_of(options.wait_fresh);
  if (!span) return wrong_options("--wait-fresh takes a span, such as 10m or 24h");
  return span;
}

}  // namespace

void add_extend_options(CLI::App& command, ExtendOptions& options) {
  command
      .add_option("FILE", options.files, "Sealed documents: PDF, or CMS messages (IN.p7s, IN.p7m)")
      ->required();
  command
      .add_option("--level", options.level,
                  "B-T, B-LT or B-LTA (default); a document that has B-LTA is prolonged")
      ->transform(CLI::IsMember({"B-T", "B-LT", "B-LTA"}, CLI::ignore_case))
      ->type_name("LEVEL");
  command
      .add_option("--hash", options.hash, "Of new time-stamps: SHA256 (default), SHA384, SHA512")
      ->transform(CLI::IsMember({"SHA256", "SHA384", "SHA512"}, CLI::ignore_case))
      ->type_name("HASH");
  command
      .add_option("-o,--out", options.out,
                  "The extended document; default: it replaces the document itself")
      ->type_name("OUT");
  command.add_option("--out-dir", options.out_dir, "Folder for the extended documents")
      ->type_name("DIR");
  command.add_flag("--force", options.force, "Replace outputs that are there");
  add_evidence_options(command, options.validation);
  add_rule_options(command, options.validation);
  add_password_option(command, options.validation);
  command
      .add_option("--wait-fresh", options.wait_fresh,
                  "With --online: revocation data must be newer than what it serves, and is waited "
                  "for, at most that long")
      ->type_name("SPAN");
  command.add_flag("--force-invalid", options.force_invalid,
                   "Extend documents that do not validate");
  command
      .add_option("--profile", options.authorities.profile,
                  "Profile of the configuration, for its time-stamp authorities")
      ->type_name("NAME");
  add_authority_options(command, options.authorities);
  command.add_flag("--json", options.json, "Write one JSON object");
}

VerifyResult<ExtendTask> task_of(ExtendOptions& options) {
  BOOST_OUTCOME_TRY(check(options));
  ExtendTask task;
  preservation::ExtensionRequest& request = task.request;
  const auto* const level = std::ranges::find_if(
      kLevels, [&](Level each) { return validation::name_of(each) == options.level; });
  if (level != kLevels.end()) request.level = *level;
  const auto* const hash = std::ranges::find_if(
      kHashWords, [&](const HashWord& each) { return each.word == options.hash; });
  if (hash != kHashWords.end()) request.hash = hash->hash;
  BOOST_OUTCOME_TRY(request.pdf_password, password_of(options.validation));
  BOOST_OUTCOME_TRY(auto judging, judging_of(options.validation));
  request.policy = std::move(judging.policy);
  request.certificates = std::move(judging.certificates);
  request.revocations = std::move(judging.revocations);
  request.online = std::move(judging.online);
  task.lists = std::move(judging.lists);
  task.notes = std::move(judging.notes);
  BOOST_OUTCOME_TRY(request.wait_fresh, wait_of(options));
  if (request.wait_fresh)
    request.ask_again = std::clamp(*request.wait_fresh / kTurns, kSoonest, kLatest);
  BOOST_OUTCOME_TRY(request.stamp, stamps_of(options.authorities));
  request.force_invalid = options.force_invalid;
  return task;
}

}  // namespace signet::cli
