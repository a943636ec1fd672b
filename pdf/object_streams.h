// Object streams (ISO 32000-2, 7.5.7) inflate when qpdf reads the first object in them, without a bound, and all that is in
// them becomes objects: they are looked at before it does.
#ifndef SIGNET_PDF_OBJECT_STREAMS_H_
#define SIGNET_PDF_OBJECT_STREAMS_H_

#include <cstdint>
#include <optional>

#include "pdf/cross_reference.h"
#include "pdf/encryption.h"
#include "pdf/error.h"
#include "pdf/source.h"

namespace signet::pdf {

inline constexpr std::uint64_t kMostInObjectStream = 250'000;  // elements; see ElementCount

// Broken where one comes to more than 16 MiB, or is no object stream, or lies in another one; unsupported where it has more
// than one filter, or another one than Flate. Only those that could inflate to more than the bound are inflated for that, and
// none of an encrypted document: count_elements() does that later.
PdfResult<void> check_object_streams(Window& window, const CrossReference& cross_reference);

// How many elements one of them has; of one with a predictor its bytes. Broken as above, and where they are more than kMostInObjectStream. `encryption`: of an
// encrypted document.
PdfResult<std::uint64_t> count_elements(Window& window, const CrossReference& cross_reference,
                                        std::uint32_t number,
                                        const std::optional<Encryption>& encryption);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_OBJECT_STREAMS_H_
