#include "validation/report/seal_word.h"

#include <algorithm>
#include <array>
#include <optional>

#include "validation/trusted_lists/certificate_facts.h"

namespace signet::validation {

namespace {

// givenName, surname, pseudonym.
constexpr std::array kPersonal = {"2.5.4.42", "2.5.4.4", "2.5.4.65"};

std::optional<bool> is_seal(QualificationKind kind) {
  switch (kind) {
    case QualificationKind::qesig:
    case QualificationKind::adesig_qc:
    case QualificationKind::adesig:
    case QualificationKind::indeterminate_qesig:
    case QualificationKind::indeterminate_adesig_qc:
    case QualificationKind::indeterminate_adesig:
      return false;
    case QualificationKind::qeseal:
    case QualificationKind::adeseal_qc:
    case QualificationKind::adeseal:
    case QualificationKind::indeterminate_qeseal:
    case QualificationKind::indeterminate_adeseal_qc:
    case QualificationKind::indeterminate_adeseal:
      return true;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_seal(const SignatureResult& signature) {
  if (const auto known = is_seal(signature.qualification.kind)) return *known;
  if (signature.chain.empty()) return true;
  const CertificateFacts facts = CertificateFacts::of(*signature.chain.front().certificate);
  if (facts.types.contains(qc::kTypeSeal)) return true;
  if (facts.types.contains(qc::kTypeSign)) return false;
  return std::ranges::none_of(
      kPersonal, [&](const char* oid) { return facts.subject_attributes.contains(oid); });
}

}  // namespace signet::validation
