#include "crypto/certificate_parts.h"

#include <algorithm>

#include "crypto/der.h"

namespace signet::crypto {
namespace {

using der::Reader;

constexpr std::uint8_t kBoolean = 0x01;
constexpr std::uint8_t kUtcTime = 0x17;
constexpr std::uint8_t kGeneralizedTime = 0x18;
constexpr std::uint8_t kVersion = 0xa0;          // [0] EXPLICIT
constexpr std::uint8_t kIssuerUniqueId = 0x81;   // [1] IMPLICIT
constexpr std::uint8_t kSubjectUniqueId = 0x82;  // [2] IMPLICIT
constexpr std::uint8_t kExtensions = 0xa3;       // [3] EXPLICIT

constexpr std::uint8_t kBasicConstraints[] = {0x55, 0x1d, 0x13};  // 2.5.29.19

// YYYYMMDD of the UTCTime or GeneralizedTime that comes next.
std::string read_date(Reader& reader) {
  static constexpr std::size_t kDateLength = 8;
  std::string text;
  if (const auto utc = reader.read(kUtcTime)) {
    text = text_of(*utc);
    const bool last_century = !text.empty() && text.front() >= '5';  // RFC 5280, 4.1.2.5.1
    text.insert(0, last_century ? "19" : "20");
  } else if (const auto generalized = reader.read(kGeneralizedTime)) {
    text = text_of(*generalized);
  }
  text.resize(std::min(text.size(), kDateLength));
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && text.size() == kDateLength ? text : std::string{};
}

bool says_authority(ByteView basic_constraints) {
  const auto sequence = der::only(der::kSequence, basic_constraints);
  if (!sequence) return false;
  const auto authority = Reader(*sequence).read(kBoolean);
  return authority && authority->size() == 1 && authority->front() != 0;
}

// `extensions`: the content of [3].
bool is_authority(ByteView extensions) {
  const auto list = der::only(der::kSequence, extensions);
  if (!list) return false;
  Reader reader(*list);
  while (!reader.at_end()) {
    const auto extension = reader.read(der::kSequence);
    if (!extension) return false;
    Reader parts(*extension);
    const auto name = parts.read(der::kObjectIdentifier);
    if (!name || !equal(*name, kBasicConstraints)) continue;
    parts.read(kBoolean);  // critical
    const auto value = parts.read(der::kOctetString);
    return value && says_authority(*value);
  }
  return false;
}

// `body`: the content of the TBSCertificate.
std::optional<CertificateParts> parse_body(ByteView body) {
  Reader reader(body);
  reader.read(kVersion);
  const auto serial = reader.read_whole(der::kInteger);
  const auto algorithm = reader.read(der::kSequence);
  const auto issuer = reader.read_whole(der::kSequence);
  const auto validity = reader.read(der::kSequence);
  const auto subject = reader.read_whole(der::kSequence);
  const auto public_key = reader.read_whole(der::kSequence);
  if (!serial || !algorithm || !issuer || !validity || !subject || !public_key) return std::nullopt;
  CertificateParts parts;
  parts.serial_number = *serial;
  parts.issuer = *issuer;
  parts.subject = *subject;
  parts.public_key = *public_key;
  Reader times(*validity);
  parts.start_date = read_date(times);
  parts.end_date = read_date(times);
  reader.read(kIssuerUniqueId);
  reader.read(kSubjectUniqueId);
  if (const auto extensions = reader.read(kExtensions)) parts.authority = is_authority(*extensions);
  if (!reader.at_end()) return std::nullopt;
  return parts;
}

}  // namespace

std::optional<CertificateParts> parse_certificate(ByteView der) {
  const auto certificate = der::only(der::kSequence, der);
  if (!certificate) return std::nullopt;
  Reader reader(*certificate);
  const auto body = reader.read(der::kSequence);
  const auto algorithm = reader.read(der::kSequence);
  const auto signature = reader.read(der::kBitString);
  const bool whole = body && algorithm && signature && reader.at_end();
  return whole ? parse_body(*body) : std::nullopt;
}

}  // namespace signet::crypto
