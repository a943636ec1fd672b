// What a signature or a time-stamp is in law, by trusted lists (TS 119 615; EN 319 102-1 leaves it out).
#ifndef SIGNET_VALIDATION_QUALIFICATION_H_
#define SIGNET_VALIDATION_QUALIFICATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validation/statement.h"

namespace signet::validation {

enum class QualificationKind : std::uint8_t {
  not_asked,  // no trusted lists were given
  qesig,
  qeseal,
  adesig_qc,
  adeseal_qc,
  adesig,
  adeseal,
  ades,  // TOTAL-PASSED
  unknown_qc,
  unknown_qc_qscd,  // qualified, but neither for signatures nor for seals alone
  indeterminate_qesig,
  indeterminate_qeseal,
  indeterminate_adesig_qc,
  indeterminate_adeseal_qc,
  indeterminate_adesig,
  indeterminate_adeseal,
  indeterminate_ades,
  indeterminate_unknown_qc,
  indeterminate_unknown_qc_qscd,
  not_ades_qc_qscd,
  not_ades_qc,
  not_ades,  // TOTAL-FAILED; also whatever a certificate for web sites signed
  qtsa,
  tsa,             // time-stamps
  not_applicable,  // the lists contradict each other, or cannot be used
};
std::string_view name_of(
    QualificationKind kind);  // "QESeal", "AdESeal-QC", "QTSA"; "" for not_asked

struct Qualification {
  QualificationKind kind = QualificationKind::not_asked;
  std::vector<Statement> reasons;  // in the order in which they were found
  std::string list;                // the file that decided; empty: none
  std::string list_digest;         // SHA-256 of that file, hexadecimal
  std::string service;             // name of the service that decided
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_QUALIFICATION_H_
