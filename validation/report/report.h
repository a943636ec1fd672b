// Reports of a validation, each from a ValidationResult alone.
#ifndef SIGNET_VALIDATION_REPORT_REPORT_H_
#define SIGNET_VALIDATION_REPORT_REPORT_H_

#include <optional>
#include <string>

#include "common/bytes.h"
#include "validation/result.h"

namespace signet::validation {

struct ReportOptions {
  Language language = Language::english;
  std::string file_name;            // printable
  std::string document_digest;      // SHA-256 of the whole file, hexadecimal; empty: not known
  bool other_readers = false;       // what Acrobat Reader and pdfsig show, and what to set
  std::optional<Bytes> first_page;  // HTML: a PNG
};

// Whether it begins as a PNG does.
bool is_png(ByteView picture);

// For people, in the order in which they should read it: the newest time-stamp first, each with the moment used, where that comes
// from, and until when the document stays verifiable. Ends with a line feed; no escape sequences.
std::string text_report(const ValidationResult& result, const ReportOptions& options);

// One object; its members are stable (docs/verifying.md).
std::string json_report(const ValidationResult& result, const ReportOptions& options);

// One file without scripts or references to others; printable.
std::string html_report(const ValidationResult& result, const ReportOptions& options);

// ETSI TS 119 102-2 V1.4.1, valid against its schema; not signed.
std::string xml_report(const ValidationResult& result, const ReportOptions& options);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_REPORT_H_
