// A signature dictionary (ISO 32000-2, 12.8.1) as the file's bytes have it, however wrong it is. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_PDF_SIGNATURE_H_
#define SIGNET_VALIDATION_READING_PDF_SIGNATURE_H_

#include <cstdint>
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "pdf/document.h"
#include "pdf/form.h"
#include "validation/document.h"
#include "validation/reading/baseline.h"

namespace signet::validation {

struct PdfSignature {
  std::string name;                       // the field's, printable
  std::string field;                      // as it is, for comparisons
  std::string filter, sub_filter;         // without the slash
  std::vector<std::uint64_t> byte_range;  // four numbers, right or wrong; empty: there are not four
  bool is_time_stamp = false;
  Bytes contents;  // one element, DER or BER; empty: none
  PdfCoverage coverage;
  // What it covers, [0, gap_begin) and [gap_end, end); only where the coverage has no fault at that point.
  bool has_range = false;
  std::uint64_t gap_begin = 0, gap_end = 0, end = 0;
  // The gap has a fault, but the range ends where coverage.revision does: what came after that can be told.
  bool ends_a_revision = false;
  std::string reason, location, contact, claimed_name;  // printable, at most 1,024 characters
  std::optional<Time> claimed_time;
  DictionaryFacts facts;
  std::uint32_t object = 0;  // its number, or that of the field that it is a part of
};

// Of a field that is signed.
PdfSignature read_pdf_signature(pdf::Document& document, const pdf::Field& field);

// Byte ranges must lie beside or in each other as revisions do: no gap in two of them that overlap. Sets faults.
void check_ranges_of_all(std::vector<PdfSignature>& signatures);

// A PDF date (ISO 32000-2, 7.9.4); nothing where it is none.
std::optional<Time> pdf_date(std::string_view text);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_PDF_SIGNATURE_H_
