// Checks of the DER that an appliance sends, in an OpenSSL library context of our own: the host
// program's providers and configuration have no say in it.
#ifndef SIGNET_DSA_TRANSPORT_DER_CHECK_H_
#define SIGNET_DSA_TRANSPORT_DER_CHECK_H_

#include <optional>

#include "common/bytes.h"
#include "dsa-transport/appliance.h"

struct ossl_lib_ctx_st;

namespace signet::transport {

class DerCheck {
 public:
  DerCheck();
  ~DerCheck();
  DerCheck(const DerCheck&) = delete;
  DerCheck& operator=(const DerCheck&) = delete;

  struct PublicKey {
    KeyType type = KeyType::rsa;
    unsigned bits = 0;  // RSA modulus; 0 otherwise
    Curve curve = Curve::p256;
  };

  // What a SubjectPublicKeyInfo holds; nothing where it is not exactly one of a type we know.
  std::optional<PublicKey> public_key(ByteView spki) const;

  bool is_certificate(ByteView der) const;

  // Whether the certificate is over this SubjectPublicKeyInfo, whatever its encoding.
  bool certifies(ByteView certificate, ByteView spki) const;

 private:
  ossl_lib_ctx_st* context_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_DER_CHECK_H_
