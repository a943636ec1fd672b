#include "softhsm-backend/csc/period.h"

#include <openssl/x509.h>

#include "crypto/openssl_ptr.h"

namespace signet::emulator::csc {

Period period_of(ByteView der) {
  const unsigned char* at = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate == nullptr) return Period::over;
  // 0 where the time cannot be read.
  const int begin = X509_cmp_current_time(X509_get0_notBefore(certificate.get()));
  const int end = X509_cmp_current_time(X509_get0_notAfter(certificate.get()));
  if (begin > 0) return Period::not_yet;
  return begin < 0 && end > 0 ? Period::valid : Period::over;
}

}  // namespace signet::emulator::csc
