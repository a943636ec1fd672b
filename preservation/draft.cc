#include "preservation/draft.h"

#include <algorithm>
#include <utility>

#include "preservation/message_draft.h"
#include "preservation/pdf_draft.h"

namespace signet::preservation {

namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024;

}  // namespace

ExtensionResult<std::unique_ptr<Draft>> Draft::open(const InputFile& file, const InputFile* data,
                                                    const Secret& pdf_password) {
  const cms::Source source{file.size(), [&file](std::uint64_t offset, std::span<std::uint8_t> out) {
                             return file.read(offset, out);
                           }};
  switch (validation::kind_of(source)) {
    case validation::FileKind::pdf:
      return std::unique_ptr<Draft>(std::make_unique<PdfDraft>(file, pdf_password));
    case validation::FileKind::message:
      return MessageDraft::open(file, source, data);
    case validation::FileKind::unknown:
      break;
  }
  return ExtensionError{ExtensionFault::broken,
                        "it is not sealed: neither a PDF document nor a signed CMS message"};
}

bool each_piece(const Bytestream& bytes, const std::function<bool(ByteView)>& take) {
  Bytes buffer;
  for (std::uint64_t at = 0; at < bytes.size; at += buffer.size()) {
    buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size - at, kPiece)));
    if (!bytes.read(at, buffer) || !take(buffer)) return false;
  }
  return true;
}

ExtensionError reading_error(const validation::ReadingError& error) {
  switch (error.fault) {
    case validation::ReadFault::unreadable:
      return {ExtensionFault::input, error.sentence};
    case validation::ReadFault::password:
      return {ExtensionFault::forbidden, error.sentence};
    case validation::ReadFault::cancelled:
      return {ExtensionFault::cancelled, error.sentence};
    case validation::ReadFault::not_sealed:
    case validation::ReadFault::broken:
      break;
  }
  return {ExtensionFault::broken, error.sentence};
}

ExtensionError no_digest() {
  return {ExtensionFault::settings, "OpenSSL cannot compute this digest"};
}

ExtensionError input_changed() {
  return {ExtensionFault::changed,
          "it changed while it was read: extend it when nobody writes to it"};
}

}  // namespace signet::preservation
