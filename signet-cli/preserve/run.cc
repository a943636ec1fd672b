// signet preserve run, check: extends what is due; looks at what is registered.
#include <fmt/format.h>
#include <sys/stat.h>

#include <memory>

#include "signet-cli/preserve/calendar.h"
#include "signet-cli/preserve/command.h"
#include "signet-cli/preserve/files.h"
#include "signet-cli/preserve/report.h"
#include "signet-cli/seal/authority_options.h"
#include "signet-cli/seal/progress_line.h"

namespace signet::cli {

namespace {

using preservation::DocumentReport;
using preservation::KeptDocument;
using preservation::Outcome;
using preservation::RunSummary;

// Tells of each document as it is done with.
class Telling {
 public:
  Telling(const PreserveOptions& options, Context& context)
      : options_(options), context_(context) {}

  void begin(std::size_t all) { line_.emplace(all); }

  void one(const DocumentReport& report) {
    if (line_) line_->done();
    if (line_) line_->hide();
    if (options_.json) shown_.push_back(json_of(report));
    if (report.after == nullptr) {
      if (!report.sentence.empty())
        context_.err << fmt::format("signet: {}: {}\n", printable(report.before.path),
                                    printable(report.sentence));
      context_.exit_code = kExitProblems;
    } else if (!options_.json) {
      context_.out << fmt::format("{}: {}: {}\n", report.before.path, name_of(report.outcome),
                                  condition_text(*report.after));
    }
    if (line_) line_->show();
  }

  void end() { line_.reset(); }

  boost::json::array shown() { return std::move(shown_); }

 private:
  const PreserveOptions& options_;
  Context& context_;
  std::optional<ProgressLine> line_;
  boost::json::array shown_;
};

Json json_of_summary(const RunSummary& summary) {
  return {{"due", summary.all},         {"extended", summary.extended},
          {"changed", summary.changed}, {"missing", summary.missing},
          {"failed", summary.failed},   {"left", summary.left}};
}

preservation::RunOptions run_options_of(const PreserveOptions& options, const Examiner& examiner,
                                        Telling& telling) {
  preservation::RunOptions run;
  run.within = options.margin;
  run.batch = options.batch;
  if (options.limit > 0) run.most = options.limit;
  run.resume = options.resume;
  run.stop = &examiner.stop();
  run.begins = [&telling](std::size_t all) { telling.begin(all); };
  run.done = [&telling](const DocumentReport& report) { telling.one(report); };
  return run;
}

VerifyResult<void> run_calendar(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(complete(options));
  BOOST_OUTCOME_TRY(const auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::change));
  BOOST_OUTCOME_TRY(const auto examiner, Examiner::open(options, context));
  Telling telling(options, context);
  // A new version gets its document's mode when it takes its place; until then nobody else may read it.
  ::umask(S_IRWXG | S_IRWXO);
  const auto done =
      preservation::run(*documents, examiner->work(), run_options_of(options, *examiner, telling));
  telling.end();
  if (!done) return refusal_of(done.error());
  const RunSummary& summary = done.value();
  if (options.json)
    print_json(Json{{"run", json_of_summary(summary)}, {"documents", telling.shown()}},
               context.out);
  else
    context.out << fmt::format("{} due: {} extended, {} changed, {} missing, {} failed, {} left\n",
                               summary.all, summary.extended, summary.changed, summary.missing,
                               summary.failed, summary.left);
  // What --limit leaves is meant to be left.
  if (examiner->stop()) context.exit_code = exit_failed;
  return success();
}

VerifyResult<std::vector<KeptDocument>> chosen(const OpenRegister& documents,
                                               const std::vector<std::string>& names) {
  if (names.empty()) {
    auto all = documents->all();
    if (!all) return refusal_of(all.error());
    return std::move(all).value();
  }
  std::vector<KeptDocument> found;
  for (const std::string& name : names) {
    auto one = documents->find(registered_path(name));
    if (!one) return refusal_of(one.error());
    if (!one.value())
      return VerifyRefusal{exit_failed, fmt::format("\"{}\" is not registered", name)};
    found.push_back(*std::move(one).value());
  }
  return found;
}

VerifyResult<void> check_documents(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(complete(options));
  BOOST_OUTCOME_TRY(const auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::change));
  BOOST_OUTCOME_TRY(const auto examiner, Examiner::open(options, context));
  BOOST_OUTCOME_TRY(const auto which, chosen(documents, options.files));
  Telling telling(options, context);
  telling.begin(which.size());
  const auto done = preservation::inspect(*documents, examiner->work(), which, options.batch,
                                          &examiner->stop(), [&](const DocumentReport& report) {
                                            telling.one(report);
                                            if (report.after != nullptr && !report.after->passed())
                                              context.exit_code = kExitProblems;
                                          });
  telling.end();
  if (!done) return refusal_of(done.error());
  if (options.json) print_json(Json{{"documents", telling.shown()}}, context.out);
  if (examiner->stop()) context.exit_code = exit_failed;
  return success();
}

}  // namespace

void add_preserve_run(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("run", "Extend the documents that are due");
  const auto options = std::make_shared<PreserveOptions>();
  add_register_options(*command, *options);
  add_within_option(*command, *options);
  command
      ->add_option("--hash", options->extending.hash,
                   "Of new time-stamps: SHA256 (default), SHA384, SHA512")
      ->transform(CLI::IsMember({"SHA256", "SHA384", "SHA512"}, CLI::ignore_case))
      ->type_name("HASH");
  add_examining_options(*command, *options);
  command->add_option("--limit", options->limit, "Documents in this call, at most")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command->add_flag("--resume", options->resume,
                    "Go on with the run that did not end: leave out what it has tried");
  command
      ->add_option("--profile", options->extending.authorities.profile,
                   "Profile of the configuration, for its time-stamp authorities")
      ->type_name("NAME");
  add_authority_options(*command, options->extending.authorities);
  command->footer(
      "Exit status: 0 all that was due is extended, 44 documents are changed, missing or not "
      "valid, or could not be extended.");
  command->callback([options, &context] {
    if (const auto done = run_calendar(*options, context); !done)
      refuse(*options, done.error(), context);
  });
}

void add_preserve_check(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "check", "See whether the registered documents are unchanged, and validate them again");
  const auto options = std::make_shared<PreserveOptions>();
  command->add_option("FILE", options->files, "Registered documents; default: all");
  add_register_options(*command, *options);
  add_examining_options(*command, *options);
  command->footer("Exit status: 0 all are as they should be, 44 documents need attention.");
  command->callback([options, &context] {
    if (const auto done = check_documents(*options, context); !done)
      refuse(*options, done.error(), context);
  });
}

}  // namespace signet::cli
