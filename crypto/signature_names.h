// The object identifiers by which certificates, signed messages and suites name signature algorithms (RFC 8017, RFC 5754,
// RFC 5758, RFC 8410; the SHA-3 ones are NIST's).
#ifndef SIGNET_CRYPTO_SIGNATURE_NAMES_H_
#define SIGNET_CRYPTO_SIGNATURE_NAMES_H_

#include <array>

#include "crypto/algorithm.h"

namespace signet::crypto {

struct SignatureName {
  const char* oid;  // dotted
  Scheme scheme;
  Hash hash;  // none: it is said elsewhere, or there is none to choose
};

// RSASSA-PSS aside: its hash is in its parameters.
inline constexpr std::array kSignatureNames = {
    SignatureName{"1.2.840.113549.1.1.1", Scheme::rsa_pkcs1, Hash::none},
    SignatureName{"1.2.840.113549.1.1.5", Scheme::rsa_pkcs1, Hash::sha1},
    SignatureName{"1.2.840.113549.1.1.14", Scheme::rsa_pkcs1, Hash::sha224},
    SignatureName{"1.2.840.113549.1.1.11", Scheme::rsa_pkcs1, Hash::sha256},
    SignatureName{"1.2.840.113549.1.1.12", Scheme::rsa_pkcs1, Hash::sha384},
    SignatureName{"1.2.840.113549.1.1.13", Scheme::rsa_pkcs1, Hash::sha512},
    SignatureName{"2.16.840.1.101.3.4.3.14", Scheme::rsa_pkcs1, Hash::sha3_256},
    SignatureName{"2.16.840.1.101.3.4.3.15", Scheme::rsa_pkcs1, Hash::sha3_384},
    SignatureName{"2.16.840.1.101.3.4.3.16", Scheme::rsa_pkcs1, Hash::sha3_512},
    SignatureName{"1.2.840.10045.2.1", Scheme::ecdsa, Hash::none},  // some writers name the key
    SignatureName{"1.2.840.10045.4.1", Scheme::ecdsa, Hash::sha1},
    SignatureName{"1.2.840.10045.4.3.1", Scheme::ecdsa, Hash::sha224},
    SignatureName{"1.2.840.10045.4.3.2", Scheme::ecdsa, Hash::sha256},
    SignatureName{"1.2.840.10045.4.3.3", Scheme::ecdsa, Hash::sha384},
    SignatureName{"1.2.840.10045.4.3.4", Scheme::ecdsa, Hash::sha512},
    SignatureName{"2.16.840.1.101.3.4.3.10", Scheme::ecdsa, Hash::sha3_256},
    SignatureName{"2.16.840.1.101.3.4.3.11", Scheme::ecdsa, Hash::sha3_384},
    SignatureName{"2.16.840.1.101.3.4.3.12", Scheme::ecdsa, Hash::sha3_512},
    SignatureName{"1.3.101.112", Scheme::eddsa, Hash::none},
};

inline constexpr const char* kPssOid = "1.2.840.113549.1.1.10";

// "" where the table has none.
constexpr const char* signature_oid(Scheme scheme, Hash hash) {
  for (const SignatureName& name : kSignatureNames) {
    if (name.scheme == scheme && name.hash == hash) return name.oid;
  }
  return "";
}

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_SIGNATURE_NAMES_H_
