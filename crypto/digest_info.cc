#include "crypto/digest_info.h"

#include <array>
#include <span>

#include "crypto/der.h"

namespace signet::crypto {

namespace {

constexpr std::array<std::uint8_t, 7> kSha1Oid = {0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A};

// All others are 2.16.840.1.101.3.4.2.N.
constexpr std::uint8_t nist_number(HashType hash) {
  switch (hash) {
    case HashType::sha256:
      return 1;
    case HashType::sha384:
      return 2;
    case HashType::sha512:
      return 3;
    case HashType::sha224:
      return 4;
    case HashType::sha3_224:
      return 7;
    case HashType::sha3_256:
      return 8;
    case HashType::sha3_384:
      return 9;
    case HashType::sha3_512:
      return 10;
    case HashType::none:
    case HashType::sha1:
      break;
  }
  return 0;
}

Bytes hash_oid(HashType hash) {
  if (hash == HashType::sha1) return copy_of(kSha1Oid);
  return {0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, nist_number(hash)};
}

}  // namespace

Bytes encode_digest_info(HashType hash, ByteView digest) {
  if (hash == HashType::none || digest.size() != digest_size(hash)) return {};
  const Bytes null = der::encode(der::kNull, {});
  const Bytes algorithm = der::encode(der::kSequence, der::concat(hash_oid(hash), null));
  return der::encode(der::kSequence,
                     der::concat(algorithm, der::encode(der::kOctetString, digest)));
}

std::optional<DigestInfo> parse_digest_info(ByteView der) {
  for (const HashType hash : kHashTypes) {
    if (der.size() <= digest_size(hash)) continue;
    const ByteView digest = der.last(digest_size(hash));
    if (equal(encode_digest_info(hash, digest), der)) return DigestInfo{hash, digest};
  }
  return std::nullopt;
}

}  // namespace signet::crypto
