// What elements of a report in XML are named by and refer to each other by: URIs of algorithms, URNs, ids.
#ifndef SIGNET_VALIDATION_REPORT_XML_NAMES_H_
#define SIGNET_VALIDATION_REPORT_XML_NAMES_H_

#include <string>
#include <string_view>

#include "crypto/algorithm.h"
#include "validation/document.h"
#include "validation/indication.h"

namespace signet::validation {

inline constexpr std::string_view kEtsiUrn = "urn:etsi:019102:";

// Of a hash (RFC 9231); empty for what has none.
std::string_view uri_of(crypto::Hash hash);
// Of a signer's signature algorithm (RFC 9231); one that has no URI there by its object identifier, "urn:oid:…".
std::string signature_uri(const SignerPart& signer);

// Ids of XML begin with a letter; the rest of each is the object's digest.
std::string certificate_id(const ObjectId& id);
std::string revocation_id(const ObjectId& id);
std::string time_stamp_id(const ObjectId& id);
std::string signed_data_id(const SignerPart& signer);  // empty: its digest is not known

// "urn:etsi:019102:mainindication:total-passed"; of a time-stamp `total` is false.
std::string main_indication(Indication indication, bool total);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_XML_NAMES_H_
