#include "validation/report/report_text.h"

#include <fmt/format.h>

#include <set>

#include "common/printable.h"

namespace signet::validation {

namespace {

constexpr Sentence kContent{"content time-stamp", "časové razítko obsahu"};
constexpr Sentence kSignature{"signature time-stamp", "časové razítko podpisu"};
constexpr Sentence kDocumentStamp{"document time-stamp", "časové razítko dokumentu"};
constexpr Sentence kArchive{"archive time-stamp", "archivní časové razítko"};
constexpr Sentence kReferences{"time-stamp of references", "časové razítko odkazů"};
constexpr Sentence kAlone{"time-stamp", "časové razítko"};
constexpr Sentence kWhole{"whole document", "celý dokument"};
constexpr Sentence kRevision{"revision {0} of {1}", "revize {0} z {1}"};

const Sentence& title_of(TimeStampKind kind) {
  switch (kind) {
    case TimeStampKind::content:
      return kContent;
    case TimeStampKind::signature:
      return kSignature;
    case TimeStampKind::document:
      return kDocumentStamp;
    case TimeStampKind::archive:
      return kArchive;
    case TimeStampKind::references:
      return kReferences;
    case TimeStampKind::alone:
      break;
  }
  return kAlone;
}

std::string with_sub_indication(std::string_view name, SubIndication sub) {
  if (sub == SubIndication::none) return std::string(name);
  return fmt::format("{}/{}", name, name_of(sub));
}

// Each object once, by its id.
template <typename Pointer>
class Once {
 public:
  void add(const Pointer& object) {
    if (object && seen_.insert(object->id()).second) found_.push_back(object);
  }
  std::vector<Pointer> found() && { return std::move(found_); }

 private:
  std::set<ObjectId> seen_;
  std::vector<Pointer> found_;
};

template <typename Visit>
void visit_links(const ValidationResult& result, const Visit& visit) {
  each_signature(result.signatures, [&](const SignatureResult& signature) {
    for (const ChainLink& link : signature.chain) visit(link);
  });
  for (const TimeStampResult* stamp : time_stamps_of(result))
    for (const ChainLink& link : stamp->chain) visit(link);
}

}  // namespace

std::string text_of(const Sentence& sentence, Language language) {
  return text_of(Statement{&sentence, {}}, language);
}

std::string signature_verdict(const Conclusion& conclusion) {
  return with_sub_indication(total_name(conclusion.indication), conclusion.sub_indication);
}

std::string time_stamp_verdict(const Conclusion& conclusion) {
  return with_sub_indication(name_of(conclusion.indication), conclusion.sub_indication);
}

std::string coverage_text(const PdfCoverage* pdf, Language language) {
  if (!pdf || pdf->whole_document) return text_of(kWhole, language);
  return text_of(say(kRevision, static_cast<std::int64_t>(pdf->revision + 1),
                     static_cast<std::int64_t>(pdf->revisions)),
                 language);
}

std::string time_stamp_title(const TimeStampPart& part, Language language) {
  const std::string title = text_of(title_of(part.kind), language);
  return part.name.empty() ? title : fmt::format("{} \"{}\"", title, printable(part.name));
}

TimeStampNames::TimeStampNames(const ValidationResult& result, Language language) {
  for (const TimeStampResult* stamp : time_stamps_of(result))
    names_.emplace(stamp->part->id, time_stamp_title(*stamp->part, language));
}

std::string TimeStampNames::name_of(const ObjectId& id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? text_of(id) : found->second;
}

std::vector<const TimeStampResult*> time_stamps_of(const ValidationResult& result) {
  std::vector<const TimeStampResult*> all;
  for (const TimeStampResult& stamp : result.document_time_stamps) all.push_back(&stamp);
  each_signature(result.signatures, [&](const SignatureResult& signature) {
    for (const TimeStampResult& stamp : signature.time_stamps) all.push_back(&stamp);
  });
  return all;
}

std::vector<CertificatePtr> certificates_of(const ValidationResult& result) {
  Once<CertificatePtr> once;
  visit_links(result, [&](const ChainLink& link) {
    once.add(link.certificate);
    once.add(link.revocation.signer);
  });
  return std::move(once).found();
}

std::vector<RevocationDataPtr> revocations_of(const ValidationResult& result) {
  Once<RevocationDataPtr> once;
  visit_links(result, [&](const ChainLink& link) { once.add(link.revocation.data); });
  return std::move(once).found();
}

}  // namespace signet::validation
