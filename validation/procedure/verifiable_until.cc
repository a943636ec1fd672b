#include "validation/procedure/verifiable_until.h"

#include <algorithm>
#include <utility>

#include "validation/procedure/cryptographic_check.h"

namespace signet::validation::procedure {

namespace {

constexpr Sentence kStampCertificate{
    "the certificate of {0} ends then, on which the last time-stamp rests",
    "tehdy končí platnost certifikátu, jehož držitelem je {0} a na kterém stojí poslední časové "
    "razítko"};
constexpr Sentence kSignerCertificate{
    "the certificate of {0} ends then, on which the signature rests",
    "tehdy končí platnost certifikátu, jehož držitelem je {0} a na kterém stojí podpis"};
constexpr Sentence kOlderStampCertificate{
    "the certificate of {0} ends then, on which an earlier time-stamp rests",
    "tehdy končí platnost certifikátu, jehož držitelem je {0} a na kterém stojí dřívější časové "
    "razítko"};
constexpr Sentence kDataSignerCertificate{
    "the certificate of {0} ends then, on which the document's revocation data rests",
    "tehdy končí platnost certifikátu, jehož držitelem je {0} a na kterém stojí údaje o "
    "zneplatnění v "
    "dokumentu"};
constexpr Sentence kAnchorTrustEnds{"the certification authority {0} is trusted until then",
                                    "do té doby je důvěryhodná certifikační autorita {0}"};
constexpr Sentence kAlgorithm{"the algorithm {0} is foreseen to be good until then",
                              "do té doby má vyhovovat algoritmus {0}"};

// Where nothing can be said of a later moment, there is no end.
VerifiableUntil later_of(VerifiableUntil a, VerifiableUntil b) {
  if (!a.time || (b.time && *b.time <= *a.time)) return a;
  return b;
}

class Ends {
 public:
  explicit Ends(Context& context) : context_(context) {}

  // Of a chain that has to be good at the moment itself.
  void add(const std::vector<ChainLink>& chain, const Sentence& sentence) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const Certificate& certificate = *chain[i].certificate;
      if (context_.revocations.is_anchor(certificate)) return add_anchor(certificate);
      take(certificate.not_after(), say(sentence, called(certificate)));
      add_signature_of(chain, i);
    }
  }

  // Of a chain of something that is proven to have existed at that moment, no earlier than `proven`. What a time-stamp is over, too,
  // counts for ever: the certificates, and revocation data that was still fresh at `proven`. Other certificates count until their
  // ends, since until then newer data may be had, and the first one for as long as who signed its data in the document can be
  // verified.
  void add_with_data(const std::vector<ChainLink>& chain, Time proven, bool is_signer,
                     const Sentence& sentence) {
    bool is_kept = true;
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const CertificatePtr& certificate = chain[i].certificate;
      if (context_.revocations.is_anchor(*certificate)) {
        if (!is_kept) add_anchor(*certificate);
        return;
      }
      const bool has_issuer = i + 1 < chain.size();
      const bool wants_data = has_issuer && needs_revocation_data(*certificate);
      VerifiableUntil end{certificate->not_after(), say(sentence, called(*certificate))};
      if (context_.inside.contains(certificate->id())) {
        if (!wants_data)
          end = {};
        else
          end = later_of(std::move(end), end_of_data(certificate, chain[i + 1].certificate, proven,
                                                     is_signer && i == 0));
      }
      const bool is_stamped = context_.proofs.lowest(certificate->id()).by.has_value();
      is_kept = is_kept && is_stamped && !end.time;
      if (is_kept) continue;
      if (i > 0)
        take(certificate->not_after(), say(sentence, called(*certificate)));
      else if (end.time)
        take(*end.time, *std::move(end.because));
      add_signature_of(chain, i);
    }
  }

  void add(const Reliability& reliability) {
    if (reliability.foreseen_end)
      take(*reliability.foreseen_end, say(kAlgorithm, reliability.algorithm));
    else if (reliability.end)
      take(*reliability.end, say(kAlgorithm, reliability.algorithm));
  }

  void add(const Target& target, const std::vector<ChainLink>& chain) {
    if (chain.empty()) return;
    for (const Reliability& each :
         reliabilities(context_.policy, target, *chain.front().certificate))
      add(each);
  }

  void add(const VerifiableUntil& end) {
    if (end.time) take(*end.time, *end.because);
  }

  VerifiableUntil result() && { return std::move(result_); }

 private:
  void add_anchor(const Certificate& certificate) {
    for (const TrustAnchor& anchor : context_.policy.anchors)
      if (anchor.certificate->id() == certificate.id() && anchor.until)
        take(*anchor.until, say(kAnchorTrustEnds, called(certificate)));
  }

  void add_signature_of(const std::vector<ChainLink>& chain, std::size_t i) {
    if (i + 1 == chain.size()) return;
    add(reliability_of_signature(context_.policy, chain[i].certificate->signature_algorithm(),
                                 crypto::Hash::none, chain[i + 1].certificate->public_key()));
  }

  // Of the set in the document that can be verified for longest, of those that were fresh at `proven`. Where there is none: the
  // certificate's own.
  VerifiableUntil end_of_data(const CertificatePtr& certificate, const CertificatePtr& issuer,
                              Time proven, bool is_signer) {
    VerifiableUntil last{Time::min(), say(kSignerCertificate, called(*certificate))};
    for (const SpeakingData& each : context_.revocations.of(certificate, issuer).data) {
      if (!context_.inside.contains(each.data->id())) continue;
      if (is_slid_below(each.status, proven, is_signer)) continue;
      last = later_of(std::move(last), end_of(each));
      if (!last.time) break;
    }
    return last;
  }

  // Whether data moves the moment at which the certificate is judged to before `proven` (past_certificate.cc).
  bool is_slid_below(const RevocationStatus& status, Time proven, bool is_signer) const {
    if (status.kind != RevocationStatus::Kind::good) return false;
    if (context_.policy.sliding == Sliding::letter) return status.this_update < proven;
    return fresh_until(context_.policy, status, is_signer) < proven;
  }

  VerifiableUntil end_of(const SpeakingData& data) const {
    const Proof proof = context_.proofs.lowest(data.data->id());
    const bool in_time = data.signer_is_anchor || proof.time <= data.signer->not_after();
    if (proof.by && in_time && data.reliability.good_at(proof.time)) return {};
    Ends ends(context_);
    if (!data.signer_is_anchor)
      ends.take(data.signer->not_after(), say(kDataSignerCertificate, called(*data.signer)));
    ends.add(data.reliability);
    return std::move(ends).result();
  }

  void take(Time time, Statement why) {
    if (result_.time && *result_.time <= time) return;
    result_ = {time, std::move(why)};
  }

  Context& context_;
  VerifiableUntil result_;
};

// Its certificates and algorithms were good until then.
Time last_moment(const Context& context, const Target& target,
                 const std::vector<ChainLink>& chain) {
  Time last = Time::max();
  for (const ChainLink& link : chain) {
    if (context.revocations.is_anchor(*link.certificate)) break;
    last = std::min(last, link.certificate->not_after());
  }
  for (const Reliability& each : reliabilities(context.policy, target, *chain.front().certificate))
    if (each.end && *each.end != Time::min())
      last = std::min(last, Time(*each.end - std::chrono::seconds(1)));
  return last;
}

}  // namespace

void EndFinder::judge_time_stamps() {
  // The newest first: whatever is over one of them comes before it.
  if (!std::exchange(has_judged_, true))
    for (const TimeStampPart* stamp : stamps_.valid())
      ends_[stamp] = end_of(Target(*stamp), stamps_.of(*stamp).chain, kOlderStampCertificate);
}

// Until its own chain ends it needs no time-stamp. From then on it needs one from before, which can itself be judged, and its data.
VerifiableUntil EndFinder::end_of(const Target& target, const std::vector<ChainLink>& chain,
                                  const Sentence& sentence) const {
  constexpr std::size_t kMostTries = 16;  // of a document that proves the same a thousand times
  Ends own(context_);
  own.add(chain, sentence);
  own.add(target, chain);
  VerifiableUntil last = std::move(own).result();
  if (!last.time || chain.empty()) return last;
  const Time end = last_moment(context_, target, chain);
  std::vector<const TimeStampPart*> over = stamps_.over(target.id);
  std::ranges::reverse(over);  // the oldest first: of the data most was fresh then
  std::size_t tries = 0;
  for (const TimeStampPart* stamp : over) {
    const auto known = ends_.find(stamp);
    if (known == ends_.end() || stamp->time > end) continue;
    if (!last.time || ++tries > kMostTries) break;
    Ends ends(context_);
    ends.add_with_data(chain, stamp->time, target.signature != nullptr, sentence);
    ends.add(known->second);
    last = later_of(std::move(last), std::move(ends).result());
  }
  return last;
}

VerifiableUntil EndFinder::of(const SignatureResult& signature) {
  Ends ends(context_);
  const Target target(*signature.part);
  const TimeStampPart* newest = stamps_.newest_over(*signature.part);
  if (!newest) {
    ends.add(signature.chain, kSignerCertificate);
    ends.add(target, signature.chain);
    return std::move(ends).result();
  }
  const std::vector<ChainLink>& chain = stamps_.of(*newest).chain;
  ends.add(chain, kStampCertificate);
  ends.add(Target(*newest), chain);
  judge_time_stamps();
  ends.add(end_of(target, signature.chain, kSignerCertificate));
  return std::move(ends).result();
}

}  // namespace signet::validation::procedure
