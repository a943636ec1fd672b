// signet preserve add: validates documents and registers them.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "signet-cli/extend/report.h"
#include "signet-cli/preserve/calendar.h"
#include "signet-cli/preserve/command.h"
#include "signet-cli/preserve/files.h"
#include "signet-cli/preserve/report.h"
#include "signet-cli/seal/progress_line.h"

namespace signet::cli {

namespace {

using preservation::ExtensionError;
using preservation::ExtensionFault;
using preservation::ExtensionResult;
using preservation::KeptDocument;

class Adding {
 public:
  Adding(const PreserveOptions& options, const Examiner& examiner, OpenRegister documents,
         Context& context)
      : options_(options),
        examiner_(examiner),
        documents_(std::move(documents)),
        context_(context) {}

  VerifyResult<void> all(const std::vector<NamedFile>& files) {
    ProgressLine line(files.size());
    for (std::size_t at = 0; at < files.size() && !examiner_.stop(); at += options_.batch) {
      const auto part =
          std::span(files).subspan(at, std::min<std::size_t>(options_.batch, files.size() - at));
      std::vector<std::optional<ExtensionResult<KeptDocument>>> examined(part.size());
      in_parallel(examiner_.work(), part.size(), [&](std::size_t i) {
        examined[i].emplace(examine(part[i]));
        line.done();
      });
      line.hide();
      BOOST_OUTCOME_TRY(record(part, examined));
      line.show();
    }
    line.hide();
    if (examiner_.stop()) context_.exit_code = exit_failed;
    finish();
    return success();
  }

 private:
  ExtensionResult<KeptDocument> examine(const NamedFile& file) {
    KeptDocument document;
    document.path = file.path;
    document.data = options_.extending.validation.data.empty()
                        ? ""
                        : registered_path(options_.extending.validation.data);
    return registered(std::move(document), examiner_.work());
  }

  VerifyResult<void> record(
      std::span<const NamedFile> files,
      const std::vector<std::optional<ExtensionResult<KeptDocument>>>& examined) {
    std::vector<KeptDocument> good;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (!examined[i]) continue;
      if (const auto& one = *examined[i])
        good.push_back(one.value());
      else if (files[i].in_folder && one.error().fault == ExtensionFault::broken)
        ++skipped_;
      else
        refuse_one(files[i].path, one.error());
    }
    if (const auto put = documents_->put(good); !put) return refusal_of(put.error());
    for (const KeptDocument& each : good) tell(each);
    return success();
  }

  void tell(const KeptDocument& document) {
    ++added_;
    context_.exit_code = std::max(context_.exit_code, exit_status_of(document.condition));
    if (options_.json)
      shown_.push_back(json_of(document, options_.margin));
    else
      context_.out << fmt::format("{}: {}\n", document.path, condition_text(document.condition));
  }

  void refuse_one(const std::string& path, const ExtensionError& error) {
    const int before = context_.exit_code;
    context_.fail(fmt::format("{}: {}", path, error.sentence));
    context_.exit_code = before == exit_ok ? exit_status_of(error) : before;
    failed_.push_back(Json{{"path", path}, {"error", error.sentence}});
  }

  void finish() {
    if (options_.json)
      print_json(Json{{"documents", std::move(shown_)},
                      {"added", added_},
                      {"skipped", skipped_},
                      {"failed", std::move(failed_)}},
                 context_.out);
    else
      context_.out << fmt::format("{} registered, {} other files left out\n", added_, skipped_);
  }

  const PreserveOptions& options_;
  const Examiner& examiner_;
  const OpenRegister documents_;
  Context& context_;
  std::size_t added_ = 0;
  std::size_t skipped_ = 0;
  boost::json::array shown_, failed_;
};

VerifyResult<void> add_documents(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(complete(options));
  BOOST_OUTCOME_TRY(const auto files, files_named(options.files));
  const std::string& data = options.extending.validation.data;
  if (!data.empty() && files.size() != 1) return wrong_options("--data is about one document");
  BOOST_OUTCOME_TRY(check_name(data.empty() ? data : registered_path(data)));
  BOOST_OUTCOME_TRY(const auto examiner, Examiner::open(options, context));
  BOOST_OUTCOME_TRY(auto documents,
                    OpenRegister::open(options.register_file, OpenRegister::Purpose::create));
  return Adding(options, *examiner, std::move(documents), context).all(files);
}

}  // namespace

void add_preserve_add(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("add", "Validate sealed documents and register them");
  const auto options = std::make_shared<PreserveOptions>();
  command
      ->add_option("FILE", options->files,
                   "Sealed documents, or folders: then all sealed documents below them")
      ->required();
  add_register_options(*command, *options);
  add_examining_options(*command, *options);
  command->callback([options, &context] {
    if (const auto done = add_documents(*options, context); !done)
      refuse(*options, done.error(), context);
  });
}

}  // namespace signet::cli
