// The verdicts of EN 319 102-1 V1.4.1, tables 5 and 6, and a validation step's outcome: a verdict and why.
#ifndef SIGNET_VALIDATION_INDICATION_H_
#define SIGNET_VALIDATION_INDICATION_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "validation/statement.h"

namespace signet::validation {

// Of a signature as a whole: TOTAL-PASSED, TOTAL-FAILED, INDETERMINATE; of a time-stamp or a building block: PASSED, FAILED,
// INDETERMINATE.
enum class Indication : std::uint8_t { passed, indeterminate, failed };

enum class SubIndication : std::uint8_t {
  none,
  format_failure,
  hash_failure,
  sig_crypto_failure,
  revoked,
  expired,
  not_yet_valid,
  sig_constraints_failure,
  chain_constraints_failure,
  certificate_chain_general_failure,
  crypto_constraints_failure,
  crypto_constraints_failure_no_poe,
  policy_processing_error,
  signature_policy_not_available,
  timestamp_order_failure,
  no_signing_certificate_found,
  no_certificate_chain_found,
  no_certificate_chain_found_no_poe,
  revoked_no_poe,
  revoked_ca_no_poe,
  out_of_bounds_no_poe,
  out_of_bounds_not_revoked,
  revocation_out_of_bounds_no_poe,
  no_poe,
  try_later,
  signed_data_not_found,
};

inline constexpr SubIndication kLastSubIndication = SubIndication::signed_data_not_found;

// "TOTAL-PASSED".
std::string_view total_name(Indication indication);
// "PASSED".
std::string_view name_of(Indication indication);
// "HASH_FAILURE"; empty for none.
std::string_view name_of(SubIndication sub_indication);

// What a step came to. A passed one may have reasons too: what was found on the way.
struct Conclusion {
  Indication indication = Indication::passed;
  SubIndication sub_indication = SubIndication::none;
  std::vector<Statement> reasons;   // why; the first one decided
  std::vector<Statement> warnings;  // what does not change the verdict

  bool passed() const { return indication == Indication::passed; }
  bool is(SubIndication sub) const { return sub_indication == sub; }
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_INDICATION_H_
