// Reads a CMS SignedData (RFC 5652) without having its content in memory: the outer structure by hand, with lengths of 64
// bits, definite or indefinite (BER), since OpenSSL reads no more than 2 GiB, and all of it into memory.
#ifndef SIGNET_CRYPTO_CMS_READER_H_
#define SIGNET_CRYPTO_CMS_READER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/cms/signed_data.h"

namespace signet::cms {

// A message that can be read at any place. Both may be called again and again.
struct Source {
  std::uint64_t size = 0;  // bytes
  // Fills `out` from this offset; false where that many bytes cannot be read.
  std::function<bool(std::uint64_t offset, std::span<std::uint8_t> out)> read;

  static Source of(ByteView bytes);  // which outlive it
};

struct ReadError {
  std::string sentence;      // "the message ends within its certificates"
  std::uint64_t offset = 0;  // of the byte that is wrong
};

// Of everything but the content. More is refused: a message with thousands of certificates and lists of revocations is
// smaller.
inline constexpr std::uint64_t kMostBytes = std::uint64_t{32} * 1024 * 1024;

struct Message {
  SignedData parts;
  bool has_content = false;        // false: detached
  std::uint64_t content_size = 0;  // bytes
  bool definite = true;            // every length around the content is definite

  // Calls `take` with the content, piece by piece; false where the source cannot be read (any more) or `take` says so.
  bool each_piece(const Source& source, const std::function<bool(ByteView)>& take) const;

  std::uint64_t content_offset = 0;  // of the OCTET STRING's header, which may be one of many
};

// The source is one whole ContentInfo of type signed-data, in binary. What certificates and signers hold is not looked at.
Result<Message, ReadError> read_signed_data(const Source& source);

// Bytes of the first element, DER or BER, whatever is in it and behind it; nothing where it has no end in the source.
std::optional<std::uint64_t> element_size(const Source& source);

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_READER_H_
