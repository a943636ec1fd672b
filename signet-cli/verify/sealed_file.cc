#include "signet-cli/verify/sealed_file.h"

#include <fmt/format.h>

#include <utility>

#include "common/bytes.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/reader.h"
#include "pdf/document.h"
#include "sealing/output.h"
#include "signet-cli/seal/tool.h"

namespace signet::cli {

namespace {

using validation::FileKind;
using validation::ReadFault;

constexpr int kBroken = 31;     // as of a document that cannot be sealed
constexpr int kForbidden = 32;  // likewise: the password

int status_of(ReadFault fault) {
  switch (fault) {
    case ReadFault::not_sealed:
    case ReadFault::broken:
      return kBroken;
    case ReadFault::password:
      return kForbidden;
    case ReadFault::unreadable:
    case ReadFault::cancelled:
      break;
  }
  return exit_failed;
}

VerifyRefusal reading_refusal(const std::string& name, const validation::ReadingError& error) {
  return {status_of(error.fault), fmt::format("\"{}\": {}", name, error.sentence)};
}

VerifyRefusal pdf_refusal(const std::string& name, const pdf::Error& error) {
  const bool password = error.kind == pdf::ErrorKind::password;
  return {password ? kForbidden : kBroken, fmt::format("\"{}\": {}", name, error.sentence)};
}

sealing::Output::Existing existing(bool force) {
  return force ? sealing::Output::Existing::replace : sealing::Output::Existing::refuse;
}

}  // namespace

VerifyRefusal refusal_of(const sealing::Error& error) {
  return {exit_status_of(error), error.sentence};
}

VerifyResult<SealedFile> SealedFile::open(const std::string& name, const std::string& data,
                                          const Secret& password) {
  auto file = sealing::Input::file(name);
  if (!file) return refusal_of(file.error());
  std::optional<sealing::Input> document;
  if (!data.empty()) {
    auto opened = sealing::Input::file(data);
    if (!opened) return refusal_of(opened.error());
    document.emplace(std::move(opened).value());
  }
  SealedFile sealed(std::move(file).value(), std::move(document), password);
  sealed.kind_ = validation::kind_of(sealed.file_.source());
  return sealed;
}

pdf::Source SealedFile::pdf_source() const {
  return {file_.size(), [this](std::uint64_t offset, std::span<std::uint8_t> out) {
            return file_.read(offset, out);
          }};
}

VerifyResult<std::uint64_t> SealedFile::end_of(std::size_t revision) const {
  const auto opened = pdf::Document::open(pdf_source(), text_of(password_.reveal()));
  if (!opened) return pdf_refusal(file_.name(), opened.error());
  const auto& revisions = opened.value()->cross_reference().revisions();
  if (revision == 0 || revision > revisions.size())
    return wrong_options(fmt::format("\"{}\" has no revision {}: there are {}", file_.name(),
                                     revision, revisions.size()));
  return revisions[revision - 1].end;
}

VerifyResult<validation::DocumentParts> SealedFile::read(
    std::size_t revision, const validation::Progress& progress) const {
  if (!is_pdf() && revision > 0) return wrong_options("--revision is for PDF documents");
  if (is_pdf() && data_) return wrong_options("a sealed PDF holds its document: name no other one");
  if (is_pdf()) {
    pdf::Source source = pdf_source();
    if (revision > 0) {
      BOOST_OUTCOME_TRY(const auto end, end_of(revision));
      source = source.first(end);
    }
    auto parts = validation::read_pdf(source, text_of(password_.reveal()), progress);
    if (!parts) return reading_refusal(file_.name(), parts.error());
    return std::move(parts).value();
  }
  const cms::Source message = file_.source();
  std::optional<cms::Source> document;
  if (data_) {
    const auto read = cms::read_signed_data(message);
    const bool is_token =
        read && equal(read.value().parts.content_type, signet::cms::kOidTimeStampInfo);
    if (read && read.value().has_content && !is_token)
      return wrong_options("the seal holds its document: name no other one");
    document = data_->source();
  }
  auto parts = validation::read_message(message, document ? &*document : nullptr, progress);
  if (!parts) return reading_refusal(file_.name(), parts.error());
  return std::move(parts).value();
}

VerifyResult<void> SealedFile::write_revision(std::size_t revision, const std::string& out,
                                              bool force) const {
  BOOST_OUTCOME_TRY(auto left, end_of(revision));
  auto opened = sealing::Output::file(out, existing(force));
  if (!opened) return refusal_of(opened.error());
  const auto written = file_.each_piece([&](ByteView piece) {
    const ByteView wanted =
        piece.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size())));
    left -= wanted.size();
    return wanted.empty() || opened.value().write(wanted).has_value();
  });
  if (!written) return refusal_of(written.error());
  const auto committed = opened.value().commit();
  if (!committed) return refusal_of(committed.error());
  return success();
}

VerifyResult<void> SealedFile::write_content(const std::string& out, bool force) const {
  const cms::Source source = file_.source();
  const auto message = cms::read_signed_data(source);
  if (!message || !message.value().has_content)
    return wrong_options(fmt::format("\"{}\" does not hold its document", file_.name()));
  auto opened = sealing::Output::file(out, existing(force));
  if (!opened) return refusal_of(opened.error());
  std::optional<sealing::Error> fault;
  const bool whole = message.value().each_piece(source, [&](ByteView piece) {
    const auto written = opened.value().write(piece);
    if (!written) fault = written.error();
    return written.has_value();
  });
  if (fault) return refusal_of(*fault);
  if (!whole) return VerifyRefusal{exit_failed, fmt::format("cannot read \"{}\"", file_.name())};
  const auto committed = opened.value().commit();
  if (!committed) return refusal_of(committed.error());
  return success();
}

bool is_document_with_seal(const std::string& first, const std::string& second) {
  const auto seal = sealing::Input::file(second);
  if (!seal || validation::kind_of(seal.value().source()) != FileKind::message) return false;
  const auto message = cms::read_signed_data(seal.value().source());
  if (message && !message.value().has_content) return true;
  const auto document = sealing::Input::file(first);
  return document && validation::kind_of(document.value().source()) == FileKind::unknown;
}

}  // namespace signet::cli
