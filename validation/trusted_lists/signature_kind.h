// What a signature is by its verdict and its certificate (TS 119 615 V1.4.1, 4.6, table 6).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_SIGNATURE_KIND_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_SIGNATURE_KIND_H_

#include "validation/indication.h"
#include "validation/qualification.h"
#include "validation/trusted_lists/certificate_qualification.h"

namespace signet::validation {

QualificationKind signature_kind(Indication verdict, const CertificateQualification& certificate);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_SIGNATURE_KIND_H_
