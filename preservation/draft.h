// A document as it grows: what is there, and what was added to it so far, of which nothing is written yet. For this component
// alone.
#ifndef SIGNET_PRESERVATION_DRAFT_H_
#define SIGNET_PRESERVATION_DRAFT_H_

#include <functional>
#include <memory>

#include "common/input_file.h"
#include "preservation/extension.h"
#include "preservation/stamper.h"
#include "preservation/values.h"
#include "validation/reading.h"

namespace signet::preservation {

// Any bytes that can be read at any place.
using Bytestream = pdf::Source;

class Draft {
 public:
  // Of a PDF document or a CMS message. The files outlive it. `data`: null where the message holds its document, or nobody knows
  // it.
  static ExtensionResult<std::unique_ptr<Draft>> open(const InputFile& file, const InputFile* data,
                                                      const Secret& pdf_password);
  virtual ~Draft() = default;

  // All of it as it is now; valid until the next addition.
  virtual Bytestream bytes() const = 0;

  // `bytes` is such a document.
  virtual ExtensionResult<validation::DocumentParts> read(
      const Bytestream& bytes, const validation::Progress& progress) const = 0;

  // Level B-T: time-stamps for signatures that have none.
  virtual ExtensionResult<void> stamp_signatures(const validation::DocumentParts& parts,
                                                 Stamper& stamper) = 0;
  // Level B-LT.
  virtual ExtensionResult<void> add_values(const Values& values) = 0;
  // Level B-LTA, and prolonging: the values, and a time-stamp over everything.
  virtual ExtensionResult<void> archive(const validation::DocumentParts& parts,
                                        const Values& values, Stamper& stamper) = 0;

 protected:
  Draft() = default;
};

// One after the other, in pieces; false where they cannot be read or `take` says so.
bool each_piece(const Bytestream& bytes, const std::function<bool(ByteView)>& take);

ExtensionError reading_error(const validation::ReadingError& error);
ExtensionError no_digest();      // OpenSSL lacks the hash
ExtensionError input_changed();  // or cannot be read any more

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_DRAFT_H_
