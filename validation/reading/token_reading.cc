#include "validation/reading/token_reading.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/printable.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/reader.h"
#include "crypto/cms/signer_parts.h"
#include "crypto/cms/time_stamp_info.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "validation/reading/signer_reading.h"

namespace signet::validation {

namespace {

constexpr std::uint64_t kMostContent = std::uint64_t{1024} * 1024;  // a TSTInfo; bytes

constexpr Sentence kNoMessage{"the time-stamp cannot be read: {0}",
                              "časové razítko nelze přečíst: {0}"};
constexpr Sentence kNoToken{"what stands for the time-stamp is no time-stamp (TSTInfo)",
                            "na místě časového razítka není časové razítko (TSTInfo)"};
constexpr Sentence kSigners{"the time-stamp has {0} signatures, not one",
                            "časové razítko má podpisů {0}, ne jeden"};

void read_values(const cms::SignerParts& signer, Collector& collector, Objects& objects) {
  for (const ByteView value : signer.unsigned_values(attribute::kCertificateValues))
    collector.certificate_values(value, Origin::time_stamp, objects);
  for (const ByteView value : signer.unsigned_values(attribute::kRevocationValues))
    collector.revocation_values(value, Origin::time_stamp, objects);
}

void read_info(ByteView content, TimeStampPart& part) {
  auto info = cms::read_time_stamp_info(content);
  if (!info) {
    part.signer.fault = say(kNoMessage, printable(info.error()));
    return;
  }
  cms::TimeStampInfo& read = info.value();
  part.time = read.time;
  part.accuracy = read.accuracy;
  part.ordering = read.ordering;
  part.policy = std::move(read.policy);
  part.serial = std::move(read.serial);
  part.imprint_hash = read.hash;
  part.imprint_hash_oid = std::move(read.hash_oid);
  part.imprint = std::move(read.imprint);
}

// The TSTInfo; nothing where the message holds none.
std::optional<Bytes> info_in(const cms::Message& message, const cms::Source& source) {
  Bytes content;
  const bool whole = message.has_content && message.content_size <= kMostContent &&
                     message.each_piece(source, [&content](ByteView piece) {
                       content.insert(content.end(), piece.begin(), piece.end());
                       return true;
                     });
  if (!whole || !equal(message.parts.content_type, cms::kOidTimeStampInfo)) return std::nullopt;
  return content;
}

void read_message(TokenReading& reading, Collector& collector) {
  TimeStampPart& part = reading.part;
  const cms::Source source = cms::Source::of(part.der);
  const auto message = cms::read_signed_data(source);
  if (!message) {
    part.signer.fault = say(kNoMessage, printable(message.error().sentence));
    return;
  }
  const cms::SignedData& parts = message.value().parts;
  for (const Bytes& one : parts.certificates)
    collector.certificate_choice(one, Origin::time_stamp, reading.objects);
  for (const Bytes& one : parts.revocations)
    collector.revocation_choice(one, Origin::time_stamp, reading.objects);
  const auto content = info_in(message.value(), source);
  if (!content) {
    part.signer.fault = say(kNoToken);
    return;
  }
  if (parts.signers.size() != 1) {
    part.signer.fault = say(kSigners, static_cast<std::int64_t>(parts.signers.size()));
    return;
  }
  part.signer = read_signer_part(parts.signers[0], parts.content_type);
  if (part.signer.fault) return;
  part.signer.content_digest = digest_of(part.signer.hash, *content);
  if (const auto signer = cms::read_signer(part.signer.signer_info))
    read_values(*signer, collector, reading.objects);
  read_info(*content, part);
}

}  // namespace

TokenReading read_token(ByteView der, TimeStampKind kind, Collector& collector) {
  const crypto::HostErrors aside;
  TokenReading reading;
  reading.part.kind = kind;
  reading.part.der = copy_of(der);
  reading.part.id = ObjectId::of(der);
  read_message(reading, collector);
  return reading;
}

crypto::Hash imprint_hash_of(ByteView der) {
  const crypto::HostErrors aside;
  const cms::Source source = cms::Source::of(der);
  const auto message = cms::read_signed_data(source);
  const auto content = message ? info_in(message.value(), source) : std::nullopt;
  if (!content) return crypto::Hash::none;
  const auto info = cms::read_time_stamp_info(*content);
  return info ? info.value().hash : crypto::Hash::none;
}

void cover(const TokenReading& token, Objects& objects) {
  objects.insert(token.part.id);
  objects.insert(token.objects.begin(), token.objects.end());
}

std::optional<bool> imprint_is(const TimeStampPart& token, ByteView digest) {
  if (token.imprint_hash == crypto::Hash::none || digest.empty()) return std::nullopt;
  return equal(token.imprint, digest);
}

std::optional<bool> imprint_is_of(const TimeStampPart& token, ByteView bytes) {
  return imprint_is(token, digest_of(token.imprint_hash, bytes));
}

}  // namespace signet::validation
