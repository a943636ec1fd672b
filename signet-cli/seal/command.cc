// signet seal: seals documents with a key of a token (sealing/).
#include "signet-cli/command.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "signet-cli/seal/batch.h"
#include "signet-cli/seal/options.h"
#include "signet-cli/seal/preview.h"
#include "signet-cli/seal/records.h"
#include "signet-cli/seal/report.h"
#include "signet-cli/seal/tool.h"
#include "signet-cli/seal/watch.h"
#include "signet-cli/stop_signal.h"
#include "signet-cli/suite_choice.h"
#include "signet-cli/token_options.h"

namespace signet::cli {

namespace {

using sealing::Error;
using sealing::Failure;
using sealing::SealResult;

constexpr std::uint64_t kForeignLimit = std::uint64_t{2} * 1024 * 1024 * 1024;  // bytes

class Seal {
 public:
  Seal(const SealOptions& options, Context& context) : options_(options), context_(context) {}

  SealResult<void> run() {
    BOOST_OUTCOME_TRY(settings_, settings_of(options_));
    if (!options_.watch.empty()) return watch();
    if (options_.resume && options_.inputs.empty()) {
      BOOST_OUTCOME_TRY(options_.inputs, degraded_files());
      if (options_.inputs.empty()) {
        context_.out << "no seal lacks its time-stamp\n";
        return success();
      }
    }
    if (options_.inputs.empty())
      return Error(Failure::settings,
                   "there is nothing to seal: name a document, or - for standard input");
    BOOST_OUTCOME_TRY(auto wish, options_.resume
                                     ? SealResult<sealing::SealWish>(sealing::SealWish())
                                     : seal_wish_of(settings_));
    BOOST_OUTCOME_TRY(const auto format, format_of(settings_));
    if (options_.add && format == SealFormat::pades)
      return settings_error(
          "--add is for CAdES; a second seal in a PDF document is made like the first one");
    BOOST_OUTCOME_TRY(jobs_, jobs_of(options_, format, wish.external));
    for (SealJob& job : jobs_)
      if (job.in == "-") {
        BOOST_OUTCOME_TRY(auto input, sealing::Input::spooled(0));
        job.spooled = std::make_shared<sealing::Input>(std::move(input));
        job.pades = !options_.add && !options_.resume &&
                    (format == SealFormat::by_document ? begins_as_pdf(*job.spooled)
                                                       : format == SealFormat::pades);
      }
    return batch();
  }

 private:
  // With what each seal is measured by.
  SealResult<SealTool> sealing_tool() const {
    const auto suite = chosen_suite(options_.suite);
    if (!suite) return settings_error(suite.error());
    BOOST_OUTCOME_TRY(auto tool, open_seal_tool(settings_));
    tool.wish.suite = suite.value();
    return tool;
  }

  SealResult<void> batch() {
    BOOST_OUTCOME_TRY(const auto tool,
                      options_.resume ? open_stamp_tool(settings_) : sealing_tool());
    if (options_.resume && !tool.time_stamps)
      return Error(
          Failure::settings,
          "--resume needs a time-stamp authority: name one with --tsa URL, or in [[seal.tsa]]");
    if (!options_.preview.empty()) return preview(tool);
    if (!options_.resume && !options_.add) warn_of_size(tool.wish);
    const bool to_standard = jobs_.size() == 1 && jobs_.front().out == "-";
    const StopSignal stop;
    SealReport report(context_, to_standard ? context_.err : context_.out,
                      options_.json ? SealReport::Form::json : SealReport::Form::text,
                      jobs_.size());
    in_threads(jobs_.size(), tool.threads, stop.wanted(), [&](std::size_t at) {
      std::uint64_t told = 0;
      sealing::Control control;
      control.cancelled = &stop.wanted();
      control.progress = [&](std::uint64_t done, std::uint64_t /*all*/) {
        report.read(done - told);
        told = done;
      };
      report.add(options_.resume ? raise_one(tool, options_, jobs_[at])
                                 : seal_and_remember(tool, jobs_[at], control));
    });
    report.finish(stop.wanted());
    return success();
  }

  // Before a degraded seal is there, so that a kill leaves none that --resume does not know.
  SealOutcome seal_and_remember(const SealTool& tool, const SealJob& job,
                                sealing::Control& control) const {
    bool is_new = false;
    bool is_lost = false;
    control.before_delivery = [&](const sealing::Sealed& sealed) -> SealResult<void> {
      if (!sealed.degraded || job.out == "-") return success();
      is_new = !why_degraded(job.out);
      is_lost = !remember_degraded(job.out, sealed.why_degraded);
      return success();
    };
    SealOutcome outcome = seal_one(tool, options_, job, control);
    if (outcome.error && is_new) forget_degraded(job.out);
    if (outcome.sealed && is_lost) outcome.sealed->remarks.emplace_back(kNotRemembered);
    return outcome;
  }

  SealResult<void> preview(const SealTool& tool) {
    if (jobs_.size() != 1 || !jobs_.front().pades)
      return settings_error("--preview is of one PDF document");
    if (options_.preview == "-")
      return settings_error(
          "--preview takes the name of a file: a picture is not for standard output");
    if (same_file(jobs_.front().in, options_.preview))
      return settings_error("--preview would replace the document itself");
    BOOST_OUTCOME_TRY(const auto input, input_of(jobs_.front()));
    sealing::SealWish wish = tool.wish;
    wish.reference = options_.reference;
    if (auto made = write_preview(tool, wish, *input, options_.preview, options_.force); !made) {
      if (made.error().failure == Failure::exists) made.error().sentence += ": --force replaces it";
      return made.error();
    }
    context_.out << printable(options_.preview) << ": the page with its seal; nothing was sealed\n";
    return success();
  }

  SealResult<void> watch() {
    if (!options_.inputs.empty())
      return Error(Failure::settings,
                   "--watch seals what is moved into its folder: name no document");
    BOOST_OUTCOME_TRY(check_watch_folders(options_));
    BOOST_OUTCOME_TRY(const auto tool, sealing_tool());
    const StopSignal stop;
    SealReport report(context_, context_.out,
                      options_.json ? SealReport::Form::json_lines : SealReport::Form::text, 0);
    BOOST_OUTCOME_TRY(watch_folder(tool, options_, report, stop));
    if (options_.once) report.finish(stop.wanted());
    return success();
  }

  // OpenSSL and Bouncy Castle read no internal seal of a longer document with a definite length.
  void warn_of_size(const sealing::SealWish& wish) {
    if (wish.external || wish.indefinite) return;
    for (const SealJob& job : jobs_) {
      if (job.pades) continue;
      std::error_code unknown;
      const auto size =
          job.spooled ? job.spooled->size() : std::filesystem::file_size(job.in, unknown);
      if (unknown || size <= kForeignLimit) continue;
      context_.err << fmt::format(
          "signet: warning: {}: some readers take no internal seal of more than 2 GiB: --ber makes "
          "one that more of them read, --external one that all read\n",
          job.in);
    }
  }

  SealOptions options_;
  Context& context_;
  config::SealSettings settings_;
  std::vector<SealJob> jobs_;
};

void tell(Context& context, const Error& error, bool json) {
  if (error.failure == Failure::token) return fail(context, error.token, json);
  const int status = exit_status_of(error);
  if (json) print_json(Json{{"error", error.sentence}, {"status", status}}, context.out);
  context.fail(error.sentence);
  context.exit_code = status;
}

}  // namespace

void add_seal(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "seal", "Seal documents: PAdES and CAdES signatures by a key of a token, with time-stamps");
  const auto options = std::make_shared<SealOptions>();
  add_seal_options(*command, *options);
  command->footer(
      "Exit status: 0 all sealed, 30 sealed without the time-stamp that was wanted, 31 broken "
      "document, 32 the document forbids it, 33 no time-stamp; more in signet(1).");
  command->callback([options, &context] {
    if (const auto done = Seal(*options, context).run(); !done)
      tell(context, done.error(), options->json);
  });
}

}  // namespace signet::cli
