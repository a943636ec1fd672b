// CMS SignedData (RFC 5652) signed by a key of a token.
#ifndef SIGNET_KEYGEN_SIGNED_DATA_H_
#define SIGNET_KEYGEN_SIGNED_DATA_H_

#include <vector>

#include "common/bytes.h"
#include "keygen/certificate.h"
#include "keygen/token_names.h"
#include "pkcs11-client/session.h"

namespace signet::keygen {

struct SignedDataWish {
  Certificate signer;                // for the key
  std::vector<Certificate> issuers;  // put into the message beside it
  Signing signing;
};

// DER, the content inside, with signed attributes: content type, digest, signing time and the
// signing certificate's hash (ESS signing-certificate-v2, so also CAdES B-B). key_disabled for a
// key that may not sign, other_key where the certificate is not the key's. The message is verified
// (the signature, not the chain) before it is handed out.
TokenResult<Bytes> make_signed_data(const TokenSession& token, const Key& key,
                                    const SignedDataWish& wish, ByteView content);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_SIGNED_DATA_H_
