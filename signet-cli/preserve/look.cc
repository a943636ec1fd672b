// signet preserve list, due: what is registered, and what stops being verifiable soon.
#include <fmt/format.h>

#include <memory>

#include "signet-cli/date.h"
#include "signet-cli/preserve/calendar.h"
#include "signet-cli/preserve/command.h"
#include "signet-cli/preserve/report.h"

namespace signet::cli {

namespace {

using preservation::KeptDocument;
using preservation::Standing;

std::string until_text(const KeptDocument& document) {
  return document.condition.until ? date_of(*document.condition.until) : "-";
}

void show(const std::vector<KeptDocument>& documents, const PreserveOptions& options,
          Context& context) {
  Table table({"verifiable until", "due", "level", "verdict", "state", "document"});
  for (const KeptDocument& each : documents) {
    const auto until = each.condition.until;
    table.add({until_text(each), until ? date_of(*until - options.margin) : "-",
               each.condition.level, each.condition.verdict, std::string(name_of(each.standing)),
               each.path});
  }
  table.print(context);
}

boost::json::array all_json_of(const std::vector<KeptDocument>& documents,
                               const PreserveOptions& options) {
  boost::json::array array;
  for (const KeptDocument& each : documents) array.push_back(json_of(each, options.margin));
  return array;
}

bool is_problem(const KeptDocument& document) {
  return document.standing != Standing::kept || !document.condition.passed();
}

VerifyResult<std::vector<KeptDocument>> all_of(const OpenRegister& documents, bool problems_only) {
  auto all = documents->all();
  if (!all) return refusal_of(all.error());
  if (problems_only)
    std::erase_if(all.value(), [](const KeptDocument& each) { return !is_problem(each); });
  return std::move(all).value();
}

VerifyResult<void> list_documents(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(complete(options));
  BOOST_OUTCOME_TRY(const auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::look));
  BOOST_OUTCOME_TRY(const auto found, all_of(documents, options.problems));
  if (options.json)
    print_json(Json{{"documents", all_json_of(found, options)}}, context.out);
  else
    show(found, options, context);
  return success();
}

// Why each is due: the sentence is the same for all documents that rest on one certificate.
void show_reasons(const std::vector<KeptDocument>& due, Context& context) {
  for (const KeptDocument& each : due)
    context.out << fmt::format("{}  {}  {}: {}\n", until_text(each), each.condition.level,
                               each.path, each.condition.because);
}

VerifyResult<void> list_due(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(complete(options));
  BOOST_OUTCOME_TRY(const auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::look));
  const auto now = std::chrono::system_clock::now();
  const auto due = documents->due(now + options.margin);
  if (!due) return refusal_of(due.error());
  BOOST_OUTCOME_TRY(const auto problems, all_of(documents, true));
  if (options.json)
    print_json(Json{{"due", all_json_of(due.value(), options)},
                    {"problems", all_json_of(problems, options)}},
               context.out);
  else
    show_reasons(due.value(), context);
  for (const KeptDocument& each : problems)
    context.err << fmt::format("signet: note: {}: {}\n", printable(each.path),
                               printable(each.note.empty() ? each.condition.verdict : each.note));
  if (!problems.empty()) context.exit_code = kExitProblems;
  if (!due.value().empty()) context.exit_code = kExitDue;
  if (due.value().empty() && !options.json)
    context.out << fmt::format(
        "nothing ends within {} days\n",
        std::chrono::duration_cast<std::chrono::days>(options.margin).count());
  return success();
}

}  // namespace

void add_preserve_list(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("list", "Show the registered documents");
  const auto options = std::make_shared<PreserveOptions>();
  add_register_options(*command, *options);
  command->add_flag("--problems", options->problems,
                    "Only those that are changed, missing, not valid, or could not be extended");
  command->callback([options, &context] {
    if (const auto done = list_documents(*options, context); !done)
      refuse(*options, done.error(), context);
  });
}

void add_preserve_due(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("due", "Show which documents stop being verifiable soon, and why");
  const auto options = std::make_shared<PreserveOptions>();
  add_register_options(*command, *options);
  add_within_option(*command, *options);
  command->footer("Exit status: 0 nothing is due, 43 something is, 44 documents need attention.");
  command->callback([options, &context] {
    if (const auto done = list_due(*options, context); !done)
      refuse(*options, done.error(), context);
  });
}

}  // namespace signet::cli
