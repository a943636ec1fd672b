// The hashes of signet-seal.h and what the components below call them.
#ifndef SIGNET_BINDINGS_C_HASHES_H_
#define SIGNET_BINDINGS_C_HASHES_H_

#include <array>

#include "bindings/c/call.h"
#include "crypto/algorithm.h"

namespace signet::c {

struct HashRow {
  int number;  // enum signet_seal_hash
  crypto::Hash hash;
  const char* name;  // pkcs11::Signing
};

inline constexpr std::array kHashRows = {
    HashRow{SIGNET_SEAL_SHA256, crypto::Hash::sha256, "SHA256"},
    HashRow{SIGNET_SEAL_SHA384, crypto::Hash::sha384, "SHA384"},
    HashRow{SIGNET_SEAL_SHA512, crypto::Hash::sha512, "SHA512"}};

CallResult<HashRow> hash_numbered(int number);

// 0 for another one.
constexpr int number_of(crypto::Hash hash) {
  for (const HashRow& row : kHashRows)
    if (row.hash == hash) return row.number;
  return 0;
}

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_HASHES_H_
