#include "signet-cli/verify/sealed_file.h"

#include <fmt/format.h>

#include <utility>

#include "common/bytes.h"
#include "crypto/cms/reader.h"
#include "sealing/output.h"
#include "signet-cli/seal/tool.h"
#include "validation/any_document.h"

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
    case ReadFault::choice:
      return exit_usage;
    case ReadFault::unreadable:
    case ReadFault::cancelled:
      break;
  }
  return exit_failed;
}

VerifyRefusal reading_refusal(const std::string& name, const validation::ReadingError& error) {
  // No verdict, whatever a reader that repairs it shows.
  if (error.fault == ReadFault::broken)
    return {kBroken,
            fmt::format("\"{}\" cannot be read, so that no signature in it can be judged: {}", name,
                        error.sentence)};
  return {status_of(error.fault), fmt::format("\"{}\": {}", name, error.sentence)};
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

VerifyResult<validation::DocumentParts> SealedFile::read(
    std::size_t revision, const validation::Progress& progress) const {
  const cms::Source source = file_.source();
  std::optional<cms::Source> data;
  if (data_) data = data_->source();
  auto parts = validation::read_document(source, data ? &*data : nullptr,
                                         {text_of(password_.reveal()), revision}, progress);
  if (!parts) return reading_refusal(file_.name(), parts.error());
  return std::move(parts).value();
}

VerifyResult<void> SealedFile::write_revision(std::size_t revision, const std::string& out,
                                              bool force) const {
  const auto end =
      validation::end_of_revision(file_.source(), text_of(password_.reveal()), revision);
  if (!end) return reading_refusal(file_.name(), end.error());
  auto left = end.value();
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

VerifyResult<void> SealedFile::write_content(const validation::SignerPart& judged,
                                             const std::string& out, bool force) const {
  auto opened = sealing::Output::file(out, existing(force));
  if (!opened) return refusal_of(opened.error());
  std::optional<sealing::Error> fault;
  const auto same = validation::read_content(file_.source(), judged, [&](ByteView piece) {
    const auto written = opened.value().write(piece);
    if (!written) fault = written.error();
    return written.has_value();
  });
  if (fault) return refusal_of(*fault);
  if (!same) return reading_refusal(file_.name(), same.error());
  if (!same.value())
    return VerifyRefusal{exit_failed, fmt::format("\"{}\" was changed meanwhile", file_.name())};
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
