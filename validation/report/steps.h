// The part of an outline that is about one signature or time-stamp.
#ifndef SIGNET_VALIDATION_REPORT_STEPS_H_
#define SIGNET_VALIDATION_REPORT_STEPS_H_

#include "validation/report/outline.h"
#include "validation/report/report_text.h"

namespace signet::validation {

class StepWriter {
 public:
  StepWriter(const ValidationResult& result, Language language)
      : language_(language), names_(result, language) {}

  ReportStep of(const TimeStampResult& stamp) const;
  ReportStep of(const SignatureResult& signature) const;

  std::string text(const Sentence& sentence) const { return text_of(sentence, language_); }
  std::string text(const Statement& statement) const;
  // Of as many as kMostLines.
  std::vector<std::string> texts(const std::vector<Statement>& statements) const;

 private:
  std::string moment(const Proof& proof) const;
  std::string revocation(const UsedRevocation& used) const;
  void add_chain(ReportStep& step, const std::vector<ChainLink>& links, bool trusted) const;
  void add_reasons(ReportStep& step, const Conclusion& conclusion) const;
  void add_coverage(ReportStep& step, const PdfCoverage& pdf) const;
  void add_algorithms(ReportStep& step, const std::vector<std::string>& algorithms) const;
  void add_qualification(ReportStep& step, const Qualification& qualification) const;
  void add_remarks(ReportStep& step, const Sentence& heading, std::vector<std::string> lines) const;

  const Language language_;
  const TimeStampNames names_;
};

// "TOTAL-PASSED (valid)"
std::string explained(const std::string& verdict, Indication indication, Language language);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_STEPS_H_
