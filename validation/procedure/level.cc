#include "validation/procedure/level.h"

#include <algorithm>
#include <array>

namespace signet::validation::procedure {

namespace {

constexpr Sentence kFormat{"B-B: the format is neither PAdES nor CAdES",
                           "B-B: formát není PAdES ani CAdES"};
constexpr Sentence kFault{"B-B: the signature cannot be read", "B-B: podpis nelze přečíst"};
constexpr Sentence kReference{"B-B: no signed attribute names the signing certificate",
                              "B-B: podpisový certifikát neuvádí žádný podepsaný atribut"};
constexpr Sentence kNoStamp{"B-T: no time-stamp is over the signature",
                            "B-T: podpis nemá časové razítko"};
constexpr Sentence kNoCertificate{"B-LT: the signing certificate is not in the document",
                                  "B-LT: podpisový certifikát není v dokumentu"};
constexpr Sentence kCertificateOutside{
    "B-LT: the certificate of {0} is not in the document",
    "B-LT: certifikát, jehož držitelem je {0}, není v dokumentu"};
constexpr Sentence kSignerData{
    "B-LT: the document has no revocation data for the certificate of {0}",
    "B-LT: v dokumentu není údaj o zneplatnění pro certifikát, jehož držitelem je {0}"};
constexpr Sentence kStampData{
    "B-LT: the document has no revocation data for the certificate of {0}, of the time-stamp "
    "of {1}",
    "B-LT: v dokumentu není údaj o zneplatnění pro certifikát, jehož držitelem je {0}, "
    "u časového razítka z {1}"};
constexpr Sentence kStampCertificateMissing{
    "B-LT: the certificate of the time-stamp of {0} is not there",
    "B-LT: certifikát časového razítka z {0} není k dispozici"};
constexpr Sentence kNoArchive{
    "B-LTA: no document or archive time-stamp is over the signature's revocation data",
    "B-LTA: nad údaji o zneplatnění podpisu není časové razítko dokumentu ani archivní časové "
    "razítko"};

class LevelCheck {
 public:
  LevelCheck(Context& context, const SignaturePart& part, const std::vector<ChainLink>& signer,
             const TimeStamps& stamps)
      : context_(context), part_(part), signer_(signer), stamps_(stamps) {}

  LevelResult run() {
    using Step = bool (LevelCheck::*)();
    struct Rung {
      Level level;
      Step step;
    };
    constexpr std::array kRungs = {
        Rung{Level::b_b, &LevelCheck::basic}, Rung{Level::b_t, &LevelCheck::with_time},
        Rung{Level::b_lt, &LevelCheck::with_data}, Rung{Level::b_lta, &LevelCheck::archival}};
    bool whole = true;
    for (const Rung& rung : kRungs) {
      const bool good = (this->*rung.step)();
      whole = good && whole;
      if (whole) result_.level = rung.level;
    }
    return std::move(result_);
  }

 private:
  bool fault(Statement why) {
    result_.faults.push_back(std::move(why));
    return false;
  }

  // The reader knows more of the form than the parts show.
  bool basic() {
    result_.faults = part_.baseline_faults;
    if (part_.signer.fault) return fault(say(kFault));
    if (!result_.faults.empty()) return false;
    if (part_.format != Format::pades && part_.format != Format::cades) return fault(say(kFormat));
    return part_.signer.has_certificate_reference || fault(say(kReference));
  }

  std::vector<const TimeStampPart*> over_signature() const {
    std::vector<const TimeStampPart*> over;
    for (const TimeStampPart& stamp : part_.signature_time_stamps) over.push_back(&stamp);
    for (const TimeStampPart& stamp : part_.archive_time_stamps)
      if (stamp.kind == TimeStampKind::archive) over.push_back(&stamp);
    for (const TimeStampPart& stamp : context_.parts.document_time_stamps)
      if (stamp.covered.contains(part_.id)) over.push_back(&stamp);
    return over;
  }

  bool with_time() { return !over_signature().empty() || fault(say(kNoStamp)); }

  // Of one certificate: the sets of revocation data in the document that are about it.
  std::vector<ObjectId> data_inside(const std::vector<ChainLink>& chain, std::size_t i) {
    std::vector<ObjectId> found;
    for (const ObjectId& data :
         context_.revocations.of(chain[i].certificate, chain[i + 1].certificate).about)
      if (context_.inside.contains(data)) found.push_back(data);
    return found;
  }

  // The certificates of a chain that need revocation data.
  template <typename Each>
  void for_each_needing(const std::vector<ChainLink>& chain, Each each) {
    for (std::size_t i = 0; i + 1 < chain.size(); ++i)
      if (!context_.revocations.is_anchor(*chain[i].certificate) &&
          needs_revocation_data(*chain[i].certificate))
        each(i);
  }

  // Whether the last of a chain needs revocation data, too: its issuer is not known, and so nothing says what is about it.
  bool is_open_end(const std::vector<ChainLink>& chain) const {
    if (chain.empty()) return false;
    const Certificate& end = *chain.back().certificate;
    return !context_.revocations.is_anchor(end) && !end.is_self_issued() &&
           needs_revocation_data(end);
  }

  bool with_data() {
    bool good = true;
    if (signer_.empty()) good = fault(say(kNoCertificate));
    if (is_open_end(signer_)) good = fault(say(kSignerData, called(*signer_.back().certificate)));
    for (const ChainLink& link : signer_)
      if (!context_.revocations.is_anchor(*link.certificate) &&
          !context_.inside.contains(link.certificate->id()))
        good = fault(say(kCertificateOutside, called(*link.certificate)));
    for_each_needing(signer_, [&](std::size_t i) {
      if (data_inside(signer_, i).empty())
        good = fault(say(kSignerData, called(*signer_[i].certificate)));
    });
    const std::vector<const TimeStampPart*> over = over_signature();
    // Of two in one second, the one that is over the other.
    const auto last =
        std::ranges::max_element(over, [](const TimeStampPart* one, const TimeStampPart* other) {
          return one->time < other->time ||
                 (one->time == other->time && other->covered.contains(one->id));
        });
    for (const TimeStampPart* stamp : over) {
      if (stamp == *last) continue;
      const std::vector<ChainLink>& chain = stamps_.of(*stamp).chain;
      if (chain.empty()) good = fault(say(kStampCertificateMissing, stamp->time));
      if (is_open_end(chain))
        good = fault(say(kStampData, called(*chain.back().certificate), stamp->time));
      for_each_needing(chain, [&](std::size_t i) {
        if (data_inside(chain, i).empty())
          good = fault(say(kStampData, called(*chain[i].certificate), stamp->time));
      });
    }
    return good;
  }

  bool archival() {
    const auto covers = [&](const TimeStampPart* stamp) {
      if (stamp->kind != TimeStampKind::document && stamp->kind != TimeStampKind::archive)
        return false;
      bool all = stamp->covered.contains(part_.id) || stamp->kind == TimeStampKind::archive;
      for_each_needing(signer_, [&](std::size_t i) {
        const std::vector<ObjectId> data = data_inside(signer_, i);
        all = all && std::ranges::any_of(
                         data, [&](const ObjectId& id) { return stamp->covered.contains(id); });
      });
      return all;
    };
    return std::ranges::any_of(over_signature(), covers) || fault(say(kNoArchive));
  }

  Context& context_;
  const SignaturePart& part_;
  const std::vector<ChainLink>& signer_;
  const TimeStamps& stamps_;
  LevelResult result_;
};

}  // namespace

LevelResult level_of(Context& context, const SignaturePart& part,
                     const std::vector<ChainLink>& signer, const TimeStamps& stamps) {
  return LevelCheck(context, part, signer, stamps).run();
}

}  // namespace signet::validation::procedure
