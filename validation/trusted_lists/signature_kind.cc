#include "validation/trusted_lists/signature_kind.h"

namespace signet::validation {

namespace {

using Kind = QualificationKind;

struct Kinds {
  Kind passed, indeterminate, failed;
};

Kinds kinds_of(const CertificateQualification& certificate) {
  if (certificate.conflict) return {Kind::not_applicable, Kind::not_applicable, Kind::not_ades};
  // A certificate for web sites makes no signature or seal of anybody.
  if (certificate.type == CertificateType::web)
    return {Kind::not_ades, Kind::not_ades, Kind::not_ades};
  const bool seal = certificate.type == CertificateType::seal;
  if (certificate.type == CertificateType::unknown) {
    if (!certificate.qualified) return {Kind::ades, Kind::indeterminate_ades, Kind::not_ades};
    if (certificate.on_device)
      return {Kind::unknown_qc_qscd, Kind::indeterminate_ades, Kind::not_ades_qc_qscd};
    return {Kind::unknown_qc, Kind::indeterminate_ades, Kind::not_ades_qc};
  }
  if (!certificate.qualified)
    return {seal ? Kind::adeseal : Kind::adesig, Kind::indeterminate_ades, Kind::not_ades};
  if (certificate.on_device)
    return {seal ? Kind::qeseal : Kind::qesig,
            seal ? Kind::indeterminate_qeseal : Kind::indeterminate_qesig, Kind::not_ades_qc_qscd};
  return {seal ? Kind::adeseal_qc : Kind::adesig_qc,
          seal ? Kind::indeterminate_adeseal_qc : Kind::indeterminate_adesig_qc, Kind::not_ades_qc};
}

}  // namespace

Kind signature_kind(Indication verdict, const CertificateQualification& certificate) {
  const Kinds kinds = kinds_of(certificate);
  if (verdict == Indication::passed) return kinds.passed;
  return verdict == Indication::failed ? kinds.failed : kinds.indeterminate;
}

}  // namespace signet::validation
