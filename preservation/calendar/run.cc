#include "preservation/calendar/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "preservation/calendar/file_digest.h"
#include "preservation/calendar/inspection.h"
#include "preservation/calendar/recovery.h"
#include "preservation/calendar/replacement.h"

namespace signet::preservation {

namespace {

namespace fs = std::filesystem;

// What one document of a batch has come to.
struct Attempt {
  const KeptDocument* document = nullptr;
  Announcement announcement;
  Settlement settlement;
  FileStamp stamp;
  Outcome outcome = Outcome::failed;
  std::string sentence;
  std::optional<Extended> extended;
  bool is_settled = true;  // false: what was announced stays so, and the next command looks

  void refuse(Outcome why, std::string what) {
    outcome = why;
    sentence = std::move(what);
    settlement.standing = standing_of(why);
    settlement.note = sentence;
  }
  // It has its turn another time.
  void put_off() {
    outcome = Outcome::kept;
    settlement.tried = false;
  }
  bool is_ready() const { return outcome == Outcome::extended; }
};

// Extending must lead somewhere.
bool is_better(const Condition& after, const Condition& before) {
  return !after.until || after.until > before.until || after.level != before.level;
}

void prepare(Attempt& attempt, const DocumentWork& work) {
  const KeptDocument& document = *attempt.document;
  attempt.stamp = FileStamp::of(document.path);
  if (const Finding found = compare(document); found.outcome != Outcome::kept)
    return attempt.refuse(found.outcome, found.sentence);
  const fs::path out = attempt.announcement.replacement;
  ::unlink(out.c_str());  // left by another register's run
  if (const auto possible = try_replacement(document.path, out); !possible)
    return attempt.refuse(Outcome::failed, possible.error().sentence);
  auto extended = work.extend(document, out);
  if (!extended && extended.error().fault == ExtensionFault::cancelled) return attempt.put_off();
  if (!extended) return attempt.refuse(Outcome::failed, extended.error().sentence);
  Condition& after = attempt.announcement.condition;
  after = condition_of(extended.value().after);
  if (!extended.value().changed || !is_better(after, document.condition)) {
    ::unlink(out.c_str());
    return attempt.refuse(
        Outcome::failed,
        after.until ? fmt::format("extending it now would not help: it could be verified until {} "
                                  "as before, since {}",
                                  validation::text_of(*after.until, validation::Language::english),
                                  after.because)
                    : "there is nothing to add to it");
  }
  const auto digest = digest_of_file(out);
  if (!digest) return attempt.refuse(Outcome::failed, digest.error().sentence);
  after.digest = digest.value().sha256;
  after.size = digest.value().size;
  after.suite = work.suite;
  after.lists = work.lists;
  attempt.extended = std::move(extended).value();
  attempt.outcome = Outcome::extended;
}

void replace(Attempt& attempt) {
  const auto replaced =
      replace_file(attempt.document->path, attempt.announcement.replacement, attempt.stamp);
  attempt.settlement.replaced = replaced.has_value();
  if (replaced && replaced.value() == Replaced::on_disk) return;
  attempt.is_settled = !replaced;
  if (!replaced) ::unlink(attempt.announcement.replacement.c_str());
  attempt.refuse(Outcome::failed, replaced ? "it is extended, but its folder cannot be synced: see "
                                             "whether the disk is sound"
                                           : replaced.error().sentence);
}

class Run {
 public:
  Run(Register& documents, const DocumentWork& work, const RunOptions& options)
      : documents_(documents), work_(work), options_(options) {}

  RegisterResult<RunSummary> all() {
    BOOST_OUTCOME_TRY(recover(documents_, work_.clock()));
    BOOST_OUTCOME_TRY(const auto problems, examine_again());
    BOOST_OUTCOME_TRY(const RecordedRun run, recorded_run());
    BOOST_OUTCOME_TRY(auto due, documents_.due(run.limit, run.id));
    tell_of_others(problems, due);
    summary_.all = due.size();
    if (options_.begins) options_.begins(due.size());
    BOOST_OUTCOME_TRY(const std::size_t unreachable, leave_undecided(due));
    if (options_.most && due.size() > *options_.most) due.resize(*options_.most);
    std::size_t tried = 0;
    while (tried < due.size() && !is_stopped()) {
      const std::size_t count =
          std::min(std::max<std::size_t>(options_.batch, 1), due.size() - tried);
      BOOST_OUTCOME_TRY(batch(run.id, std::span(due).subspan(tried, count)));
      tried += count;
    }
    summary_.left += summary_.all - unreachable - tried;
    if (summary_.left == 0) {
      BOOST_OUTCOME_TRY(documents_.end_run(run.id, work_.clock()));
    }
    return summary_;
  }

 private:
  bool is_stopped() const { return options_.stop != nullptr && *options_.stop; }

  // What was found of a document that was examined again.
  struct Problem {
    KeptDocument document;
    Finding found;
  };

  RegisterResult<std::vector<Problem>> examine_again() {
    BOOST_OUTCOME_TRY(const auto which, documents_.to_examine_again(work_.suite));
    std::vector<Problem> problems;
    const auto take = [&](const DocumentReport& report) {
      if (report.after == nullptr)
        problems.push_back({report.before, {report.outcome, report.sentence}});
      else if (!report.after->passed())
        problems.push_back(
            {report.before, {Outcome::failed, "it is not valid now: " + report.after->verdict}});
    };
    BOOST_OUTCOME_TRY(inspect(documents_, work_, which, options_.batch, options_.stop, take));
    return problems;
  }

  // Of those that are due the extension tells.
  void tell_of_others(const std::vector<Problem>& problems, const std::vector<KeptDocument>& due) {
    std::set<std::int64_t> told;
    for (const KeptDocument& each : due) told.insert(each.id);
    for (const auto& [document, found] : problems)
      if (!told.contains(document.id)) tell({document, found.outcome, found.sentence});
  }

  RegisterResult<RecordedRun> recorded_run() {
    if (options_.resume) {
      BOOST_OUTCOME_TRY(const auto interrupted, documents_.interrupted_run());
      if (interrupted) return *interrupted;
    }
    const Time now = work_.clock();
    return documents_.begin_run(now + options_.within, now);
  }

  // Those that recovery could not decide about, since they cannot be read: announcing them again would lose what they may have
  // become. Takes them out, and gives how many there were.
  RegisterResult<std::size_t> leave_undecided(std::vector<KeptDocument>& due) {
    BOOST_OUTCOME_TRY(const auto announced, documents_.announced());
    std::set<std::int64_t> undecided;
    for (const Announcement& each : announced) undecided.insert(each.document);
    for (const KeptDocument& each : due) {
      if (!undecided.contains(each.id)) continue;
      const Finding found = compare(each);
      BOOST_OUTCOME_TRY(
          documents_.note(each.id, standing_of(found.outcome), found.sentence, work_.clock()));
      tell({each, found.outcome, found.sentence});
    }
    return std::erase_if(due,
                         [&](const KeptDocument& each) { return undecided.contains(each.id); });
  }

  RegisterResult<void> announce(const std::vector<Attempt>& attempts) {
    std::vector<Announcement> announcements;
    for (const Attempt& each : attempts) announcements.push_back(each.announcement);
    return documents_.announce(announcements);
  }

  RegisterResult<void> batch(std::int64_t run, std::span<const KeptDocument> due) {
    std::vector<Attempt> attempts(due.size());
    for (std::size_t i = 0; i < due.size(); ++i) {
      attempts[i].document = &due[i];
      attempts[i].settlement.document = attempts[i].announcement.document = due[i].id;
      attempts[i].announcement.replacement = replacement_of(due[i].path).string();
    }
    BOOST_OUTCOME_TRY(announce(attempts));
    in_parallel(work_, attempts.size(), [&](std::size_t i) {
      Attempt& attempt = attempts[i];
      if (is_stopped())
        attempt.put_off();
      else
        prepare(attempt, work_);
    });
    if (const auto announced = announce(attempts); !announced) {
      abandon(attempts);
      return announced.error();
    }
    std::vector<Settlement> settlements;
    for (Attempt& each : attempts) {
      if (each.is_ready()) replace(each);
      if (each.is_settled) settlements.push_back(each.settlement);
    }
    BOOST_OUTCOME_TRY(documents_.settle(run, settlements, work_.clock()));
    for (const Attempt& each : attempts) {
      const bool is_new = each.outcome == Outcome::extended;
      tell({*each.document, each.outcome, each.sentence,
            is_new ? &each.announcement.condition : nullptr, each.extended});
    }
    return success();
  }

  // The disk of the register may be full: they would fill it further until the next command.
  static void abandon(const std::vector<Attempt>& attempts) {
    std::vector<fs::path> replacements;
    for (const Attempt& each : attempts) replacements.emplace_back(each.announcement.replacement);
    remove_replacements(replacements);
  }

  void tell(const DocumentReport& report) {
    std::size_t* const counts[] = {&summary_.left, &summary_.extended, &summary_.changed,
                                   &summary_.missing, &summary_.failed};
    ++*counts[static_cast<std::size_t>(report.outcome)];
    if (options_.done) options_.done(report);
  }

  Register& documents_;
  const DocumentWork& work_;
  const RunOptions& options_;
  RunSummary summary_;
};

}  // namespace

RegisterResult<RunSummary> run(Register& documents, const DocumentWork& work,
                               const RunOptions& options) {
  return Run(documents, work, options).all();
}

}  // namespace signet::preservation
