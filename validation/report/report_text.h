// What all reports write the same way: times, names, verdicts, references from one time-stamp to another.
#ifndef SIGNET_VALIDATION_REPORT_REPORT_TEXT_H_
#define SIGNET_VALIDATION_REPORT_REPORT_TEXT_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "validation/report/report.h"

namespace signet::validation {

// RFC 3339 in UTC, whatever the language.
inline std::string rfc3339(Time time) {
  return text_of(time, Language::english);
}

std::string text_of(const Sentence& sentence, Language language);

// "TOTAL-PASSED", "INDETERMINATE/NO_POE"; of a time-stamp "PASSED".
std::string signature_verdict(const Conclusion& conclusion);
std::string time_stamp_verdict(const Conclusion& conclusion);

// "whole document", "revision 2 of 5"; `pdf` may be null.
std::string coverage_text(const PdfCoverage* pdf, Language language);

// Every time-stamp of a document by its id, with a name that tells it from the others: "document time-stamp \"Signature4\"".
class TimeStampNames {
 public:
  TimeStampNames(const ValidationResult& result, Language language);

  // Of one that it does not know: its id.
  std::string name_of(const ObjectId& id) const;

 private:
  std::map<ObjectId, std::string> names_;
};

// "document time-stamp", and behind it a document time-stamp's name.
std::string time_stamp_title(const TimeStampPart& part, Language language);

// Every certificate of the chains and the signers that were found, each once; in the order in which they are first met.
std::vector<CertificatePtr> certificates_of(const ValidationResult& result);
std::vector<RevocationDataPtr> revocations_of(const ValidationResult& result);
std::vector<const TimeStampResult*> time_stamps_of(const ValidationResult& result);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_REPORT_TEXT_H_
