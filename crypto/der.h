// As much of DER (X.690) as keys and signed messages need. Strict: what has two encodings is read in the right
// one only.
#ifndef SIGNET_CRYPTO_DER_H_
#define SIGNET_CRYPTO_DER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "common/bytes.h"

namespace signet::der {

inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kNull = 0x05;
inline constexpr std::uint8_t kObjectIdentifier = 0x06;
inline constexpr std::uint8_t kPrintableString = 0x13;
inline constexpr std::uint8_t kUtf8String = 0x0C;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;
inline constexpr std::uint8_t kContext0 = 0xA0;  // [0], constructed
inline constexpr std::uint8_t kContext1 = 0xA1;

// Reads element after element; views into the bytes it was made from. Where a read gives nothing
// the position is unchanged.
class Reader {
 public:
  explicit Reader(ByteView der) : rest_(der) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(std::uint8_t tag) const { return !rest_.empty() && rest_[0] == tag; }

  // The content of the next element, where it has this tag.
  std::optional<ByteView> read(std::uint8_t tag);

  // The same with tag and length.
  std::optional<ByteView> read_whole(std::uint8_t tag);

  // The next element whatever its tag is, with tag and length.
  std::optional<ByteView> read_any() { return rest_.empty() ? std::nullopt : read_whole(rest_[0]); }

  // An INTEGER over zero, big-endian without its leading zero.
  std::optional<ByteView> read_positive();

 private:
  ByteView rest_;
};

// The content of `der` where that is one element of this tag and nothing else.
std::optional<ByteView> only(std::uint8_t tag, ByteView der);

Bytes encode(std::uint8_t tag, ByteView content);

// Tag and length alone, for a content of that many bytes.
Bytes encode_header(std::uint8_t tag, std::uint64_t length);

Bytes encode_sequence(const std::vector<Bytes>& elements);

// The content of a SET OF: its elements in the order of X.690, 11.6.
Bytes sorted(std::vector<Bytes> elements);

Bytes encode_positive(
    ByteView number);  // INTEGER of a big-endian number; leading zeros are left out
Bytes concat(ByteView a, ByteView b);
void append(Bytes& der, ByteView more);

// An ECDSA signature (RFC 3279, 2.2.3): SEQUENCE of r and s, which PKCS#11 and the appliance write one behind the other,
// each of half the length.
Bytes encode_ecdsa(ByteView r_and_s);

}  // namespace signet::der

#endif  // SIGNET_CRYPTO_DER_H_
