// DigestInfo (RFC 8017, A.2.4): what PKCS#1 v1.5 signs of a digest.
#ifndef SIGNET_CRYPTO_DIGEST_INFO_H_
#define SIGNET_CRYPTO_DIGEST_INFO_H_

#include <optional>

#include "common/bytes.h"
#include "crypto/algorithm_table.h"

namespace signet::crypto {

struct DigestInfo {
  Hash hash = Hash::none;
  ByteView digest;  // a view into what was parsed
};

// DER, with the algorithm's parameters NULL. Empty for Hash::none and for a digest of another
// length.
Bytes encode_digest_info(Hash hash, ByteView digest);

// Only what encode_digest_info() would give: a DigestInfo without the NULL, in BER or with a digest
// of another length is not the same bytes, so its signature would be another one.
std::optional<DigestInfo> parse_digest_info(ByteView der);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_DIGEST_INFO_H_
