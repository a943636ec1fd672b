#include "crypto/digest_info.h"

#include "crypto/der.h"

namespace signet::crypto {

Bytes encode_digest_info(Hash hash, ByteView digest) {
  if (hash == Hash::none || digest.size() != digest_size(hash)) return {};
  const Bytes null = der::encode(der::kNull, {});
  const Bytes algorithm = der::encode(der::kSequence, der::concat(row_of(hash).oid, null));
  return der::encode(der::kSequence,
                     der::concat(algorithm, der::encode(der::kOctetString, digest)));
}

std::optional<DigestInfo> parse_digest_info(ByteView der) {
  for (const HashRow& row : kRealHashes) {
    if (der.size() <= row.size) continue;
    const ByteView digest = der.last(row.size);
    if (equal(encode_digest_info(row.hash, digest), der)) return DigestInfo{row.hash, digest};
  }
  return std::nullopt;
}

}  // namespace signet::crypto
