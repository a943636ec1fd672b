// What a signature was made with, from its AlgorithmIdentifier.
#ifndef SIGNET_TIMESTAMPS_SIGNATURE_ALGORITHM_H_
#define SIGNET_TIMESTAMPS_SIGNATURE_ALGORITHM_H_

#include <memory>
#include <optional>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "crypto/context.h"
#include "crypto/public_key.h"

namespace signet::timestamps {

struct SignatureAlgorithm {
  crypto::Scheme scheme = crypto::Scheme::rsa_pkcs1;
  crypto::Hash hash =
      crypto::Hash::none;  // none: not said (rsaEncryption), or none of its own (Ed25519)
  crypto::PssParameters pss;
};

// RSA PKCS #1 v1.5 (RFC 3370, RFC 5754), PSS (RFC 4056), ECDSA (RFC 5753, RFC 5754), Ed25519 (RFC 8419), with the hashes that
// crypto/ knows. Nothing for others and for parameters that cannot be read.
std::optional<SignatureAlgorithm> read_signature_algorithm(ByteView der);

// A certificate's key. One for PSS alone (RFC 4055, 1.2) is read as the RSA key that it is; what its own parameters allow
// is in `pss_only` (without parameters: any hash).
struct SignerKey {
  std::shared_ptr<const crypto::PublicKey> key;
  bool pss_only = false;
  std::optional<SignatureAlgorithm> allowed;
};

// `spki`: DER. Nothing for a key that crypto/ does not know.
std::optional<SignerKey> read_signer_key(const std::shared_ptr<crypto::Context>& context,
                                         ByteView spki);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_SIGNATURE_ALGORITHM_H_
