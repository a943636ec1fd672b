#include "crypto/hash_type.h"

namespace signet::crypto {

std::size_t digest_size(HashType hash) {
  switch (hash) {
    case HashType::none:
      return 0;
    case HashType::sha1:
      return 20;
    case HashType::sha224:
    case HashType::sha3_224:
      return 28;
    case HashType::sha256:
    case HashType::sha3_256:
      return 32;
    case HashType::sha384:
    case HashType::sha3_384:
      return 48;
    case HashType::sha512:
    case HashType::sha3_512:
      return 64;
  }
  return 0;
}

const char* hash_name(HashType hash) {
  switch (hash) {
    case HashType::none:
      return "";
    case HashType::sha1:
      return "SHA-1";
    case HashType::sha224:
      return "SHA-224";
    case HashType::sha256:
      return "SHA-256";
    case HashType::sha384:
      return "SHA-384";
    case HashType::sha512:
      return "SHA-512";
    case HashType::sha3_224:
      return "SHA3-224";
    case HashType::sha3_256:
      return "SHA3-256";
    case HashType::sha3_384:
      return "SHA3-384";
    case HashType::sha3_512:
      return "SHA3-512";
  }
  return "";
}

}  // namespace signet::crypto
