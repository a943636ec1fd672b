#include "validation/procedure/time_stamps.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "validation/procedure/cryptographic_check.h"
#include "validation/procedure/identification.h"
#include "validation/procedure/past_signature.h"

namespace signet::validation::procedure {

namespace {

constexpr Sentence kLaterThanControl{
    "the time-stamp of {0} is later than the moment at which the document is validated, {1}: it "
    "proves "
    "nothing",
    "časové razítko z {0} je pozdější než kontrolní okamžik {1}: nic nedokazuje"};
constexpr Sentence kTooMany{"the document has more than {0} time-stamps: this one was not judged",
                            "dokument má více než {0} časových razítek: toto nebylo posouzeno"};
constexpr Sentence kOrder{
    "the time-stamp of {0} is over one of {1}, which is later: their times contradict their order",
    "časové razítko z {0} je přidáno k razítku z {1}, které je pozdější: jejich časy odporují "
    "pořadí"};
constexpr Sentence kContentOrder{
    "the content was time-stamped at {0}, but the signature over it already at {1}: the times "
    "contradict their order",
    "obsah byl opatřen časovým razítkem {0}, ale podpis nad ním už {1}: časy odporují pořadí"};
constexpr Sentence kChangedAfterStamp{
    "the document was changed after this time-stamp in a way that nothing permits",
    "dokument byl po tomto časovém razítku změněn způsobem, který nic nedovoluje"};

// Whatever the moment.
bool is_broken(const Conclusion& conclusion) {
  return conclusion.is(SubIndication::format_failure) ||
         conclusion.is(SubIndication::hash_failure) ||
         conclusion.is(SubIndication::sig_crypto_failure);
}

// Whether its time counts against others: it is what its signer made, though it may be too old to prove anything.
bool has_sound_time(const TimeStampResult& result) {
  if (result.conclusion.passed()) return true;
  return result.part->kind == TimeStampKind::document && result.trusted &&
         (result.conclusion.is(SubIndication::out_of_bounds_no_poe) ||
          result.conclusion.is(SubIndication::out_of_bounds_not_revoked) ||
          result.conclusion.is(SubIndication::try_later));
}

// A signature time-stamp is over the signature value alone. What is signed existed by then only where the value is one over it by a
// key that was somebody's by then: for any old value and any bytes a key can be made later (and none is needed for a wrong
// signature). Where the bytes name the key's own certificate by a digest not even that is possible: they would have to be known
// before the key, and the key before them.
bool vouches_for_what_it_signed(Context& context, const SignaturePart& signature, Time time) {
  const Target target(signature);
  if (signature.signer.fault || signature.signer.signed_attributes.empty()) return false;
  const CertificatePtr certificate = identify_signer(context, target).certificate;
  if (!certificate || certificate->not_before() > time) return false;
  return context.chains.chains_for(certificate, Purpose::signing).front().usable() &&
         check_algorithms(reliabilities(context.policy, target, *certificate), time).passed() &&
         verify_signature(context, target, *certificate).passed();
}

// Where a token does not state its accuracy: EN 319 421 demands a second or better.
constexpr std::chrono::seconds kAssumedAccuracy{1};

// Under whatever key: an authority changes them.
bool is_of_same_authority(const TimeStampResult& a, const TimeStampResult& b) {
  if (a.chain.empty() || b.chain.empty()) return false;
  const Certificate& one = *a.chain.front().certificate;
  const Certificate& other = *b.chain.front().certificate;
  return one.subject() == other.subject() && one.issuer() == other.issuer();
}

bool is_shown_only(const TimeStampPart& part) {
  return part.kind == TimeStampKind::references;
}

}  // namespace

TimeStamps::TimeStamps(Context& context)
    : context_(context), named_(context.parts.evidence, context.policy) {
  collect();
  for (std::size_t i = 0; i < entries_.size(); ++i) judge_with_covering(i);
  find_contradictions();
}

void TimeStamps::collect() {
  const auto add = [&](const std::vector<TimeStampPart>& parts, const SignaturePart* signature) {
    for (const TimeStampPart& part : parts) {
      Entry entry;
      entry.part = &part;
      entry.signature = signature;
      entry.result.part = &part;
      entries_.push_back(std::move(entry));
    }
  };
  // Where times are equal, what can be over the other comes first.
  const auto& stamps = context_.parts.document_time_stamps;
  add(stamps, nullptr);
  std::reverse(entries_.begin(), entries_.end());
  each_signature(context_.parts.signatures, [&](const SignaturePart& signature) {
    add(signature.archive_time_stamps, &signature);
    add(signature.signature_time_stamps, &signature);
    add(signature.content_time_stamps, &signature);
  });
  std::ranges::stable_sort(
      entries_, [](const Entry& a, const Entry& b) { return a.part->time > b.part->time; });
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    places_[entries_[i].part] = i;
    if (i < kMostTimeStamps) continue;
    entries_[i].state = Entry::State::done;
    entries_[i].result.conclusion = indeterminate(
        SubIndication::no_poe, say(kTooMany, static_cast<std::int64_t>(kMostTimeStamps)));
  }
}

// A token that is over this one comes first, even where it claims to be older. Digests allow no cycle; `opened` cuts one anyway.
void TimeStamps::judge_with_covering(std::size_t index) {
  const std::size_t judged = std::min(entries_.size(), kMostTimeStamps);
  std::vector<std::size_t> stack{index};
  while (!stack.empty()) {
    Entry& entry = entries_[stack.back()];
    if (entry.state == Entry::State::waiting) {
      entry.state = Entry::State::opened;
      for (std::size_t i = 0; i < judged; ++i)
        if (entries_[i].state == Entry::State::waiting &&
            entries_[i].part->covered.contains(entry.part->id))
          stack.push_back(i);
      continue;
    }
    if (entry.state == Entry::State::opened) {
      judge_one(entry);
      entry.state = Entry::State::done;
    }
    stack.pop_back();
  }
}

void TimeStamps::judge_one(Entry& entry) {
  const TimeStampPart& part = *entry.part;
  Judgement judgement = judge(context_, Target(part));
  TimeStampResult& result = entry.result;
  result.conclusion = std::move(judgement.conclusion);
  result.chain = std::move(judgement.links);
  result.trusted = judgement.trusted;
  result.judged_at = judgement.judged_at;
  result.algorithms = std::move(judgement.algorithms);
  if (part.time > context_.policy.at && !is_broken(result.conclusion)) {
    Conclusion late =
        indeterminate(SubIndication::no_poe, say(kLaterThanControl, part.time, context_.policy.at));
    late.warnings = std::move(result.conclusion.warnings);
    result.conclusion = std::move(late);
  }
  if (part.pdf && std::ranges::any_of(part.pdf->changes,
                                      [](const PdfChange& change) { return !change.allowed; }))
    result.conclusion.warnings.push_back(say(kChangedAfterStamp));
  entry.proves = result.conclusion.passed();
  if (!entry.proves || is_shown_only(part)) return;
  entry.value_alone = part.kind == TimeStampKind::signature &&
                      !vouches_for_what_it_signed(context_, *entry.signature, part.time);
  if (entry.value_alone) {
    context_.proofs.add({entry.signature->id}, part.time, part.id);
    return;
  }
  context_.proofs.add(part.covered, part.time, part.id);
  prove_named(entry);
}

void TimeStamps::prove_named(const Entry& entry) {
  const TimeStampPart& part = *entry.part;
  std::set<ObjectId> named;
  each_signature(context_.parts.signatures, [&](const SignaturePart& signature) {
    if (part.covered.contains(signature.id)) named_.add(signature.signer, part.time, named);
  });
  for (const Entry& other : entries_)
    if (part.covered.contains(other.part->id)) named_.add(other.part->signer, part.time, named);
  context_.proofs.add(named, part.time, part.id);
}

bool TimeStamps::covers(const Entry& entry, const ObjectId& object) {
  return entry.value_alone ? object == entry.signature->id : entry.part->covered.contains(object);
}

const TimeStampResult& TimeStamps::of(const TimeStampPart& part) const {
  return entry_of(part).result;
}

std::vector<const TimeStampPart*> TimeStamps::valid() const {
  std::vector<const TimeStampPart*> found;
  for (const Entry& entry : entries_)
    if (entry.proves && !is_shown_only(*entry.part)) found.push_back(entry.part);
  return found;
}

std::vector<const TimeStampPart*> TimeStamps::over(const ObjectId& object) const {
  std::vector<const TimeStampPart*> found;
  for (const Entry& entry : entries_)
    if (entry.proves && !is_shown_only(*entry.part) && covers(entry, object))
      found.push_back(entry.part);
  return found;
}

const TimeStampPart* TimeStamps::newest_over(const SignaturePart& signature) const {
  const TimeStampPart* newest = nullptr;
  for (const TimeStampPart* stamp : over(signature.id))
    if (!newest || stamp->time > newest->time) newest = stamp;
  return newest;
}

std::vector<const TimeStampResult*> TimeStamps::useless_over(const SignaturePart& signature) const {
  std::vector<const TimeStampResult*> found;
  for (const Entry& entry : entries_)
    if (!entry.proves && entry.part->covered.contains(signature.id)) found.push_back(&entry.result);
  return found;
}

std::optional<Time> TimeStamps::not_before(const SignaturePart& signature) const {
  std::optional<Time> latest;
  for (const TimeStampPart& part : signature.content_time_stamps) {
    const Entry& entry = entry_of(part);
    // At the control time itself, not by way of proofs.
    if (!entry.proves || entry.result.judged_at.time != context_.policy.at) continue;
    if (!latest || part.time > *latest) latest = part.time;
  }
  return latest;
}

// RFC 3161, 2.4.2.
bool TimeStamps::is_before(const TimeStampPart& one, const TimeStampPart& other) const {
  if (one.time >= other.time) return false;
  if (one.ordering && other.ordering && is_of_same_authority(of(one), of(other))) return true;
  using std::chrono::microseconds;
  const auto difference =
      std::chrono::floor<microseconds>(other.time) - std::chrono::floor<microseconds>(one.time);
  return difference >
         one.accuracy.value_or(kAssumedAccuracy) + other.accuracy.value_or(kAssumedAccuracy);
}

void TimeStamps::find_contradictions() {
  std::vector<const Entry*> sound;
  for (const Entry& entry : entries_)
    if (has_sound_time(entry.result) && !is_shown_only(*entry.part)) sound.push_back(&entry);
  for (Entry& entry : entries_) {
    if (!has_sound_time(entry.result)) continue;
    for (const Entry* newer : sound)
      if (covers(*newer, entry.part->id) && is_before(*newer->part, *entry.part))
        entry.contradiction = say(kOrder, newer->part->time, entry.part->time);
  }
}

std::optional<Statement> TimeStamps::contradiction(const SignaturePart& signature) const {
  const std::vector<const TimeStampPart*> stamps = over(signature.id);
  for (const TimeStampPart* stamp : stamps)
    if (contradiction(*stamp)) return contradiction(*stamp);
  for (const TimeStampPart& content : signature.content_time_stamps) {
    if (!entry_of(content).proves) continue;
    for (const TimeStampPart* stamp : stamps)
      if (is_before(*stamp, content)) return say(kContentOrder, content.time, stamp->time);
  }
  return {};
}

}  // namespace signet::validation::procedure
