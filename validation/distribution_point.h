// Distribution points: where a certificate says that it is looked for (RFC 5280, 4.2.1.13), and which of them a CRL is
// (issuing distribution point, 5.2.5).
#ifndef SIGNET_VALIDATION_DISTRIBUTION_POINT_H_
#define SIGNET_VALIDATION_DISTRIBUTION_POINT_H_

#include <openssl/types.h>

#include <optional>
#include <vector>

#include "common/bytes.h"
#include "validation/certificate.h"

namespace signet::validation {

struct IssuingPoint {
  std::vector<Bytes> names;  // DER GeneralName each; empty: not said
  bool has_names = false;    // the field is there
  bool user_only = false;
  bool ca_only = false;
  bool attribute_only = false;
  bool some_reasons = false;
  bool indirect = false;
};

// `der`: the extension's value; `issuer`: DER Name of the CRL's issuer, which a relative name is relative to. Nothing where it
// cannot be read.
std::optional<IssuingPoint> parse_issuing_point(ByteView der, ByteView issuer);

// Whether a CRL of that issuer and point is one that `certificate` is looked for in (RFC 5280, 6.3.3, b).
bool is_in_scope(const Certificate& certificate, const IssuingPoint& point,
                 const X509_NAME* crl_issuer);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_DISTRIBUTION_POINT_H_
