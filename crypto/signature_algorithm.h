// What a signature was made with, from its AlgorithmIdentifier (RFC 5280, 4.1.1.2), whether it can be computed here or not.
#ifndef SIGNET_CRYPTO_SIGNATURE_ALGORITHM_H_
#define SIGNET_CRYPTO_SIGNATURE_ALGORITHM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "crypto/algorithm.h"

namespace signet::crypto {

// More than Scheme, which names what keys of ours can do.
enum class SignatureKind : std::uint8_t {
  rsa_pkcs1,  // RFC 3370, RFC 5754
  rsa_pss,    // RFC 4055, RFC 4056
  dsa,        // RFC 3279, RFC 5758
  ecdsa,      // RFC 5753, RFC 5758
  ed25519,    // RFC 8410
  ed448,
  unknown,  // whatever else: its object identifier says what
};

// What PublicKey verifies it as; nothing for what it does not.
std::optional<Scheme> scheme_of(SignatureKind kind);

struct SignatureAlgorithm {
  std::string oid;  // dotted
  SignatureKind kind = SignatureKind::unknown;
  // Of the message. Empty, and `none`: the identifier does not say (rsaEncryption, a key's own), or there is none to choose
  // (Ed25519). `hash` is none also for a hash that crypto/ has no row for (MD5).
  std::string hash_oid;
  Hash hash = Hash::none;
  // PSS; with MGF1, the only generator there is. The trailer is 1.
  std::string mgf_hash_oid;
  Hash mgf_hash = Hash::none;
  std::size_t salt_length = 0;  // bytes, at most 512
};

// Nothing where it is not an AlgorithmIdentifier in DER, or PSS parameters cannot be read or are not as said above. Other
// algorithms' parameters are not looked at.
std::optional<SignatureAlgorithm> read_signature_algorithm(ByteView der);

// RSASSA-PSS-params alone: those of a key that is for PSS only (RFC 4055, 1.2), too.
std::optional<SignatureAlgorithm> read_pss_parameters(ByteView der);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_SIGNATURE_ALGORITHM_H_
