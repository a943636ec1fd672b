#include "validation/trusted_lists/signature_kind.h"

namespace signet::validation {

namespace {

struct Kinds {
  QualificationKind passed, indeterminate, failed;
};

Kinds kinds_of(const CertificateQualification& certificate) {
  if (certificate.conflict)
    return {QualificationKind::not_applicable, QualificationKind::not_applicable,
            QualificationKind::not_ades};
  // A certificate for web sites makes no signature or seal of anybody.
  if (certificate.type == CertificateType::web)
    return {QualificationKind::not_ades, QualificationKind::not_ades, QualificationKind::not_ades};
  const bool seal = certificate.type == CertificateType::seal;
  if (certificate.type == CertificateType::unknown) {
    if (!certificate.qualified)
      return {QualificationKind::ades, QualificationKind::indeterminate_ades,
              QualificationKind::not_ades};
    if (certificate.on_device)
      return {QualificationKind::unknown_qc_qscd, QualificationKind::indeterminate_unknown_qc_qscd,
              QualificationKind::not_ades_qc_qscd};
    return {QualificationKind::unknown_qc, QualificationKind::indeterminate_unknown_qc,
            QualificationKind::not_ades_qc};
  }
  if (!certificate.qualified)
    return {
        seal ? QualificationKind::adeseal : QualificationKind::adesig,
        seal ? QualificationKind::indeterminate_adeseal : QualificationKind::indeterminate_adesig,
        QualificationKind::not_ades};
  if (certificate.on_device)
    return {seal ? QualificationKind::qeseal : QualificationKind::qesig,
            seal ? QualificationKind::indeterminate_qeseal : QualificationKind::indeterminate_qesig,
            QualificationKind::not_ades_qc_qscd};
  return {seal ? QualificationKind::adeseal_qc : QualificationKind::adesig_qc,
          seal ? QualificationKind::indeterminate_adeseal_qc
               : QualificationKind::indeterminate_adesig_qc,
          QualificationKind::not_ades_qc};
}

}  // namespace

QualificationKind signature_kind(Indication verdict, const CertificateQualification& certificate) {
  const Kinds kinds = kinds_of(certificate);
  if (verdict == Indication::passed) return kinds.passed;
  return verdict == Indication::failed ? kinds.failed : kinds.indeterminate;
}

}  // namespace signet::validation
