// The signatures in a PDF, by their /ByteRange and /Contents alone: no object is resolved and no stream unpacked, so what
// a signature covers of the file, and the name of its field, are not judged. Enough for signature-field-verify of what
// clients made with this service.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_PDF_SIGNATURES_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_PDF_SIGNATURES_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "softhsm-backend/sapiws/cms.h"

namespace signet::emulator::sapiws {

inline constexpr std::size_t kMaxPdfSignatures = 100;

struct PdfSignature {
  bool whole_file = false;        // the range ends where the file does
  std::optional<CmsFacts> facts;  // nothing: its message cannot be read
};

// In the order of the file; nothing where this is no PDF, or a range lies outside the file.
std::optional<std::vector<PdfSignature>> pdf_signatures(std::string_view pdf);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_PDF_SIGNATURES_H_
