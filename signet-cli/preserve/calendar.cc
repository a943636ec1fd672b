#include "signet-cli/preserve/calendar.h"

#include <fmt/format.h>

#include <filesystem>

#include "preservation/calendar/list_archive.h"
#include "preservation/calendar/recovery.h"
#include "signet-cli/output.h"
#include "signet-cli/seal/batch.h"

namespace signet::cli {

namespace {

using preservation::DocumentState;
using preservation::DocumentWork;
using preservation::Extended;
using preservation::ExtensionResult;
using preservation::KeptDocument;
using preservation::Register;
using preservation::RegisterLock;

validation::Time wall_now() {
  return std::chrono::system_clock::now();
}

}  // namespace

VerifyRefusal refusal_of(const storage::Error& error) {
  return {exit_failed, "the register: " + error.message};
}

VerifyResult<OpenRegister> OpenRegister::open(const std::string& file, Purpose purpose) {
  OpenRegister opened;
  std::error_code unknown;
  if (purpose != Purpose::create && !std::filesystem::exists(file, unknown))
    return VerifyRefusal{exit_failed,
                         fmt::format("there is no register \"{}\": \"signet preserve add\" makes "
                                     "it",
                                     file)};
  auto documents = Register::open(
      file, purpose == Purpose::create ? Register::Mode::create : Register::Mode::open);
  if (!documents) return refusal_of(documents.error());
  opened.documents_ = std::move(documents).value();
  auto lock = RegisterLock::take(file);
  if (!lock && purpose != Purpose::look) return VerifyRefusal{exit_failed, lock.error()};
  if (!lock) return opened;
  if (const auto recovered = preservation::recover(*opened.documents_, wall_now()); !recovered)
    return refusal_of(recovered.error());
  // Who only reads, perhaps into a pager, keeps nobody from it.
  if (purpose != Purpose::look) opened.lock_ = std::move(lock).value();
  return opened;
}

Examiner::Examiner(const PreserveOptions& options, ExtendTask task)
    : jobs_(options.jobs), extender_(std::move(task.request)) {
  work_.clock = wall_now;
  control_.cancelled = &stop_.wanted();
  work_.examine = [this](const KeptDocument& document) {
    return extender_.examine_file(document.path, document.data, control_);
  };
  work_.extend = [this](const KeptDocument& document, const std::filesystem::path& out) {
    return extender_.extend_file(document.path,
                                 {.out = out, .data = document.data, .replace = false}, control_);
  };
  work_.in_parallel = [this](std::size_t count, const std::function<void(std::size_t)>& each) {
    // What was begun has to have an end: each of them looks at the signal itself.
    static const std::atomic<bool> never{false};
    in_threads(count, jobs_, never, each);
  };
}

VerifyResult<std::unique_ptr<Examiner>> Examiner::open(PreserveOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(auto task, task_of(options.extending));
  for (const std::string& note : task.notes)
    context.err << "signet: note: " << printable(note) << '\n';
  const auto suite = task.request.policy.suite;
  std::string lists;
  if (task.lists) {
    auto kept = preservation::keep_lists(options.extending.validation.trusted_lists, *task.lists,
                                         preservation::list_archive_of(options.register_file));
    if (!kept) return VerifyRefusal{exit_failed, kept.error().sentence};
    lists = std::move(kept).value();
  }
  std::unique_ptr<Examiner> examiner(new Examiner(options, std::move(task)));
  examiner->work_.suite = suite->name();
  examiner->work_.lists = std::move(lists);
  return examiner;
}

void refuse(const PreserveOptions& options, const VerifyRefusal& refusal, Context& context) {
  if (options.json)
    print_json(Json{{"error", refusal.sentence}, {"status", refusal.status}}, context.out);
  context.fail(refusal.sentence);
  context.exit_code = refusal.status;
}

}  // namespace signet::cli
