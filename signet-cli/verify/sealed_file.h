// A sealed file as `signet verify` opens it: which kind it is, its parts, and what can be taken out of it.
#ifndef SIGNET_SIGNET_CLI_VERIFY_SEALED_FILE_H_
#define SIGNET_SIGNET_CLI_VERIFY_SEALED_FILE_H_

#include <optional>
#include <string>

#include "common/secret.h"
#include "sealing/input.h"
#include "signet-cli/verify/options.h"
#include "validation/document.h"
#include "validation/reading.h"

namespace signet::cli {

// A sealing error's exit status and sentence.
VerifyRefusal refusal_of(const sealing::Error& error);

class SealedFile {
 public:
  // `data`: what an external seal is over; empty: nothing is named.
  static VerifyResult<SealedFile> open(const std::string& name, const std::string& data,
                                       const Secret& password);

  bool is_pdf() const { return kind_ == validation::FileKind::pdf; }
  const sealing::Input& input() const { return file_; }

  // `revision` 0: the whole document.
  VerifyResult<validation::DocumentParts> read(std::size_t revision,
                                               const validation::Progress& progress) const;

  // A PDF's revision, counted from 1, as bytes of the file.
  VerifyResult<void> write_revision(std::size_t revision, const std::string& out, bool force) const;
  // The document that a CMS message holds, which is the one that was judged.
  VerifyResult<void> write_content(const validation::SignerPart& judged, const std::string& out,
                                   bool force) const;

 private:
  SealedFile(sealing::Input file, std::optional<sealing::Input> data, const Secret& password)
      : file_(std::move(file)), data_(std::move(data)), password_(password) {}

  sealing::Input file_;
  std::optional<sealing::Input> data_;
  validation::FileKind kind_ = validation::FileKind::unknown;
  const Secret& password_;
};

// Whether these two are a document and the external seal over it, which may be named without --data.
bool is_document_with_seal(const std::string& first, const std::string& second);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_VERIFY_SEALED_FILE_H_
