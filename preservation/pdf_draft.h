// A PDF document that grows by incremental updates. For this component alone.
#ifndef SIGNET_PRESERVATION_PDF_DRAFT_H_
#define SIGNET_PRESERVATION_PDF_DRAFT_H_

#include "pdf/signature.h"
#include "preservation/draft.h"

namespace signet::preservation {

class PdfDraft final : public Draft {
 public:
  PdfDraft(const InputFile& file, const Secret& password) : file_(file), password_(password) {}

  Bytestream bytes() const override;
  ExtensionResult<validation::DocumentParts> read(
      const Bytestream& bytes, const validation::Progress& progress) const override;
  ExtensionResult<void> stamp_signatures(const validation::DocumentParts& parts,
                                         Stamper& stamper) override;
  ExtensionResult<void> add_values(const Values& values) override;
  ExtensionResult<void> archive(const validation::DocumentParts& parts, const Values& values,
                                Stamper& stamper) override;

 private:
  ExtensionResult<pdf::PlannedSignature> plan_stamp(const Values& values, std::size_t room,
                                                    crypto::Hash hash) const;
  ExtensionResult<Bytes> digest_of(const pdf::Tail& tail, const Stamper& stamper) const;

  const InputFile& file_;
  const Secret& password_;
  Bytes added_;  // behind the file's last byte
};

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_PDF_DRAFT_H_
