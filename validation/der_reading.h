// What CRLs and OCSP answers are read with: times, extensions, object identifiers, in their bytes.
#ifndef SIGNET_VALIDATION_DER_READING_H_
#define SIGNET_VALIDATION_DER_READING_H_

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/der.h"
#include "validation/statement.h"

namespace signet::validation {

// A Time (UTCTime or GeneralizedTime) as RFC 5280, 4.1.2.5, has it; a fraction of a second is left out. Nothing: it is none.
// The year 9999 is the clock's last moment (common/clock.h).
std::optional<Time> read_time(der::Reader& reader);
bool is_no_end(Time time);  // 9999-12-31T23:59:59Z

// Tags.
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kEnumerated = 0x0A;
inline constexpr std::uint8_t kContext2 = 0xA2;
inline constexpr std::uint8_t kDirectoryName = 0xA4;  // [4] of GeneralName, explicit

inline constexpr std::array<std::uint8_t, 2> kIdCe = {0x55, 0x1D};  // id-ce, 2.5.29
// Below id-ce: what is said of one revoked certificate (RFC 5280, 5.3).
inline constexpr std::uint8_t kReasonCode = 21;
inline constexpr std::uint8_t kInvalidityDate = 24;
inline constexpr std::uint8_t kCertificateIssuer = 29;

inline constexpr int kCertificateHold = 6;  // reasonCode

struct ExtensionView {
  ByteView oid;  // content of the OBJECT IDENTIFIER
  bool critical = false;
  ByteView value;  // content of the OCTET STRING

  // 2.5.29.N
  bool is_ce(std::uint8_t last) const {
    return oid.size() == 3 && oid[0] == kIdCe[0] && oid[1] == kIdCe[1] && oid[2] == last;
  }
};

// Calls `take` with each of an Extensions' content (without its own SEQUENCE); the error is the first one that `take` gives, or that
// they cannot be read.
using Taken = std::optional<std::string>;
Taken each_extension(ByteView content, const std::function<Taken(const ExtensionView&)>& take);

// For people: "2.5.29.46".
std::string oid_text(ByteView content);

// A BOOLEAN's content; nothing where it is none.
std::optional<bool> boolean_in(ByteView content);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_DER_READING_H_
