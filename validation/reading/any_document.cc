#include "validation/any_document.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "crypto/cms/identifiers.h"
#include "pdf/document.h"
#include "validation/reading/kind.h"
#include "validation/reading/pdf_fault.h"
#include "validation/reading/pieces.h"
#include "validation/reading/watched_source.h"

namespace signet::validation {

namespace {

pdf::Source pdf_source(const cms::Source& document) {
  return {document.size, document.read};
}

ReadingError wrong_choice(std::string sentence) {
  return {ReadFault::choice, std::move(sentence)};
}

// A token may hold its TSTInfo and still be over a document.
bool holds_its_document(const cms::Source& message) {
  const auto read = cms::read_signed_data(message);
  return read && read.value().has_content &&
         !equal(read.value().parts.content_type, cms::kOidTimeStampInfo);
}

}  // namespace

Result<std::uint64_t, ReadingError> end_of_revision(const cms::Source& document,
                                                    std::string_view password,
                                                    std::size_t revision) {
  bool failed = false;
  const auto opened = pdf::Document::open(watched(pdf_source(document), failed), password);
  if (failed) return unreadable_pdf();
  if (!opened) return fault_of_pdf(opened.error());
  const auto& revisions = opened.value()->cross_reference().revisions();
  if (revision == 0 || revision > revisions.size())
    return wrong_choice(
        fmt::format("the document has no revision {}: there are {}", revision, revisions.size()));
  return revisions[revision - 1].end;
}

Result<DocumentParts, ReadingError> read_document(const cms::Source& document,
                                                  const cms::Source* data,
                                                  const DocumentChoice& choice,
                                                  const Progress& progress) {
  if (kind_of(document) == FileKind::pdf) {
    if (data != nullptr) return wrong_choice("a sealed PDF holds its document: name no other one");
    const pdf::Source whole = pdf_source(document);
    if (choice.revision == 0) return read_pdf(whole, choice.password, progress);
    BOOST_OUTCOME_TRY(const auto end, end_of_revision(document, choice.password, choice.revision));
    return read_pdf(whole.first(end), choice.password, progress);
  }
  if (choice.revision > 0) return wrong_choice("revisions are for PDF documents");
  if (data != nullptr && holds_its_document(document))
    return wrong_choice("the seal holds its document: name no other one");
  return read_message(document, data, progress);
}

Result<bool, ReadingError> read_content(const cms::Source& message, const SignerPart& judged,
                                        const std::function<bool(ByteView)>& take) {
  std::optional<Bytes> der;
  if (is_pem(message)) der = from_pem(message);
  const cms::Source source = der ? cms::Source::of(*der) : message;
  const auto read = cms::read_signed_data(source);
  if (!read || !read.value().has_content) return wrong_choice("it does not hold its document");
  if (judged.hash == crypto::Hash::none) return false;
  PieceDigest digest(judged.hash);
  bool taken = true;
  const bool whole = read.value().each_piece(source, [&](ByteView piece) {
    digest.update(piece);
    taken = take(piece);
    return taken;
  });
  if (!taken) return ReadingError{ReadFault::cancelled, "the document was not taken"};
  if (!whole) return ReadingError{ReadFault::unreadable, "the file cannot be read"};
  return digest.finish() == judged.content_digest;
}

}  // namespace signet::validation
