// A CMS message that grows by unsigned attributes, certificates and revocation data. What is in it stays as it is encoded; its
// content stays where it is. For this component alone.
#ifndef SIGNET_PRESERVATION_MESSAGE_DRAFT_H_
#define SIGNET_PRESERVATION_MESSAGE_DRAFT_H_

#include <optional>

#include "crypto/cms/reader.h"
#include "preservation/draft.h"

namespace signet::preservation {

class MessageDraft final : public Draft {
 public:
  // `source`: of the file.
  static ExtensionResult<std::unique_ptr<Draft>> open(const InputFile& file,
                                                      const cms::Source& source,
                                                      const InputFile* data);

  Bytestream bytes() const override;
  ExtensionResult<validation::DocumentParts> read(
      const Bytestream& bytes, const validation::Progress& progress) const override;
  ExtensionResult<void> stamp_signatures(const validation::DocumentParts& parts,
                                         Stamper& stamper) override;
  ExtensionResult<void> add_values(const Values& values) override;
  ExtensionResult<void> archive(const validation::DocumentParts& parts, const Values& values,
                                Stamper& stamper) override;

 private:
  MessageDraft(const InputFile& file, const InputFile* data, cms::Message message,
               std::uint64_t content)
      : file_(file), data_(data), message_(std::move(message)), content_(content) {
    frame();
  }
  cms::Source source() const;  // of the file
  void frame();                // after a change
  ExtensionResult<Bytes> content_digest(const Stamper& stamper) const;

  const InputFile& file_;
  const InputFile* const data_;
  cms::Message message_;
  const std::uint64_t content_;  // bytes of the content's OCTET STRING, its header included
  cms::Frame frame_;             // around it
};

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_MESSAGE_DRAFT_H_
