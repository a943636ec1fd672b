#include "signet-cli/extend/extend.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "signet-cli/extend/options.h"
#include "signet-cli/extend/report.h"
#include "signet-cli/output.h"
#include "signet-cli/seal/progress_line.h"
#include "signet-cli/stop_signal.h"

namespace signet::cli {

namespace {

using preservation::Extended;
using preservation::ExtensionError;
using preservation::ExtensionFault;

class ExtendRun {
 public:
  ExtendRun(const ExtendOptions& options, ExtendTask task, Context& context)
      : options_(options),
        task_(std::move(task)),
        extender_(task_.request),
        context_(context),
        line_(options.files.size()) {}

  void all() {
    for (const std::string& note : task_.notes) note_on_screen(note);
    for (const std::string& file : options_.files) {
      if (stop_.wanted()) break;
      one(file);
      line_.done();
    }
    line_.hide();
    if (options_.json) print_json(Json{{"files", std::move(files_)}}, context_.out);
    if (stop_.wanted()) context_.exit_code = exit_failed;
  }

 private:
  std::string out_of(const std::string& file) const {
    if (!options_.out.empty()) return options_.out;
    if (options_.out_dir.empty()) return file;
    return (std::filesystem::path(options_.out_dir) / std::filesystem::path(file).filename())
        .string();
  }

  void one(const std::string& file) {
    preservation::ExtensionFiles files;
    files.out = out_of(file);
    files.data = options_.validation.data;
    files.replace = options_.force || (options_.out.empty() && options_.out_dir.empty());
    preservation::ExtensionControl control;
    control.cancelled = &stop_.wanted();
    std::uint64_t before = 0;
    control.progress = [&](std::uint64_t done, std::uint64_t /*all*/) {
      line_.read(done - std::min(before, done));
      before = done;
    };
    const auto extended = extender_.extend_file(file, files, control);
    line_.hide();
    if (extended)
      tell(file, files.out.string(), extended.value());
    else
      refuse(file, extended.error());
    line_.show();
  }

  void tell(const std::string& file, const std::string& out, const Extended& extended) {
    for (const validation::Fetch& fetch : extended.fetches)
      if (!fetch.problem.empty()) note_on_screen(fmt::format("{}: {}", fetch.url, fetch.problem));
    for (const auto& remark : extended.remarks)
      note_on_screen(fmt::format("{}: {}", file, text_of(remark, validation::Language::english)));
    if (options_.json)
      files_.push_back(json_of(file, out, extended));
    else
      context_.out << line_of(file, extended) << '\n';
  }

  // Of several the first one's status is kept.
  void refuse(const std::string& file, const ExtensionError& error) {
    const int before = context_.exit_code;
    context_.fail(fmt::format("{}: {}", file, error.sentence));
    context_.exit_code = before == exit_ok ? exit_status_of(error) : before;
    if (options_.json) files_.push_back(json_of(file, error));
  }

  void note_on_screen(const std::string& note) {
    context_.err << "signet: note: " << printable(note) << '\n';
  }

  const ExtendOptions& options_;
  const ExtendTask task_;
  const preservation::Extender extender_;
  Context& context_;
  ProgressLine line_;
  const StopSignal stop_;
  boost::json::array files_;
};

void extend_documents(ExtendOptions& options, Context& context) {
  auto task = task_of(options);
  if (task) return ExtendRun(options, std::move(task).value(), context).all();
  if (options.json)
    print_json(Json{{"error", task.error().sentence}, {"status", task.error().status}},
               context.out);
  context.fail(task.error().sentence);
  context.exit_code = task.error().status;
}

}  // namespace

void add_extend(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "extend",
      "Keep sealed documents verifiable: add time-stamps, certificates and revocation data");
  const auto options = std::make_shared<ExtendOptions>();
  add_extend_options(*command, *options);
  command->footer(
      "Exit status: 0 all extended, 31 broken document, 32 the document forbids it, 33 no "
      "time-stamp, 34 revocation data is lacking or too old, 40 or 41 the document is not valid; "
      "more in signet(1).");
  command->callback([options, &context] { extend_documents(*options, context); });
}

}  // namespace signet::cli
