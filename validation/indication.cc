#include "validation/indication.h"

namespace signet::validation {

namespace {

struct Row {
  SubIndication sub_indication;
  std::string_view name;
};

constexpr std::array kRows = {
    Row{SubIndication::none, ""},
    Row{SubIndication::format_failure, "FORMAT_FAILURE"},
    Row{SubIndication::hash_failure, "HASH_FAILURE"},
    Row{SubIndication::sig_crypto_failure, "SIG_CRYPTO_FAILURE"},
    Row{SubIndication::revoked, "REVOKED"},
    Row{SubIndication::expired, "EXPIRED"},
    Row{SubIndication::not_yet_valid, "NOT_YET_VALID"},
    Row{SubIndication::sig_constraints_failure, "SIG_CONSTRAINTS_FAILURE"},
    Row{SubIndication::chain_constraints_failure, "CHAIN_CONSTRAINTS_FAILURE"},
    Row{SubIndication::certificate_chain_general_failure, "CERTIFICATE_CHAIN_GENERAL_FAILURE"},
    Row{SubIndication::crypto_constraints_failure, "CRYPTO_CONSTRAINTS_FAILURE"},
    Row{SubIndication::crypto_constraints_failure_no_poe, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
    Row{SubIndication::policy_processing_error, "POLICY_PROCESSING_ERROR"},
    Row{SubIndication::signature_policy_not_available, "SIGNATURE_POLICY_NOT_AVAILABLE"},
    Row{SubIndication::timestamp_order_failure, "TIMESTAMP_ORDER_FAILURE"},
    Row{SubIndication::no_signing_certificate_found, "NO_SIGNING_CERTIFICATE_FOUND"},
    Row{SubIndication::no_certificate_chain_found, "NO_CERTIFICATE_CHAIN_FOUND"},
    Row{SubIndication::no_certificate_chain_found_no_poe, "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"},
    Row{SubIndication::revoked_no_poe, "REVOKED_NO_POE"},
    Row{SubIndication::revoked_ca_no_poe, "REVOKED_CA_NO_POE"},
    Row{SubIndication::out_of_bounds_no_poe, "OUT_OF_BOUNDS_NO_POE"},
    Row{SubIndication::out_of_bounds_not_revoked, "OUT_OF_BOUNDS_NOT_REVOKED"},
    Row{SubIndication::revocation_out_of_bounds_no_poe, "REVOCATION_OUT_OF_BOUNDS_NO_POE"},
    Row{SubIndication::no_poe, "NO_POE"},
    Row{SubIndication::try_later, "TRY_LATER"},
    Row{SubIndication::signed_data_not_found, "SIGNED_DATA_NOT_FOUND"},
};

consteval bool is_in_order() {
  if (kRows.size() != static_cast<std::size_t>(kLastSubIndication) + 1) return false;
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (static_cast<std::size_t>(kRows[i].sub_indication) != i) return false;
  return true;
}
static_assert(is_in_order());

}  // namespace

std::string_view name_of(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return "PASSED";
    case Indication::failed:
      return "FAILED";
    case Indication::indeterminate:
      break;
  }
  return "INDETERMINATE";
}

std::string_view total_name(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return "TOTAL-PASSED";
    case Indication::failed:
      return "TOTAL-FAILED";
    case Indication::indeterminate:
      break;
  }
  return "INDETERMINATE";
}

std::string_view name_of(SubIndication sub_indication) {
  return kRows[static_cast<std::size_t>(sub_indication)].name;
}

}  // namespace signet::validation
