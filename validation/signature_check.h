// Computes whether a signature is one: of messages, certificates, revocation data.
#ifndef SIGNET_VALIDATION_SIGNATURE_CHECK_H_
#define SIGNET_VALIDATION_SIGNATURE_CHECK_H_

#include <cstddef>
#include <cstdint>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "validation/certificate.h"
#include "validation/statement.h"

namespace signet::validation {

struct SignatureCheck {
  enum class Outcome : std::uint8_t {
    good,
    bad,
    not_computable,  // an algorithm, a curve or a key that this OpenSSL cannot compute with (ML-DSA): `why`
  };

  Outcome outcome = Outcome::not_computable;
  Statement why;  // bad, not_computable

  bool good() const { return outcome == Outcome::good; }
};

// RSA (PKCS #1 v1.5, PSS with any parameters of RFC 4055), DSA, ECDSA on all of OpenSSL's named curves, Ed25519, Ed448, and whatever
// else EVP has by its object identifier. Keys of any size up to 16,384 bits, SHA-1 and MD5 included: whether an algorithm was good
// enough is not asked here. `algorithm`: DER AlgorithmIdentifier; `hash`: of the message, where the algorithm does not name one
// (rsaEncryption); `public_key`: DER SubjectPublicKeyInfo.
SignatureCheck check_signature(ByteView algorithm, crypto::Hash hash, ByteView public_key,
                               ByteView message, ByteView signature);

// The same by a certificate's key, which has been read already: faster.
SignatureCheck check_signature(ByteView algorithm, crypto::Hash hash, const Certificate& signer,
                               ByteView message, ByteView signature);

// Of a message whose digest by `hash` is known alone: a SignerInfo without signed attributes (RFC 5652, 5.4). Not computable for
// Ed25519 and Ed448, which sign messages.
SignatureCheck check_signature_of_digest(ByteView algorithm, crypto::Hash hash, ByteView public_key,
                                         ByteView digest, ByteView signature);
SignatureCheck check_signature_of_digest(ByteView algorithm, crypto::Hash hash,
                                         const Certificate& signer, ByteView digest,
                                         ByteView signature);

// How many of the above this thread has been asked for since it began: what the bounds of a validation are counted in.
std::size_t signature_checks();

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_SIGNATURE_CHECK_H_
