// Detached signatures of CMS (RFC 5652) over a digest, as the appliance makes them: version 1, the signer's certificate
// inside, signed attributes. OpenSSL 3.0 can neither start from a digest nor leave the signing time out, so the attributes
// are signed here; everything else is its own.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_CMS_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_CMS_H_

#include <openssl/types.h>

#include <ctime>
#include <functional>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "crypto/algorithm.h"

namespace signet::emulator::sapiws {

struct CmsOrder {
  X509* certificate = nullptr;  // with an RSA key
  crypto::Hash hash = crypto::Hash::sha256;
  Bytes digest;                     // of the content
  std::optional<std::time_t> time;  // the attribute signingTime
  // As CoSign 5.2: the signature's algorithm where the digest's belongs, in both places, and the attribute
  // signingCertificate.
  bool old_style = false;
};

// `sign`: a PKCS#1 v1.5 signature of a digest by the certificate's key, made with the order's hash. DER. Throws
// std::runtime_error where OpenSSL refuses, and what `sign` throws.
Bytes make_cms(const CmsOrder& order, const std::function<Bytes(ByteView digest)>& sign);

struct CmsFacts {
  bool right = false;               // the signature fits the content's digest
  std::string signer;               // the common name of the signer's certificate
  std::optional<std::string> time;  // signingTime as RFC 3339
  Bytes certificate;                // DER
};

// Reads a message with exactly one signer, his certificate inside and signed attributes; in both styles. `digest_of`: the
// content's digest, or nothing where only another one is known. Nothing: it is no such message. Certificates are not
// judged.
std::optional<CmsFacts> read_cms(
    ByteView der, const std::function<std::optional<Bytes>(crypto::Hash)>& digest_of);

// Throws std::runtime_error where OpenSSL refuses.
Bytes digest_of_data(crypto::Hash hash, ByteView data);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_CMS_H_
