#include "preservation/calendar/inspection.h"

#include <algorithm>
#include <utility>

#include "preservation/calendar/file_digest.h"

namespace signet::preservation {

namespace {

// One document that was looked at.
struct Look {
  KeptDocument now;
  Outcome outcome = Outcome::kept;
};

ExtensionResult<Condition> examined(const KeptDocument& document, const DocumentWork& work) {
  BOOST_OUTCOME_TRY(const auto state, work.examine(document));
  if (state.signatures == 0) return ExtensionError{ExtensionFault::broken, "it has no signature"};
  Condition condition = condition_of(state);
  condition.suite = work.suite;
  condition.lists = work.lists;
  return condition;
}

// Where data is lacking, perhaps because the network is down, the end that was known stays: without one a document would never be
// due again.
void keep_end(Condition& now, const Condition& before) {
  if (!now.is_indeterminate() || !before.until) return;
  now.until = before.until;
  now.because = before.because;
  now.suite = before.suite;
}

Look look_at(const KeptDocument& before, const DocumentWork& work) {
  Look look{before};
  look.now.examined = work.clock();
  Finding found = compare(before);
  if (found.outcome == Outcome::kept) {
    if (auto condition = examined(before, work)) {
      condition.value().digest = before.condition.digest;
      condition.value().size = before.condition.size;
      keep_end(condition.value(), before.condition);
      look.now.condition = std::move(condition).value();
    } else if (condition.error().fault == ExtensionFault::cancelled) {
      return {before};
    } else {
      found = {Outcome::failed, condition.error().sentence};
    }
  }
  look.outcome = found.outcome;
  look.now.standing = standing_of(found.outcome);
  look.now.note = found.sentence;
  return look;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  return outcome == Outcome::extended ? "extended" : name_of(standing_of(outcome));
}

Standing standing_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::changed:
      return Standing::changed;
    case Outcome::missing:
      return Standing::missing;
    case Outcome::failed:
      return Standing::failed;
    case Outcome::kept:
    case Outcome::extended:
      break;
  }
  return Standing::kept;
}

void in_parallel(const DocumentWork& work, std::size_t count,
                 const std::function<void(std::size_t)>& each) {
  if (work.in_parallel) return work.in_parallel(count, each);
  for (std::size_t i = 0; i < count; ++i) each(i);
}

Finding compare(const KeptDocument& document) {
  const auto digest = digest_of_file(document.path);
  if (!digest)
    return {digest.error().missing ? Outcome::missing : Outcome::failed, digest.error().sentence};
  if (digest.value().sha256 == document.condition.digest) return {};
  return {Outcome::changed,
          "it is another file than the registered one: see what changed it, and register it again "
          "with \"signet preserve add\""};
}

ExtensionResult<KeptDocument> registered(KeptDocument document, const DocumentWork& work) {
  const auto cannot_read = [](const FileError& error) {
    return ExtensionError{ExtensionFault::input, error.sentence};
  };
  const auto before = digest_of_file(document.path);
  if (!before) return cannot_read(before.error());
  BOOST_OUTCOME_TRY(document.condition, examined(document, work));
  const auto after = digest_of_file(document.path);
  if (!after) return cannot_read(after.error());
  if (before.value().sha256 != after.value().sha256)
    return ExtensionError{ExtensionFault::changed, "it changed while it was examined: try again"};
  document.condition.digest = after.value().sha256;
  document.condition.size = after.value().size;
  document.standing = Standing::kept;
  document.note.clear();
  document.added = document.examined = work.clock();
  return document;
}

RegisterResult<void> inspect(Register& documents, const DocumentWork& work,
                             std::span<const KeptDocument> which, std::size_t batch,
                             const std::atomic<bool>* stop, const ReportTaker& done) {
  while (!which.empty() && !(stop != nullptr && *stop)) {
    const auto part = which.first(std::min(std::max<std::size_t>(batch, 1), which.size()));
    which = which.subspan(part.size());
    std::vector<Look> looks(part.size());
    in_parallel(work, part.size(), [&](std::size_t i) { looks[i] = look_at(part[i], work); });
    std::vector<KeptDocument> now;
    for (const Look& each : looks) now.push_back(each.now);
    BOOST_OUTCOME_TRY(documents.put(now));
    if (!done) continue;
    for (std::size_t i = 0; i < part.size(); ++i)
      done({part[i], looks[i].outcome, looks[i].now.note,
            looks[i].outcome == Outcome::kept ? &now[i].condition : nullptr});
  }
  return success();
}

}  // namespace signet::preservation
