// Certificates and signature checks with OpenSSL alone: nothing here uses the module.
#ifndef SIGNET_TESTS_SUPPORT_X509_H_
#define SIGNET_TESTS_SUPPORT_X509_H_

#include <openssl/types.h>

#include <filesystem>
#include <string>

#include "common/bytes.h"

namespace signet::tests {

// DER SubjectPublicKeyInfo of a P-256 key, from its CKA_EC_POINT (DER OCTET STRING around the
// uncompressed point).
Bytes p256_public_key(ByteView ec_point);

// A certificate, as DER, for this public key, issued by a key that is forgotten at once.
struct Validity {  // seconds from now
  long from = -60;
  long until = 24L * 3600;
};
Bytes certificate_for(ByteView public_key, const std::string& common_name,
                      const Validity& validity = {});

// The subject of a certificate: DER of a Name, as CKA_SUBJECT has it.
Bytes subject_of(ByteView certificate);

// Whether r‖s is a P-256 signature over `data` with SHA-256 by the key in the certificate.
bool certificate_verifies(ByteView certificate, ByteView data, ByteView signature);

// The pin of a certificate in a PEM file, as configurations have it: "sha256//…".
std::string pin_of(const std::filesystem::path& file);

std::string pin_of(const EVP_PKEY* key);

Bytes sha256(ByteView data);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_X509_H_
