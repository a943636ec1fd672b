// The one table of mechanisms: what the module lists, checks, sends and documents comes from it.
#ifndef SIGNET_CRYPTO_MECHANISM_H_
#define SIGNET_CRYPTO_MECHANISM_H_

#include <optional>
#include <span>
#include <string_view>

#include "crypto/algorithm_table.h"

namespace signet::crypto {

// Where a mechanism that a token cannot sign with is listed all the same, to verify with. The
// others are not listed then, though they can still be used for verification.
enum class Listed { always, only_to_sign };

struct Mechanism {
  CK_MECHANISM_TYPE type;
  std::string_view name;            // "CKM_SHA256_RSA_PKCS"
  std::optional<KeyType> key_type;  // nothing for digests
  std::optional<Scheme> scheme;     // nothing: digest or key generation
  Hash hash;       // hashed by the module; none: the caller gives the data of the raw mechanism
  CK_FLAGS flags;  // CKF_SIGN and the like, without CKF_HW
  Listed listed = Listed::always;

  // Signs only where the configuration allows it. Raw mechanisms over a SHA-1 digest or DigestInfo
  // are not among these: what the caller hashed with is his affair, and old TLS and SSH peers ask
  // for it.
  bool signs_with_sha1() const { return scheme && hash == Hash::sha1; }
};

std::span<const Mechanism> mechanisms();
const Mechanism* find_mechanism(CK_MECHANISM_TYPE type);  // nullptr where there is none

// The one that takes what is signed as it is.
CK_MECHANISM_TYPE raw_mechanism(Scheme scheme);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_MECHANISM_H_
