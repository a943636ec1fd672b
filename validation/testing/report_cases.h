// For tests: validation results of every kind that a report must be able to write.
#ifndef SIGNET_VALIDATION_TESTING_REPORT_CASES_H_
#define SIGNET_VALIDATION_TESTING_REPORT_CASES_H_

#include <memory>
#include <string>
#include <vector>

#include "validation/result.h"
#include "validation/testing/test_story.h"

namespace signet::validation::pki {

struct ReportCase {
  std::string name;
  std::unique_ptr<Story> story;  // what the result points into
  ValidationResult result;
};

// Signed in 2014, extended in 2018 and 2022, validated in 2023: TOTAL-PASSED.
ReportCase extended_case();
// The signer was revoked before the time-stamp: INDETERMINATE.
ReportCase revoked_case();
// Another content than the one that was signed: TOTAL-FAILED; names and changes are hostile.
ReportCase changed_case();
ReportCase token_case();  // a time-stamp alone
ReportCase empty_case();  // a PDF without a signature
// Many signatures, of long names and names in other scripts; one has a revoked signer, one an unknown issuer: INDETERMINATE.
ReportCase many_case();
// With a time-stamped counter-signature: TOTAL-PASSED.
ReportCase countersigned_case();
std::vector<ReportCase> report_cases();

// What the changed case has for a field's name, and in each sentence.
inline constexpr const char* kHostile = "<script>alert(1)</script>&\"'\x1b[2J\xe2\x80\xae\xff";

}  // namespace signet::validation::pki

#endif  // SIGNET_VALIDATION_TESTING_REPORT_CASES_H_
