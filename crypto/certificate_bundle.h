// The certificates of a file, in whichever of the usual forms.
#ifndef SIGNET_CRYPTO_CERTIFICATE_BUNDLE_H_
#define SIGNET_CRYPTO_CERTIFICATE_BUNDLE_H_

#include <vector>

#include "common/bytes.h"

namespace signet::crypto {

// Each in DER: one in DER, one or more in PEM (with whatever text between them), or those of a PKCS#7 or CMS message in either
// form; in the order of the file. None where there is none. What a PEM block holds is not parsed.
std::vector<Bytes> certificates_in(ByteView content);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_CERTIFICATE_BUNDLE_H_
