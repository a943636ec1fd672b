#include "tests/validation/mutate/truth.h"

#include <algorithm>
#include <stdexcept>

#include "tests/validation/mutate/shown.h"

namespace signet::tests {

using validation::ChainLink;
using validation::SignatureResult;
using validation::SignerPart;
using validation::TimeStampResult;
using validation::ValidationResult;

namespace {

const Bytes& sorted_attributes(const SignerPart& signer) {
  return signer.signed_attributes_sorted.empty() ? signer.signed_attributes
                                                 : signer.signed_attributes_sorted;
}

bool same(ByteView a, ByteView b, std::size_t begin, std::size_t end) {
  return end <= a.size() && end <= b.size() &&
         std::ranges::equal(a.subspan(begin, end - begin), b.subspan(begin, end - begin));
}

// Whether the bytes that the base's signature with this value covers are in the mutant, at the same place.
bool covers_the_same(const SealedMutant& mutant, const Bytes& value) {
  const Bytes& base = mutant.base->bytes;
  const std::string hex = to_hex(value);
  return std::ranges::any_of(mutant.base->gaps, [&](const Gap& gap) {
    const auto digits = text_of(ByteView(base)).substr(gap.begin, gap.end - gap.begin);
    return digits.find(hex) != std::string_view::npos && same(base, mutant.bytes, 0, gap.begin) &&
           same(base, mutant.bytes, gap.end, gap.covered);
  });
}

template <typename Each>
void each_stamp(const ValidationResult& result, const Each& each) {
  for (const SignatureResult& signature : result.signatures)
    for (const TimeStampResult& stamp : signature.time_stamps) each(stamp);
  for (const TimeStampResult& stamp : result.document_time_stamps) each(stamp);
}

}  // namespace

Truth::Truth() {
  for (const Base& base : bases()) {
    Judged judged;
    const bool read = judge(base, base.bytes, document(), judged);
    const auto overall = read ? judged.result.overall() : std::nullopt;
    if (!overall || !overall->passed())
      throw std::runtime_error(base.name + " does not pass: " + described(judged));
    learn(judged);
  }
}

void Truth::learn(const Judged& judged) {
  for (const SignatureResult& one : judged.result.signatures) {
    const SignerPart& signer = one.part->signer;
    signatures_[signer.signature] = {sorted_attributes(signer), signer.content_digest,
                                     one.chain.front().certificate->id(),
                                     one.best_signature_time.time};
  }
  each_stamp(judged.result, [&](const TimeStampResult& stamp) {
    stamps_[stamp.part->signer.signature] = stamp.part->time;
  });
  for (const auto& found : judged.parts.evidence.certificates())
    evidence_.insert(found.certificate->id());
  for (const auto& anchor : judged.result.policy.anchors)
    evidence_.insert(anchor.certificate->id());
  for (const auto& found : judged.parts.evidence.revocations()) evidence_.insert(found.data->id());
  for (const auto& [object, proof] : judged.result.proofs) {
    const auto [place, added] = proofs_.try_emplace(object, proof.time);
    if (!added) place->second = std::min(place->second, proof.time);
  }
}

std::string Truth::fault_in_chain(const std::vector<ChainLink>& chain) const {
  for (const ChainLink& link : chain) {
    if (!evidence_.contains(link.certificate->id())) return "a certificate that nobody issued";
    const auto& data = link.revocation.data;
    if (data && !evidence_.contains(data->id())) return "revocation data that nobody issued";
  }
  return {};
}

std::string Truth::fault_in_signature(const SealedMutant& mutant,
                                      const SignatureResult& found) const {
  const SignerPart& signer = found.part->signer;
  const auto known = signatures_.find(signer.signature);
  if (known == signatures_.end()) return "a signature that nobody made";
  const Signed& made = known->second;
  if (sorted_attributes(signer) != made.attributes) return "other signed attributes";
  if (signer.content_digest != made.content_digest) return "other content";
  if (found.chain.front().certificate->id() != made.signer) return "another signer";
  if (found.best_signature_time.time < made.best) return "an earlier best signature time";
  if (mutant.base->external && mutant.document != document()) return "another document";
  if (!mutant.base->gaps.empty() && !covers_the_same(mutant, signer.signature))
    return "other bytes than were signed";
  return fault_in_chain(found.chain);
}

std::string Truth::fault_in_stamp(const TimeStampResult& found) const {
  const auto known = stamps_.find(found.part->signer.signature);
  if (known == stamps_.end()) return "a time-stamp that nobody made";
  if (known->second != found.part->time) return "another time";
  return fault_in_chain(found.chain);
}

std::string Truth::fault_in_proofs(const ValidationResult& result) const {
  for (const auto& [object, proof] : result.proofs) {
    if (proof.time >= result.policy.at) continue;
    const auto known = proofs_.find(object);
    if (known == proofs_.end()) return "a proof of what no time-stamp is over";
    if (proof.time < known->second) return "a proof that is earlier than any time-stamp";
  }
  return {};
}

std::string Truth::fault_in(const SealedMutant& mutant, const Judged& judged) const {
  std::string fault = fault_in_proofs(judged.result);
  for (const SignatureResult& one : judged.result.signatures)
    if (fault.empty() && one.conclusion.passed()) fault = fault_in_signature(mutant, one);
  each_stamp(judged.result, [&](const TimeStampResult& stamp) {
    if (fault.empty() && stamp.conclusion.passed()) fault = fault_in_stamp(stamp);
  });
  const auto overall = judged.result.overall();
  if (fault.empty() && overall && overall->passed() && !mutant.base->gaps.empty() &&
      shown(mutant.bytes) != shown(mutant.base->bytes))
    fault = "other pages than were signed";
  return fault;
}

}  // namespace signet::tests
