#include "preservation/assessment.h"

#include <algorithm>
#include <utility>

#include "validation/validator.h"

namespace signet::preservation {

namespace {

using validation::DocumentParts;
using validation::Origin;

constexpr validation::Sentence kNoSignature{"it has no signature and no time-stamp",
                                            "nemá podpis ani časové razítko"};

void take_later(std::optional<Time>& latest, Time time) {
  if (!latest || *latest < time) latest = time;
}

void add_stamps(const std::vector<validation::TimeStampPart>& stamps, DocumentState& state) {
  state.time_stamps += stamps.size();
  for (const auto& stamp : stamps) take_later(state.last_time_stamp, stamp.time);
}

}  // namespace

validation::Conclusion Assessment::verdict() const {
  if (auto overall = result.overall()) return *std::move(overall);
  return {validation::Indication::indeterminate,
          validation::SubIndication::none,
          {say(kNoSignature)},
          {}};
}

DocumentState state_of(const Assessment& assessment) {
  DocumentState state;
  const DocumentParts& parts = *assessment.parts;
  state.format = parts.format;
  state.signatures = parts.signatures.size();
  state.verdict = assessment.verdict();
  bool first = true;
  for (const auto& signature : assessment.result.signatures) {
    state.level = first ? signature.level : std::min(state.level, signature.level);
    first = false;
    add_stamps(signature.part->signature_time_stamps, state);
    add_stamps(signature.part->archive_time_stamps, state);
    if (!signature.verifiable_until) continue;
    if (state.verifiable_until && *state.verifiable_until <= *signature.verifiable_until) continue;
    state.verifiable_until = signature.verifiable_until;
    state.verifiable_because = signature.verifiable_because;
  }
  add_stamps(parts.document_time_stamps, state);
  if (!state.verdict.passed()) {
    state.verifiable_until.reset();
    state.verifiable_because.reset();
  }
  return state;
}

validation::Time Assessor::now() const {
  return request_.clock ? request_.clock() : std::chrono::system_clock::now();
}

validation::Policy Assessor::policy() const {
  validation::Policy policy = request_.policy;
  policy.now = now();
  policy.at = policy.now;
  return policy;
}

ExtensionResult<Assessment> Assessor::assess(const Draft& draft, const Bytestream& bytes) {
  const validation::Progress progress = [&](std::uint64_t done, std::uint64_t all) {
    if (control_.progress) control_.progress(done, all);
    return !is_cancelled(control_);
  };
  BOOST_OUTCOME_TRY(auto parts, draft.read(bytes, progress));
  for (const auto& each : request_.certificates) parts.evidence.add(each, Origin::file);
  for (const auto& each : request_.revocations) parts.evidence.add(each, Origin::file);
  for (const auto& each : fetched_.certificates())
    parts.evidence.add(each.certificate, Origin::online);
  for (const auto& each : fetched_.revocations()) parts.evidence.add(each.data, Origin::online);
  validation::Policy policy = this->policy();
  if (request_.online) fetch(parts, policy, *request_.online);
  Assessment assessment{std::make_unique<const DocumentParts>(std::move(parts)), {}};
  assessment.result = validation::validate(*assessment.parts, policy);
  if (is_cancelled(control_)) return cancelled_error();
  return assessment;
}

bool Assessor::fetch(DocumentParts& parts, validation::Policy& policy,
                     validation::OnlineOptions options) {
  if (is_cancelled(control_)) return false;
  options.clock = [this] { return now(); };
  options.is_cancelled = [this] { return is_cancelled(control_); };
  for (auto& fetch : validation::fetch_missing(parts, policy, options))
    fetches_.push_back(std::move(fetch));
  const auto is_fetched = [](const auto& found) {
    return std::ranges::find(found.origins, Origin::online) != found.origins.end();
  };
  for (const auto& each : parts.evidence.certificates())
    if (is_fetched(each)) fetched_.add(each.certificate, Origin::online);
  const std::size_t before = fetched_.revocations().size();
  for (const auto& each : parts.evidence.revocations())
    if (is_fetched(each)) fetched_.add(each.data, Origin::online);
  return fetched_.revocations().size() > before;
}

bool Assessor::fetch_newer(const Assessment& assessment, const NeededValues& values) {
  if (!request_.online || values.newer_than.empty()) return false;
  DocumentParts parts = *assessment.parts;
  validation::OnlineOptions options = *request_.online;
  options.is_enough = [&](const validation::Certificate& of,
                          const validation::RevocationStatus& status) {
    const auto bound = values.newer_than.find(of.id());
    return bound == values.newer_than.end() || status.this_update >= bound->second;
  };
  validation::Policy policy = this->policy();
  return fetch(parts, policy, std::move(options));
}

bool is_cancelled(const ExtensionControl& control) {
  return control.cancelled != nullptr && control.cancelled->load();
}

ExtensionError cancelled_error() {
  return {ExtensionFault::cancelled, "cancelled"};
}

}  // namespace signet::preservation
