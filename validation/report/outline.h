// A report for people before it has a form: text and HTML are both written from this, so that they say the same.
#ifndef SIGNET_VALIDATION_REPORT_OUTLINE_H_
#define SIGNET_VALIDATION_REPORT_OUTLINE_H_

#include <string>
#include <vector>

#include "validation/report/report.h"

namespace signet::validation {

struct Fact {
  std::string label;
  std::string content;
};

struct Remarks {
  std::string heading;
  std::vector<std::string> lines;
};

struct Grid {
  std::string heading;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
};

// A signature or a time-stamp.
struct Step {
  std::string title;
  Indication indication = Indication::indeterminate;
  std::string verdict;
  std::vector<Fact> facts;
  std::vector<Remarks> remarks;  // none of them empty
  std::vector<Grid> grids;       // none of them without a row
};

struct Outline {
  std::string title;
  Indication indication = Indication::indeterminate;
  std::string verdict;
  std::vector<Fact> facts;
  std::vector<Step>
      steps;  // the newest time-stamp first; each signature behind its own time-stamps
  std::vector<Remarks> remarks;
  std::vector<Grid> grids;
  std::string picture;  // what a picture of the first page is called
};

// All text is printable and in the options' language.
Outline outline_of(const ValidationResult& result, const ReportOptions& options);

// More lines than that of one kind are counted, not listed: a hostile document can have a million changes.
inline constexpr std::size_t kMostLines = 100;

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_OUTLINE_H_
