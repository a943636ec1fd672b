// A SignerInfo (RFC 5652, 5.3) taken apart, whatever its algorithms are and whatever it is worth.
#ifndef SIGNET_CRYPTO_CMS_SIGNER_PARTS_H_
#define SIGNET_CRYPTO_CMS_SIGNER_PARTS_H_

#include <optional>
#include <vector>

#include "common/bytes.h"

namespace signet::cms {

// Views into its bytes.
struct SignerParts {
  ByteView issuer;  // of the signer's certificate; empty where it is named by its key identifier
  ByteView serial_number;  // DER INTEGER
  ByteView key_identifier;
  ByteView digest_algorithm;     // DER AlgorithmIdentifier
  ByteView signed_attributes;    // the [0], with its tag; empty: none
  ByteView signature_algorithm;  // DER AlgorithmIdentifier
  ByteView signature;
  ByteView unsigned_attributes;  // the content of the [1]; empty: none
  ByteView before_unsigned;      // everything in front of the [1], as it stands

  // The values (each one element, DER or BER) of the attributes of this type; dotted.
  std::vector<ByteView> signed_values(const char* oid) const;
  std::vector<ByteView> unsigned_values(const char* oid) const;
};

// Nothing where it is not a SignerInfo in DER.
std::optional<SignerParts> read_signer(ByteView der);

struct AttributeView {
  ByteView type;                 // DER OBJECT IDENTIFIER
  std::vector<ByteView> values;  // each one element, DER or BER
  ByteView whole;                // DER Attribute
};

// Of the content of a [0] or [1].
std::vector<AttributeView> attributes_in(ByteView content);

// What was signed: the attributes as a SET OF, as they stand, and sorted as DER demands where that is different.
// `signed_attributes` as above, not empty.
std::vector<Bytes> signed_forms(ByteView signed_attributes);

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_SIGNER_PARTS_H_
