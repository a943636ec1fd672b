// The certificates and revocation data in a PDF's DSS dictionaries (ISO 32000-2, 12.8.4.3), and the revision that each was in first:
// what later document time-stamps prove. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_PDF_EVIDENCE_H_
#define SIGNET_VALIDATION_READING_PDF_EVIDENCE_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "pdf/document.h"
#include "validation/reading/collector.h"

namespace signet::validation {

// Bounds: 64 revisions, 8,192 streams, 100,000 entries of arrays, 4,096 entries of each VRI dictionary, 128 MiB of inflated bytes, 5 s of the
// processor.
// What is beyond them is told. A revision whose DSS cannot be read is told, too, and stops nothing else.
class PdfEvidence {
 public:
  // Of each revision where there are at most 64; of more, of `revisions` and the newest one. All must outlive it.
  PdfEvidence(pdf::Document& document, std::string_view password, Collector& collector,
              const std::set<std::size_t>& revisions);

  // Reads this revision, and those before it that were not read. It was opened from the bytes that it has alone, so that nothing is
  // in it that was added later. To be called with later ones only.
  void read(std::size_t revision, pdf::Document& opened);
  // Opens and reads those that were not read.
  void read_rest();

  // What is in the DSS of revisions up to this one; adds to `objects`.
  void add_up_to(std::size_t revision, Objects& objects) const;

 private:
  void open_before(std::size_t revision);
  void read_revision(std::size_t revision, pdf::Document& document);
  void read_dictionary(pdf::Document& document, QPDFObjectHandle dss);
  using Take = void (Collector::*)(ByteView, Origin, Objects&);
  void read_streams(pdf::Document& document, QPDFObjectHandle list, Take take, Origin origin);
  void read_stream(pdf::Document& document, QPDFObjectHandle stream, Take take, Origin origin);
  bool may_go_on();

  pdf::Document& document_;
  const std::string_view password_;
  Collector& collector_;
  std::set<std::size_t> chosen_;                            // revisions
  std::size_t next_ = 0;                                    // that was not read
  std::chrono::nanoseconds used_{};                         // in earlier calls
  std::chrono::nanoseconds began_{};                        // this call
  std::size_t revision_ = 0;                                // that is being read
  std::map<ObjectId, std::size_t> first_in_;                // revision
  std::set<std::pair<std::uint32_t, std::uint64_t>> seen_;  // number and offset of streams
  std::size_t entries_ = 0;
  std::uint64_t bytes_ = 0;
  bool told_ = false;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_PDF_EVIDENCE_H_
