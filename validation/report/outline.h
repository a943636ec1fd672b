// A report for people before it has a form: text and HTML are both written from this, so that they say the same.
#ifndef SIGNET_VALIDATION_REPORT_OUTLINE_H_
#define SIGNET_VALIDATION_REPORT_OUTLINE_H_

#include <string>
#include <vector>

#include "validation/report/report.h"

namespace signet::validation {

struct ReportFact {
  std::string label;
  std::string content;
};

struct ReportRemarks {
  std::string heading;
  std::vector<std::string> lines;
};

struct ReportTable {
  std::string heading;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
};

// A signature or a time-stamp.
struct ReportStep {
  std::string title;
  Indication indication = Indication::indeterminate;
  std::string verdict;
  std::vector<ReportFact> facts;
  std::vector<ReportRemarks> remarks;  // none of them empty
  std::vector<ReportTable> grids;      // none of them without a row
};

struct ReportOutline {
  std::string title;
  Indication indication = Indication::indeterminate;
  std::string verdict;
  std::vector<ReportFact> facts;
  std::vector<ReportStep>
      steps;  // the newest time-stamp first; each signature behind its own time-stamps
  std::vector<ReportRemarks> remarks;
  std::vector<ReportTable> grids;
  std::string picture;  // what a picture of the first page is called
};

// All text is printable and in the options' language.
ReportOutline outline_of(const ValidationResult& result, const ReportOptions& options);

// More lines than that of one kind are counted, not listed: a hostile document can have a million changes.
inline constexpr std::size_t kMostLines = 100;

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_OUTLINE_H_
