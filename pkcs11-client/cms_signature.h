// Signatures of CMS messages (crypto/cms/) by a key of a token.
#ifndef SIGNET_PKCS11_CLIENT_CMS_SIGNATURE_H_
#define SIGNET_PKCS11_CLIENT_CMS_SIGNATURE_H_

#include "common/bytes.h"
#include "crypto/cms/signer_info.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

// How this key signs a message. Ed25519: always with SHA-512 (RFC 8419, 3.1). not_supported for keys of other types and for
// hashes that are not SHA256, SHA384 or SHA512.
TokenResult<cms::Algorithm> cms_algorithm(const Key& key, const Signing& signing);

// One signature over the signed attributes (what SignedAttributes::encode() gave), as X.509 carries it: one C_Sign.
TokenResult<Bytes> sign_attributes(const TokenSession& token, const Key& key,
                                   const cms::Algorithm& algorithm, ByteView attributes);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_CMS_SIGNATURE_H_
