// Certificate requests that clients hand in: PKCS#10 (RFC 2986), alone or sealed by a sealing certificate (CMS SignedData
// around it). Whatever is wrong is Problem 422.
#ifndef SIGNET_SEAL_SERVER_CERTIFICATES_REQUEST_H_
#define SIGNET_SEAL_SERVER_CERTIFICATES_REQUEST_H_

#include <openssl/types.h>

#include <string>

#include "common/bytes.h"

namespace signet::sealserver {

struct CertificateRequest {
  Bytes der;
  Bytes public_key;  // DER SubjectPublicKeyInfo
  std::string key;   // hexadecimal SHA-256 of that
  Bytes subject;     // DER Name
};

// Its own signature fits its key, and uses no digest that is no longer safe.
CertificateRequest read_request(ByteView der);

// The keys by which clients authenticate: P-256, or of RSA from 2048 bits on.
void expect_authentication_key(const CertificateRequest& request);

// The keys that seal: RSA from 2048 bits, curves from 256 bits on.
void expect_sealing_key(const CertificateRequest& request);

// A request and the certificate (DER) that has sealed it: one signer, whose signature fits. Whether he may is not asked.
struct SealedRequest {
  CertificateRequest request;
  Bytes signer;
};
SealedRequest read_sealed_request(ByteView cms);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CERTIFICATES_REQUEST_H_
