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
  std::string heading;  // may be empty
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
};

// A signature or a time-stamp.
struct ReportStep {
  std::string title;
  std::string who, when;  // for the overview: the signer, the moment that is proven of it
  Indication indication = Indication::indeterminate;
  std::string verdict;
  std::vector<ReportFact> facts;
  std::vector<ReportRemarks> remarks;  // none of them empty
  std::vector<ReportTable> grids;      // none of them without a row
};

// What stands behind the steps.
struct ReportSection {
  std::string heading;
  std::vector<std::string> lines;
  std::vector<ReportTable> grids;
};

struct ReportOutline {
  std::string title;
  Indication indication = Indication::indeterminate;
  std::string verdict;
  ReportRemarks reasons;  // of the verdict; may have no lines
  std::vector<ReportFact> facts;
  // A row for each step, in their order: its title, who, when, verdict. No rows where there are less than two.
  ReportTable overview;
  std::vector<ReportStep>
      steps;  // the newest time-stamp first; each signature behind its own time-stamps
  std::vector<ReportSection> sections;
  std::string picture;  // what a picture of the first page is called
};

// All text is printable and in the options' language.
ReportOutline outline_of(const ValidationResult& result, const ReportOptions& options);

// More lines than that of one kind are counted, not listed: a hostile document can have a million changes.
inline constexpr std::size_t kMostLines = 100;

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_OUTLINE_H_
