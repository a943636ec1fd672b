// Algorithms and keys by the names that people know: "RSA-2048 with SHA-256", "ECDSA P-256 with SHA-384", "ML-DSA-65".
#ifndef SIGNET_VALIDATION_ALGORITHM_NAME_H_
#define SIGNET_VALIDATION_ALGORITHM_NAME_H_

#include <string>

#include "common/bytes.h"

namespace signet::validation {

// Of a hash or a signature algorithm, by its dotted object identifier; that itself where no name is known.
std::string algorithm_name(const std::string& oid);

// What a SubjectPublicKeyInfo says of its key. Whether the key is a good one is not looked at.
struct KeyOutline {
  std::string oid;           // dotted; empty where it cannot be read
  unsigned bits = 0;         // RSA: modulus; DSA: p; EC: field; 0 for others
  std::string curve;         // EC, dotted; empty where it is not named
  std::string name() const;  // "RSA-2048", "P-256", "Ed25519", "DSA-1024"
};
KeyOutline key_outline(ByteView public_key);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_ALGORITHM_NAME_H_
