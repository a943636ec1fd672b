// The structure of an AuthEnvelopedData for one recipient (enveloped_data.h), without its cryptography.
#ifndef SIGNET_CRYPTO_CMS_ENVELOPED_PARTS_H_
#define SIGNET_CRYPTO_CMS_ENVELOPED_PARTS_H_

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/aes_gcm.h"
#include "crypto/algorithm.h"
#include "crypto/cms/enveloped_data.h"

namespace signet::cms {

struct EnvelopedParts {
  Bytes key_identifier;
  Bytes encrypted_key;  // wrapped, or by OAEP

  Bytes originator;      // the ephemeral point, 65 bytes; empty: the recipient's key is RSA
  Bytes wrap_algorithm;  // DER AlgorithmIdentifier as it stands there: the derivation digests it
  Bytes key_material;    // ukm; empty: none
  crypto::Hash oaep = crypto::Hash::sha256;  // RSA only

  crypto::GcmText text;
  Bytes attributes;  // authenticated, DER SET OF; empty: none
};

inline constexpr std::size_t kP256Point = 65;

// id-aes256-wrap (RFC 3565, 2.3.2), without parameters.
Bytes wrap_identifier();

// DER. Authenticated attributes and key material are not written.
Bytes write_enveloped(const EnvelopedParts& parts);

// Errors: malformed, scheme.
Result<EnvelopedParts, EnvelopeError> read_enveloped(ByteView message);

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_ENVELOPED_PARTS_H_
