// The signature of a trusted list: XAdES, enveloped (TS 119 612 V2.4.1, 5.7.1 and annex B).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_LIST_SIGNATURE_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_LIST_SIGNATURE_H_

#include <optional>

#include "common/result.h"
#include "validation/certificate.h"
#include "validation/indication.h"
#include "validation/trusted_lists/xml_document.h"

namespace signet::validation {

struct ListSigner {
  CertificatePtr certificate;
  std::optional<Time> signing_time;  // claimed
};

// Whether one signature, a child of the root, covers the whole document but for itself, and whose. Demanded: exclusive
// canonicalisation; one reference to the document with the transforms enveloped-signature and exclusive canonicalisation alone; one to its
// own SignedProperties; further ones only to other parts of the signature; SigningCertificateV2 or SigningCertificate names a
// certificate of KeyInfo; SHA-256 or better everywhere; at most 2,000 elements, 8 references and
// 8 prefixes in one InclusiveNamespaces. Whether its certificate may sign lists is not asked here. The error: failed,
// or indeterminate where an algorithm cannot be computed.
Result<ListSigner, Conclusion> check_list_signature(const XmlDocument& document);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_LIST_SIGNATURE_H_
