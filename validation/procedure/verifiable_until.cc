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
constexpr Sentence kAnchorTrustEnds{"the certification authority {0} is trusted until then",
                                    "do té doby je důvěryhodná certifikační autorita {0}"};
constexpr Sentence kAlgorithm{"the algorithm {0} is foreseen to be good until then",
                              "do té doby má vyhovovat algoritmus {0}"};

class Ends {
 public:
  explicit Ends(Context& context) : context_(context) {}

  void add(const std::vector<ChainLink>& chain, const Sentence& sentence) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const Certificate& certificate = *chain[i].certificate;
      if (context_.revocations.is_anchor(certificate)) {
        for (const TrustAnchor& anchor : context_.policy.anchors)
          if (anchor.certificate->id() == certificate.id() && anchor.until)
            take(*anchor.until, say(kAnchorTrustEnds, called(certificate)));
        break;
      }
      take(certificate.not_after(), say(sentence, called(certificate)));
      if (i + 1 < chain.size())
        add(reliability_of_signature(context_.policy, certificate.signature_algorithm(),
                                     crypto::Hash::none, chain[i + 1].certificate->public_key()));
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

  VerifiableUntil result() && { return std::move(result_); }

 private:
  void take(Time time, Statement why) {
    if (result_.time && *result_.time <= time) return;
    result_ = {time, std::move(why)};
  }

  Context& context_;
  VerifiableUntil result_;
};

}  // namespace

VerifiableUntil verifiable_until(Context& context, const SignatureResult& signature,
                                 const TimeStamps& stamps) {
  Ends ends(context);
  const TimeStampPart* last = stamps.newest_over(*signature.part);
  if (last) {
    const std::vector<ChainLink>& chain = stamps.of(*last).chain;
    ends.add(chain, kStampCertificate);
    ends.add(Target(*last), chain);
  }
  if (!last || signature.level < Level::b_lt) {
    ends.add(signature.chain, kSignerCertificate);
    ends.add(Target(*signature.part), signature.chain);
  }
  return std::move(ends).result();
}

}  // namespace signet::validation::procedure
