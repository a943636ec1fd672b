// The subject of a certificate request.
#ifndef SIGNET_KEYGEN_SUBJECT_H_
#define SIGNET_KEYGEN_SUBJECT_H_

#include <string>
#include <string_view>

#include "common/bytes.h"
#include "keygen/token_names.h"

namespace signet::keygen {

// "CN=Seal,O=Office,C=CZ" (commas or line ends between the parts, "\," for a comma in a value) or
// "/C=CZ/O=Office/CN=Seal"; UTF-8; the order is kept. Types by OpenSSL's short or long name
// ("organizationIdentifier", "serialNumber") or number ("2.5.4.97"). Gives a DER Name.
TokenResult<Bytes> parse_subject(std::string_view text);

// A DER Name in the form of parse_subject() with commas, in its own order.
std::string subject_text(ByteView name);

// EN 319 412-3, 4.2.1: a legal person's subject has countryName, organizationName,
// organizationIdentifier and commonName. The sentence names what is missing.
TokenResult<void> check_eseal_subject(ByteView name);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_SUBJECT_H_
