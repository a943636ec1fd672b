#include "preservation/message_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/printable.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/signer_parts.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "preservation/archive_time_stamp.h"

namespace signet::preservation {

namespace {

constexpr const char* kOcspResponse = "1.3.6.1.5.5.7.16.2";  // id-ri-ocsp-response (RFC 5940)
constexpr std::uint8_t kPemDash = '-';

Bytestream bytestream_of(const InputFile& file) {
  return {file.size(), [&file](std::uint64_t offset, std::span<std::uint8_t> out) {
            return file.read(offset, out);
          }};
}

// RevocationInfoChoice (RFC 5652, 10.2.1): a CRL as it is, an OCSP response in `other`.
Bytes revocation_info(const validation::RevocationData& data) {
  if (data.kind() == validation::RevocationKind::crl) return data.der();
  const Bytes other = der::concat(cms::encode_oid(kOcspResponse), ocsp_response_of(data));
  return der::encode(der::kContext1, other);
}

bool reads_from(ByteView bytes, std::uint64_t& offset, std::span<std::uint8_t>& out) {
  if (offset >= bytes.size()) {
    offset -= bytes.size();
    return false;
  }
  const auto part = bytes.subspan(static_cast<std::size_t>(offset));
  const std::size_t size = std::min(part.size(), out.size());
  if (size > 0) std::memcpy(out.data(), part.data(), size);
  out = out.subspan(size);
  offset = 0;
  return true;
}

ExtensionError broken_signer() {
  return {ExtensionFault::broken, "a signer of the message cannot be read"};
}

}  // namespace

ExtensionResult<std::unique_ptr<Draft>> MessageDraft::open(const InputFile& file,
                                                           const cms::Source& source,
                                                           const InputFile* data) {
  std::uint8_t first = 0;
  if (source.size > 0 && source.read(0, {&first, 1}) && first == kPemDash)
    return ExtensionError{ExtensionFault::settings,
                          "a message in PEM is not extended: make it DER first, by openssl cms "
                          "-cmsout -inform PEM -outform DER"};
  auto message = cms::read_signed_data(source);
  if (!message)
    return ExtensionError{ExtensionFault::broken,
                          fmt::format("the message is broken: {} (at byte {})",
                                      printable(message.error().sentence), message.error().offset)};
  if (equal(message.value().parts.content_type, cms::kOidTimeStampInfo))
    return ExtensionError{ExtensionFault::settings,
                          "it is a time-stamp alone, which has no levels"};
  if (message.value().has_content) data = nullptr;
  std::uint64_t content = 0;
  if (message.value().has_content) {
    const std::uint64_t begin = message.value().content_offset;
    const auto size = cms::element_size(
        {source.size - begin, [&](std::uint64_t offset, std::span<std::uint8_t> out) {
           return source.read(begin + offset, out);
         }});
    if (!size) return input_changed();
    content = *size;
  }
  return std::unique_ptr<Draft>(new MessageDraft(file, data, std::move(message).value(), content));
}

cms::Source MessageDraft::source() const {
  return {file_.size(), [this](std::uint64_t offset, std::span<std::uint8_t> out) {
            return file_.read(offset, out);
          }};
}

void MessageDraft::frame() {
  frame_ = message_.has_content ? message_.parts.around_element(content_)
                                : cms::Frame{message_.parts.detached(), {}};
}

Bytestream MessageDraft::bytes() const {
  return {frame_.before.size() + content_ + frame_.after.size(),
          [this](std::uint64_t offset, std::span<std::uint8_t> out) {
            if (reads_from(frame_.before, offset, out) && out.empty()) return true;
            if (offset < content_) {
              const auto size =
                  static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), content_ - offset));
              if (!file_.read(message_.content_offset + offset, out.first(size))) return false;
              out = out.subspan(size);
              offset = 0;
            } else {
              offset -= content_;
            }
            return out.empty() || (reads_from(frame_.after, offset, out) && out.empty());
          }};
}

ExtensionResult<validation::DocumentParts> MessageDraft::read(
    const Bytestream& bytes, const validation::Progress& progress) const {
  const cms::Source message{bytes.size, bytes.read};
  cms::Source data;
  if (data_ != nullptr) {
    const Bytestream stream = bytestream_of(*data_);
    data = {stream.size, stream.read};
  }
  auto parts = validation::read_message(message, data_ != nullptr ? &data : nullptr, progress);
  if (!parts) return reading_error(parts.error());
  return std::move(parts).value();
}

ExtensionResult<void> MessageDraft::stamp_signatures(const validation::DocumentParts& /*parts*/,
                                                     Stamper& stamper) {
  for (Bytes& signer : message_.parts.signers) {
    const auto parts = cms::read_signer(signer);
    if (!parts) return broken_signer();
    // An archive time-stamp does not stand for it (EN 319 122-1, 6.3), and is not touched by it.
    if (!parts->unsigned_values(cms::kSignatureTimeStamp).empty()) continue;
    const auto imprint = crypto::digest_of(stamper.context(), stamper.hash(), parts->signature);
    if (!imprint) return no_digest();
    BOOST_OUTCOME_TRY(const Bytes token, stamper.stamp(stamper.hash(), imprint.value()));
    signer = cms::with_unsigned_attribute(signer, cms::signature_time_stamp(token));
    stamper.used(token);
  }
  frame();
  return success();
}

ExtensionResult<void> MessageDraft::add_values(const Values& values) {
  cms::SignedData& parts = message_.parts;
  for (const auto& each : values.certificates) parts.add_certificate(each->der());
  for (const auto& each : values.revocations) {
    Bytes info = revocation_info(*each);
    if (std::ranges::find(parts.revocations, info) == parts.revocations.end())
      parts.revocations.push_back(std::move(info));
  }
  frame();
  return success();
}

// Each signer has an archive time-stamp of its own (EN 319 122-1, 5.5.3).
ExtensionResult<void> MessageDraft::archive(const validation::DocumentParts& /*parts*/,
                                            const Values& values, Stamper& stamper) {
  BOOST_OUTCOME_TRY(add_values(values));
  BOOST_OUTCOME_TRY(const Bytes content, content_digest(stamper));
  for (Bytes& signer : message_.parts.signers) {
    BOOST_OUTCOME_TRY(const ArchiveImprint imprint,
                      archive_imprint(message_.parts, signer, content, stamper));
    BOOST_OUTCOME_TRY(const Bytes token, stamper.stamp(stamper.hash(), imprint.digest));
    const Bytes attribute = archive_attribute(token, imprint);
    if (attribute.empty())
      return ExtensionError{ExtensionFault::no_time_stamp,
                            "the time-stamp cannot take its index: its signer is not DER"};
    signer = cms::with_unsigned_attribute(signer, attribute);
    stamper.used(token);
  }
  frame();
  return success();
}

ExtensionResult<Bytes> MessageDraft::content_digest(const Stamper& stamper) const {
  if (!message_.has_content && data_ == nullptr)
    return ExtensionError{ExtensionFault::settings,
                          "the document that the seal is over is needed: name it with --data"};
  auto digest = crypto::Digest::start(stamper.context(), stamper.hash());
  if (!digest) return no_digest();
  const auto take = [&](ByteView piece) { return digest.value().update(piece).has_value(); };
  const bool whole = message_.has_content ? message_.each_piece(source(), take)
                                          : each_piece(bytestream_of(*data_), take);
  if (!whole) return input_changed();
  auto value = digest.value().finish();
  if (!value) return no_digest();
  return std::move(value).value();
}

}  // namespace signet::preservation
