#include "validation/procedure/level.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace signet::validation::procedure {

namespace {

constexpr Sentence kFormat{"B-B: the format is neither PAdES nor CAdES",
                           "B-B: formát není PAdES ani CAdES"};
constexpr Sentence kFault{"B-B: the signature cannot be read", "B-B: podpis nelze přečíst"};
constexpr Sentence kReference{"B-B: no signed attribute names the signing certificate",
                              "B-B: podpisový certifikát neuvádí žádný podepsaný atribut"};
constexpr Sentence kNoStamp{"B-T: no time-stamp is over the signature",
                            "B-T: podpis nemá časové razítko"};
constexpr Sentence kNoSignatureStamp{
    "B-T: there is no signature time-stamp, only an archive time-stamp (EN 319 122-1, 6.3)",
    "B-T: chybí časové razítko podpisu, je jen archivní časové razítko (EN 319 122-1, 6.3)"};
constexpr Sentence kStampedAfterEnd{
    "B-T: the signature time-stamp of {0} is later than the end of the certificate of {1}, {2} (EN "
    "319 122-1, 6.3 m)",
    "B-T: časové razítko podpisu z {0} je pozdější než konec platnosti certifikátu, jehož "
    "držitelem je {1}, {2} (EN 319 122-1, 6.3 m)"};
constexpr Sentence kStampedAfterRevocation{
    "B-T: the signature time-stamp of {0} is no earlier than the certificate of {1} was revoked at "
    "{2} (EN 319 122-1, 6.3 m)",
    "B-T: časové razítko podpisu z {0} není starší než zneplatnění certifikátu, jehož držitelem "
    "je {1}, {2} (EN 319 122-1, 6.3 m)"};
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

constexpr Sentence kOtherSubFilter{
    "B-LTA: the /SubFilter of the document time-stamp of {0} is not ETSI.RFC3161 (EN 319 142-1, "
    "5.4.3)",
    "B-LTA: /SubFilter časového razítka dokumentu z {0} není ETSI.RFC3161 (EN 319 142-1, 5.4.3)"};

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
      bool good = (this->*rung.step)();
      if (rung.level == Level::b_lt) good = long_term_rest() && good;
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

  // Whatever is added, that stays so.
  bool fault_for_good(Statement why, Level highest) {
    result_.highest = std::min(result_.highest, highest);
    return fault(std::move(why));
  }

  bool basic() {
    const bool good = has_form();
    if (!good) result_.highest = Level::none;
    return good;
  }

  // The reader knows more of the form than the parts show.
  bool has_form() {
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

  // EN 319 122-1, 6.3, and EN 319 142-1, 6.3: what an archive time-stamp proves does not count here.
  bool with_time() {
    const bool in_document =
        std::ranges::any_of(context_.parts.document_time_stamps, [&](const TimeStampPart& stamp) {
          return stamp.has_sub_filter && stamp.covered.contains(part_.id);
        });
    if (!part_.signature_time_stamps.empty() || in_document) return stamped_in_time();
    const bool archived =
        std::ranges::find(part_.archive_time_stamps, TimeStampKind::archive,
                          &TimeStampPart::kind) != part_.archive_time_stamps.end();
    return fault(say(archived ? kNoSignatureStamp : kNoStamp));
  }

  // EN 319 122-1, 6.3 m. EN 319 142-1 has no such rule: there, a document time-stamp may be one that prolongs.
  bool stamped_in_time() {
    if (part_.format != Format::cades || signer_.empty()) return true;
    const Certificate& certificate = *signer_.front().certificate;
    const std::optional<Time> revoked = first_revocation();
    bool good = true;
    for (const TimeStampPart& stamp : part_.signature_time_stamps) {
      if (stamp.time > certificate.not_after())
        good = fault_for_good(
            say(kStampedAfterEnd, stamp.time, called(certificate), certificate.not_after()),
            Level::b_b);
      else if (revoked && stamp.time >= *revoked)
        good = fault_for_good(
            say(kStampedAfterRevocation, stamp.time, called(certificate), *revoked), Level::b_b);
    }
    return good;
  }

  std::optional<Time> first_revocation() {
    std::optional<Time> first;
    if (signer_.size() < 2) return first;
    for (const SpeakingData& data :
         context_.revocations.of(signer_[0].certificate, signer_[1].certificate).data) {
      if (!data.is_revoked()) continue;
      const Time since = data.status.revoked_at.value_or(data.status.this_update);
      if (!first || since < *first) first = since;
    }
    return first;
  }

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
    for (const TimeStampPart* stamp : over)
      if (stamp != *last) good = has_data_of(*stamp) && good;
    return good;
  }

  bool has_data_of(const TimeStampPart& stamp) {
    bool good = true;
    const std::vector<ChainLink>& chain = stamps_.of(stamp).chain;
    if (chain.empty()) good = fault(say(kStampCertificateMissing, stamp.time));
    if (is_open_end(chain))
      good = fault(say(kStampData, called(*chain.back().certificate), stamp.time));
    for_each_needing(chain, [&](std::size_t i) {
      if (data_inside(chain, i).empty())
        good = fault(say(kStampData, called(*chain[i].certificate), stamp.time));
    });
    return good;
  }

  // What B-LT asks for beside the data that the verdict rests on.
  bool long_term_rest() {
    bool good = true;
    for (const TimeStampPart& stamp : part_.content_time_stamps) good = has_data_of(stamp) && good;
    for (const Statement& broken : part_.long_term_faults)
      good = fault_for_good(broken, Level::b_t);
    return good;
  }

  bool archival() {
    const auto covers = [&](const TimeStampPart* stamp) {
      if (stamp->kind != TimeStampKind::document && stamp->kind != TimeStampKind::archive)
        return false;
      bool all = (stamp->has_sub_filter && stamp->covered.contains(part_.id)) ||
                 stamp->kind == TimeStampKind::archive;
      for_each_needing(signer_, [&](std::size_t i) {
        const std::vector<ObjectId> data = data_inside(signer_, i);
        all = all && std::ranges::any_of(
                         data, [&](const ObjectId& id) { return stamp->covered.contains(id); });
      });
      return all;
    };
    if (std::ranges::any_of(over_signature(), covers)) return true;
    for (const TimeStampPart* stamp : over_signature())
      if (!stamp->has_sub_filter) fault(say(kOtherSubFilter, stamp->time));
    return fault(say(kNoArchive));
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
