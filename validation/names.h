// Distinguished names (RFC 5280, 4.1.2.4).
#ifndef SIGNET_VALIDATION_NAMES_H_
#define SIGNET_VALIDATION_NAMES_H_

#include <string>

#include "common/bytes.h"
#include "crypto/openssl_ptr.h"

namespace signet::validation {

// A DER Name as OpenSSL has it; null where it is none, something follows, or it is larger than 64 KiB.
NamePtr parse_name(ByteView der);

// RFC 5280, 7.1: other string types, case and spaces do not matter.
bool same_name(const X509_NAME* a, const X509_NAME* b);

// Of whole characters, and no more than a line of a report can bear: 512 bytes.
std::string shortened(std::string text);

// For people, as in RFC 2253; printable and shortened.
std::string name_text(const X509_NAME* name);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_NAMES_H_
