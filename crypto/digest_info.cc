#include "crypto/digest_info.h"

#include <algorithm>

#include "crypto/der.h"

namespace signet::crypto {

namespace {

// The heads of two sequences, of NULL and of the octet string: every length fits one byte.
constexpr std::size_t kHeads = 8;

std::size_t encoded_size(const HashRow& row) {
  return kHeads + row.oid.size() + row.size;
}

}  // namespace

// Written at once: each signature with PKCS#1 padding needs one, and one more to be verified.
Bytes encode_digest_info(Hash hash, ByteView digest) {
  if (hash == Hash::none || digest.size() != digest_size(hash)) return {};
  const HashRow& row = row_of(hash);
  Bytes info(encoded_size(row));
  auto out = info.begin();
  const auto head = [&out](std::uint8_t tag, std::size_t size) {
    *out++ = tag;
    *out++ = static_cast<std::uint8_t>(size);
  };
  head(der::kSequence, info.size() - 2);
  head(der::kSequence, row.oid.size() + 2);
  out = std::ranges::copy(row.oid, out).out;
  head(der::kNull, 0);
  head(der::kOctetString, digest.size());
  std::ranges::copy(digest, out);
  return info;
}

std::optional<DigestInfo> parse_digest_info(ByteView der) {
  for (const HashRow& row : kRealHashes) {
    if (der.size() != encoded_size(row)) continue;
    const ByteView digest = der.last(row.size);
    if (equal(encode_digest_info(row.hash, digest), der)) return DigestInfo{row.hash, digest};
  }
  return std::nullopt;
}

}  // namespace signet::crypto
