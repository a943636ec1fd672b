// The algorithms of XML signatures by their URIs (RFC 6931, RFC 9231).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_XML_ALGORITHMS_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_XML_ALGORITHMS_H_

#include <optional>
#include <string_view>

#include "common/bytes.h"
#include "crypto/algorithm.h"

namespace signet::validation {

// SHA-256 and what is stronger; none for others, SHA-1 among them (TS 119 312).
crypto::Hash xml_digest(std::string_view uri);

struct XmlSignatureAlgorithm {
  crypto::Scheme scheme = crypto::Scheme::rsa_pkcs1;
  crypto::Hash hash = crypto::Hash::none;
  Bytes identifier;  // DER AlgorithmIdentifier
};

// Of SignatureMethod; nothing for what is not known or not good enough.
std::optional<XmlSignatureAlgorithm> xml_signature_algorithm(std::string_view uri);

// The value as X.509 has it: ECDSA's two numbers as a SEQUENCE.
Bytes signature_value(const XmlSignatureAlgorithm& algorithm, ByteView value);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_XML_ALGORITHMS_H_
