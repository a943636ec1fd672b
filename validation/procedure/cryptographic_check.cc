#include "validation/procedure/cryptographic_check.h"

#include <utility>

#include "common/printable.h"
#include "crypto/der.h"
#include "crypto/object_identifier.h"
#include "validation/signature_check.h"

namespace signet::validation::procedure {

namespace {

constexpr Sentence kDocumentChanged{
    "the document is not the one that was signed: its digest differs",
    "dokument není ten, který byl podepsán: jeho otisk se liší"};
constexpr Sentence kOtherSignature{"it is over another signature: the digest differs",
                                   "patří k jinému podpisu: otisk se liší"};
constexpr Sentence kStampChanged{
    "what the time-stamp is over is not what was stamped: its digest differs",
    "to, k čemu časové razítko patří, není to, co bylo orazítkováno: otisk se liší"};
constexpr Sentence kTokenChanged{"the content of the time-stamp is not what its signer signed",
                                 "obsah časového razítka není ten, který jeho vydavatel podepsal"};
constexpr Sentence kNoDigest{"the signed attributes have no message digest",
                             "mezi podepsanými atributy chybí otisk zprávy"};
constexpr Sentence kDocumentNotThere{
    "the signed document is not there: the signature does not hold it, and none was given",
    "podepsaný dokument chybí: podpis ho neobsahuje a zadán nebyl"};
constexpr Sentence kStampedNotThere{"what the time-stamp is over is not there",
                                    "chybí to, k čemu časové razítko patří"};
constexpr Sentence kShownOnly{
    "a time-stamp of this older form is shown, and proves nothing here: what it is over is not "
    "computed",
    "časové razítko této starší formy se jen zobrazuje a nic zde nedokazuje: k čemu patří, se "
    "nepočítá"};
constexpr Sentence kUnknownHash{"a digest algorithm that cannot be computed here: {0}",
                                "algoritmus otisku, který zde nelze spočítat: {0}"};
constexpr Sentence kUnknownMessageHash{
    "the digest algorithm of the signature cannot be computed here",
    "algoritmus otisku podpisu zde nelze spočítat"};
constexpr Sentence kBad{"the signature value does not fit the key of {0}",
                        "hodnota podpisu neodpovídá klíči, jehož držitelem je {0}"};
constexpr Sentence kUnsorted{
    "the signed attributes are not sorted as DER demands; the signature holds over them as {0}",
    "podepsané atributy nejsou seřazeny podle DER; podpis platí pro jejich podobu: {0}"};
constexpr Sentence kSignatureNeverGood{
    "{0} is no algorithm that the suite calls good",
    "{0} není algoritmus, který by sada pokládala za vyhovující"};
constexpr Sentence kSignatureNoLongerGood{
    "the algorithm {0} was good enough until {1} only, and the first proof that the signature "
    "existed "
    "is of {2}",
    "algoritmus {0} vyhovoval jen do {1} a první důkaz existence podpisu je z {2}"};

SignatureCheck check(const SignerPart& signer, const Certificate& certificate, ByteView message) {
  return check_signature(signer.signature_algorithm, signer.hash, certificate, message,
                         signer.signature);
}

Conclusion conclude(SignatureCheck found, const Certificate& certificate) {
  if (found.good()) return {};
  if (found.outcome == SignatureCheck::Outcome::not_computable)
    return indeterminate(SubIndication::none, std::move(found.why));
  Conclusion bad = failed(SubIndication::sig_crypto_failure, say(kBad, called(certificate)));
  if (found.why.sentence) bad.reasons.push_back(std::move(found.why));
  return bad;
}

Conclusion verify_imprint(const TimeStampPart& stamp) {
  if (stamp.imprint_matches.has_value()) {
    if (*stamp.imprint_matches) return {};
    return failed(SubIndication::hash_failure, say(kStampChanged));
  }
  if (stamp.imprint_hash == crypto::Hash::none)
    return indeterminate(SubIndication::none, say(kUnknownHash, printable(stamp.imprint_hash_oid)));
  return indeterminate(
      SubIndication::signed_data_not_found,
      say(stamp.kind == TimeStampKind::references ? kShownOnly : kStampedNotThere));
}

std::string algorithm_of(ByteView der) {
  der::Reader identifier(der::only(der::kSequence, der).value_or(ByteView()));
  return crypto::dotted(identifier.read_whole(der::kObjectIdentifier).value_or(ByteView()));
}

// A digest that is not computable here, and that is too weak at the first proof of existence anyway.
std::optional<Conclusion> weak_digest(const Context& context, const Target& target) {
  const Reliability reliability = reliability_of_hash(context.policy, crypto::Hash::none,
                                                      algorithm_of(target.signer.digest_algorithm));
  const Time time = context.proofs.lowest(target.id).time;
  if (reliability.good_at(time) || reliability.end == Time::min()) return {};
  return check_algorithms({reliability}, time);
}

}  // namespace

Conclusion verify_digest(const Context& context, const Target& target) {
  const SignerPart& signer = target.signer;
  if (signer.content_missing)
    return indeterminate(SubIndication::signed_data_not_found, say(kDocumentNotThere));
  if (signer.content_digest.empty() || signer.hash == crypto::Hash::none) {
    if (std::optional<Conclusion> weak = weak_digest(context, target)) return std::move(*weak);
    return indeterminate(SubIndication::none, say(kUnknownMessageHash));
  }
  if (!signer.signed_attributes.empty()) {
    if (!signer.message_digest) return failed(SubIndication::format_failure, say(kNoDigest));
    if (*signer.message_digest != signer.content_digest)
      return failed(SubIndication::hash_failure, target.stamp ? say(kTokenChanged)
                                                 : signer.content_type.empty()
                                                     ? say(kOtherSignature)
                                                     : say(kDocumentChanged));
  }
  return target.stamp ? verify_imprint(*target.stamp) : Conclusion{};
}

namespace {

Conclusion compute_signature(const SignerPart& signer, const Certificate& certificate) {
  if (signer.signed_attributes.empty())
    return conclude(check_signature_of_digest(signer.signature_algorithm, signer.hash, certificate,
                                              signer.content_digest, signer.signature),
                    certificate);
  SignatureCheck found = check(signer, certificate, signer.signed_attributes);
  if (signer.signed_attributes_sorted.empty()) return conclude(std::move(found), certificate);
  const char* as = "BER";
  if (found.outcome == SignatureCheck::Outcome::bad) {
    found = check(signer, certificate, signer.signed_attributes_sorted);
    as = "DER";
  }
  Conclusion conclusion = conclude(std::move(found), certificate);
  if (conclusion.passed()) conclusion.warnings.push_back(say(kUnsorted, std::string(as)));
  return conclusion;
}

}  // namespace

const Conclusion& verify_signature(Context& context, const Target& target,
                                   const Certificate& certificate) {
  const auto [place, added] =
      context.verified.try_emplace(std::pair(&target.signer, certificate.id()));
  if (added) place->second = compute_signature(target.signer, certificate);
  return place->second;
}

std::vector<Reliability> reliabilities(const Policy& policy, const Target& target,
                                       const Certificate& certificate) {
  const SignerPart& signer = target.signer;
  std::vector<Reliability> all{reliability_of_signature(policy, signer.signature_algorithm,
                                                        signer.hash, certificate.public_key())};
  if (signer.hash != crypto::Hash::none)
    all.push_back(reliability_of_hash(policy, signer.hash, ""));
  if (target.stamp && target.stamp->imprint_hash != crypto::Hash::none)
    all.push_back(
        reliability_of_hash(policy, target.stamp->imprint_hash, target.stamp->imprint_hash_oid));
  if (target.stamp && target.stamp->index_hash != crypto::Hash::none)
    all.push_back(reliability_of_hash(policy, target.stamp->index_hash, ""));
  if (target.signature && target.signature->format == Format::pdf_sha1)
    all.push_back(reliability_of_hash(policy, crypto::Hash::sha1, ""));
  return all;
}

Conclusion check_algorithms(const std::vector<Reliability>& reliabilities, Time time) {
  const Reliability* first = nullptr;
  for (const Reliability& each : reliabilities)
    if (!each.good_at(time) && (!first || *each.end < *first->end)) first = &each;
  if (!first) return {};
  if (first->end == Time::min())
    return indeterminate(SubIndication::crypto_constraints_failure,
                         say(kSignatureNeverGood, first->algorithm));
  return indeterminate(SubIndication::crypto_constraints_failure_no_poe,
                       say(kSignatureNoLongerGood, first->algorithm, *first->end, time));
}

}  // namespace signet::validation::procedure
