#include "validation/procedure/verifiable_until.h"

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
constexpr Sentence kDataSignerCertificate{
    "the certificate of {0} ends then, on which the document's revocation data rests",
    "tehdy končí platnost certifikátu, jehož držitelem je {0} a na kterém stojí údaje o "
    "zneplatnění v "
    "dokumentu"};
constexpr Sentence kAnchorTrustEnds{"the certification authority {0} is trusted until then",
                                    "do té doby je důvěryhodná certifikační autorita {0}"};
constexpr Sentence kAlgorithm{"the algorithm {0} is foreseen to be good until then",
                              "do té doby má vyhovovat algoritmus {0}"};

class Ends {
 public:
  explicit Ends(Context& context) : context_(context) {}

  void add(const std::vector<ChainLink>& chain, const Sentence& sentence) {
    add_chain(chain, [&](std::size_t i) {
      take(chain[i].certificate->not_after(), say(sentence, called(*chain[i].certificate)));
    });
  }

  // A chain whose revocation data is in the document, under no time-stamp. Until its first certificate ends newer data may be
  // had; from then on the document's has to serve, as long as its signer can be verified.
  void add_with_data(const std::vector<ChainLink>& chain) {
    add_chain(chain, [&](std::size_t i) {
      const CertificatePtr& certificate = chain[i].certificate;
      if (i > 0)
        return take(certificate->not_after(), say(kSignerCertificate, called(*certificate)));
      if (i + 1 == chain.size() || !needs_revocation_data(*certificate)) return;
      VerifiableUntil end = end_with_data(certificate, chain[i + 1].certificate);
      if (end.time) take(*end.time, *std::move(end.because));
    });
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

  VerifiableUntil result() && { return std::move(result_); }

 private:
  // Calls `each` for every certificate below the anchor.
  template <typename Each>
  void add_chain(const std::vector<ChainLink>& chain, Each each) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const Certificate& certificate = *chain[i].certificate;
      if (context_.revocations.is_anchor(certificate)) {
        for (const TrustAnchor& anchor : context_.policy.anchors)
          if (anchor.certificate->id() == certificate.id() && anchor.until)
            take(*anchor.until, say(kAnchorTrustEnds, called(certificate)));
        break;
      }
      each(i);
      if (i + 1 < chain.size())
        add(reliability_of_signature(context_.policy, certificate.signature_algorithm(),
                                     crypto::Hash::none, chain[i + 1].certificate->public_key()));
    }
  }

  // The certificate's own end, or that of the set in the document that can be verified for longest.
  VerifiableUntil end_with_data(const CertificatePtr& certificate, const CertificatePtr& issuer) {
    VerifiableUntil last{certificate->not_after(), say(kSignerCertificate, called(*certificate))};
    for (const SpeakingData& each : context_.revocations.of(certificate, issuer).data) {
      if (!context_.inside.contains(each.data->id())) continue;
      Ends ends(context_);
      if (!each.signer_is_anchor)
        ends.take(each.signer->not_after(), say(kDataSignerCertificate, called(*each.signer)));
      ends.add(each.reliability);
      VerifiableUntil end = std::move(ends).result();
      if (!end.time) return end;
      if (*last.time < *end.time) last = std::move(end);
    }
    return last;
  }

  void take(Time time, Statement why) {
    if (result_.time && *result_.time <= time) return;
    result_ = {time, std::move(why)};
  }

  Context& context_;
  VerifiableUntil result_;
};

}  // namespace

VerifiableUntil verifiable_until(Context& context, const SignatureResult& signature,
                                 const LevelResult& level, const TimeStamps& stamps) {
  Ends ends(context);
  const TimeStampPart* last = stamps.newest_over(*signature.part);
  if (last) {
    const std::vector<ChainLink>& chain = stamps.of(*last).chain;
    ends.add(chain, kStampCertificate);
    ends.add(Target(*last), chain);
  }
  if (!last || !level.has_data) {
    ends.add(signature.chain, kSignerCertificate);
    ends.add(Target(*signature.part), signature.chain);
  } else if (!level.is_archival) {
    ends.add_with_data(signature.chain);
  }
  return std::move(ends).result();
}

}  // namespace signet::validation::procedure
