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
// than one filter, or another one than Flate. Only those that could inflate to more than the bound are inflated for that, up
// to 128 MiB of all together, and none of an encrypted document: cost_of_object_stream() looks at all that is read.
PdfResult<void> check_object_streams(Window& window, const CrossReference& cross_reference);

// What it costs to read one.
struct ObjectStreamCost {
  std::uint64_t elements =
      0;                    // see ElementCount: of each object on its own, also where they overlap
  std::uint64_t bytes = 0;  // inflated; passed over for its objects, if that is more
};

// Of the one at `place`, a plain entry. Broken as above, and where its elements are more than
// kMostInObjectStream; where it has a predictor, its bytes count as such. `encryption`: of an encrypted document.
PdfResult<ObjectStreamCost> cost_of_object_stream(Window& window,
                                                  const CrossReference& cross_reference,
                                                  const Entry& place,
                                                  const std::optional<Encryption>& encryption);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_OBJECT_STREAMS_H_
