// For tests: activation files by a key in memory.
#ifndef SIGNET_SEAL_CLIENT_TESTING_SIGNED_ACTIVATION_H_
#define SIGNET_SEAL_CLIENT_TESTING_SIGNED_ACTIVATION_H_

#include <openssl/cms.h>

#include <stdexcept>
#include <string>

#include "crypto/openssl.h"
#include "keygen/certificate.h"
#include "seal-client/activation_file.h"
#include "seal-client/key_pair.h"

namespace signet::sealclient {

// A CMS SignedData with the content inside and the signing certificate's hash among the signed attributes.
inline Bytes signed_by(EVP_PKEY* key, const keygen::Certificate& certificate, ByteView content) {
  const BioPtr in = crypto::bio_over(content);
  const OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free> message(CMS_sign(
      certificate.x509(), key, nullptr, in.get(), CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES));
  if (!message) throw std::runtime_error(crypto::openssl_reason());
  return crypto::der_of(message.get(), i2d_CMS_ContentInfo);
}

inline std::string signed_activation(const ActivationHeader& header, const Activation& activation,
                                     EVP_PKEY* key, const keygen::Certificate& signer) {
  const auto content = activation_content(header, activation);
  if (!content) throw std::runtime_error(content.error().sentence);
  return activation_text(signed_by(key, signer, content.value()));
}

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_TESTING_SIGNED_ACTIVATION_H_
