// The hashes that the module computes itself.
#ifndef SIGNET_CRYPTO_HASH_TYPE_H_
#define SIGNET_CRYPTO_HASH_TYPE_H_

#include <array>
#include <cstddef>

namespace signet::crypto {

// `none`: no hash, the bytes are taken as they are.
enum class HashType {
  none,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  sha3_224,
  sha3_256,
  sha3_384,
  sha3_512
};

inline constexpr std::array kHashTypes = {
    HashType::sha1,     HashType::sha224,   HashType::sha256,   HashType::sha384,  HashType::sha512,
    HashType::sha3_224, HashType::sha3_256, HashType::sha3_384, HashType::sha3_512};

std::size_t digest_size(HashType hash);  // bytes; 0 for none
const char* hash_name(HashType hash);    // "SHA-256", which OpenSSL knows as well; "" for none

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_HASH_TYPE_H_
