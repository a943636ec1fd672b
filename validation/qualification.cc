#include "validation/qualification.h"

namespace signet::validation {

std::string_view name_of(QualificationKind kind) {
  switch (kind) {
    case QualificationKind::not_asked:
      break;
    case QualificationKind::qesig:
      return "QESig";
    case QualificationKind::qeseal:
      return "QESeal";
    case QualificationKind::adesig_qc:
      return "AdESig-QC";
    case QualificationKind::adeseal_qc:
      return "AdESeal-QC";
    case QualificationKind::adesig:
      return "AdESig";
    case QualificationKind::adeseal:
      return "AdESeal";
    case QualificationKind::ades:
      return "AdES";
    case QualificationKind::unknown_qc:
      return "Unknown-QC";
    case QualificationKind::unknown_qc_qscd:
      return "Unknown-QC-QSCD";
    case QualificationKind::indeterminate_qesig:
      return "Indeterminate QESig";
    case QualificationKind::indeterminate_qeseal:
      return "Indeterminate QESeal";
    case QualificationKind::indeterminate_adesig_qc:
      return "Indeterminate AdESig-QC";
    case QualificationKind::indeterminate_adeseal_qc:
      return "Indeterminate AdESeal-QC";
    case QualificationKind::indeterminate_adesig:
      return "Indeterminate AdESig";
    case QualificationKind::indeterminate_adeseal:
      return "Indeterminate AdESeal";
    case QualificationKind::indeterminate_unknown_qc:
      return "Indeterminate Unknown-QC";
    case QualificationKind::indeterminate_unknown_qc_qscd:
      return "Indeterminate Unknown-QC-QSCD";
    case QualificationKind::indeterminate_ades:
      return "Indeterminate AdES";
    case QualificationKind::not_ades_qc_qscd:
      return "Not AdES but QC with QSCD";
    case QualificationKind::not_ades_qc:
      return "Not AdES but QC";
    case QualificationKind::not_ades:
      return "Not AdES";
    case QualificationKind::qtsa:
      return "QTSA";
    case QualificationKind::tsa:
      return "TSA";
    case QualificationKind::not_applicable:
      return "N/A";
  }
  return "";
}

}  // namespace signet::validation
