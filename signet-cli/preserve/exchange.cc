// signet preserve remove, export, import: the register itself.
#include "preservation/calendar/exchange.h"

#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "sealing/output.h"
#include "signet-cli/output.h"
#include "signet-cli/preserve/calendar.h"
#include "signet-cli/preserve/command.h"
#include "signet-cli/preserve/files.h"
#include "signet-cli/verify/sealed_file.h"

namespace signet::cli {

namespace {

using preservation::KeptDocument;
using sealing::Output;

VerifyResult<void> remove_documents(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(complete(options));
  BOOST_OUTCOME_TRY(const auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::change));
  std::size_t removed = 0;
  for (const std::string& name : options.files) {
    const auto was_there = documents->remove(registered_path(name));
    if (!was_there) return refusal_of(was_there.error());
    if (was_there.value())
      ++removed;
    else
      context.fail(fmt::format("\"{}\" is not registered", name));
  }
  if (options.json)
    print_json(Json{{"removed", removed}}, context.out);
  else
    context.out << fmt::format("{} removed from the register; the files stay\n", removed);
  return success();
}

sealing::SealResult<Output> export_output(const PreserveOptions& options) {
  if (options.out.empty() || options.out == "-") return Output::descriptor(STDOUT_FILENO);
  return Output::file(options.out,
                      options.force ? Output::Existing::replace : Output::Existing::refuse);
}

VerifyResult<void> export_register(PreserveOptions& options) {
  BOOST_OUTCOME_TRY(complete(options));
  BOOST_OUTCOME_TRY(const auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::look));
  auto out = export_output(options);
  if (!out) return refusal_of(out.error());
  auto written = out.value().write(view_of(preservation::first_line()));
  const auto read = documents->each([&](const KeptDocument& document) {
    if (written) written = out.value().write(view_of(preservation::line_of(document)));
  });
  if (!read) return refusal_of(read.error());
  if (written) written = out.value().commit();
  if (!written) return refusal_of(written.error());
  return success();
}

VerifyResult<void> import_register(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(complete(options));
  const std::string& name = options.files.front();
  std::ifstream file(name, std::ios::binary);
  if (!file) return VerifyRefusal{exit_failed, fmt::format("cannot read \"{}\"", name)};
  const auto read = preservation::documents_from(file);
  if (!read) return VerifyRefusal{exit_failed, fmt::format("\"{}\": {}", name, read.error())};
  BOOST_OUTCOME_TRY(const auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::create));
  if (const auto restored = documents->restore(read.value()); !restored)
    return refusal_of(restored.error());
  if (options.json)
    print_json(Json{{"imported", read.value().size()}}, context.out);
  else
    context.out << fmt::format(
        "{} documents imported; \"signet preserve check\" compares them "
        "with the files\n",
        read.value().size());
  return success();
}

}  // namespace

void add_preserve_remove(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("remove", "Take documents out of the register; the files stay");
  const auto options = std::make_shared<PreserveOptions>();
  command->add_option("FILE", options->files, "Registered documents")->required();
  add_register_options(*command, *options);
  command->callback([options, &context] {
    if (const auto done = remove_documents(*options, context); !done)
      refuse(*options, done.error(), context);
  });
}

void add_preserve_export(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("export", "Write the register as text: one JSON object in each line");
  const auto options = std::make_shared<PreserveOptions>();
  add_register_options(*command, *options);
  command->add_option("-o,--out", options->out, "File; default: standard output")
      ->type_name("FILE");
  command->add_flag("--force", options->force, "Replace that file");
  command->callback([options, &context] {
    if (const auto done = export_register(*options); !done) refuse(*options, done.error(), context);
  });
}

void add_preserve_import(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("import", "Take over what was exported from a register");
  const auto options = std::make_shared<PreserveOptions>();
  command->add_option("FILE", options->files, "What \"export\" wrote")->required()->expected(1);
  add_register_options(*command, *options);
  command->callback([options, &context] {
    if (const auto done = import_register(*options, context); !done)
      refuse(*options, done.error(), context);
  });
}

}  // namespace signet::cli
