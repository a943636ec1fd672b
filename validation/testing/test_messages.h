// For tests: CMS messages and time-stamp tokens as bytes, and the parts of documents as the readers hand them to the procedure.
#ifndef SIGNET_VALIDATION_TESTING_TEST_MESSAGES_H_
#define SIGNET_VALIDATION_TESTING_TEST_MESSAGES_H_

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validation/document.h"
#include "validation/testing/test_pki.h"

namespace signet::validation::pki {

struct MessageWish {
  Bytes content = copy_of(view_of("content"));
  std::string content_type = "1.2.840.113549.1.7.1";
  bool detached = true;
  SignatureWish signature;  // its hash is the digest algorithm too
  bool signed_attributes = true;
  bool content_type_attribute = true;
  bool certificate_reference = true;  // signing-certificate-v2
  std::optional<Time> signing_time;
  std::vector<Bytes> more_signed;  // whole attributes, DER
  std::vector<Bytes> unsigned_attributes;
  std::vector<Bytes> certificates;  // beside the signer's
  bool with_certificate = true;
  std::vector<Bytes>
      revocations;  // RevocationInfoChoice: CRLs as they are; OCSP: other_revocation()
};
// Attribute with one value.
Bytes attribute(const std::string& type, ByteView value);
// OtherRevocationInfoFormat of an OCSP answer (RFC 5940): of BasicOCSPResponse or OCSPResponse.
Bytes other_revocation(ByteView ocsp);

// ContentInfo with SignedData.
Bytes message(const Party& signer, const MessageWish& wish);

struct TokenWish {
  Time time = at("2015-01-01");
  crypto::Hash imprint_hash = crypto::Hash::sha256;
  Bytes stamped;                 // what it is over
  std::optional<Bytes> imprint;  // or its digest
  std::string policy = "1.3.6.1.4.1.32473.1";
  std::int64_t serial = 1;
  std::optional<std::chrono::microseconds> accuracy;
  bool ordering = false;
  MessageWish message;  // content and type are the token's
};
Bytes time_stamp_info(const TokenWish& wish);  // TSTInfo
Bytes token(const Party& signer, const TokenWish& wish);

// What a reader makes of the same.
SignerPart signer_part(const Party& signer, const MessageWish& wish);
// id: of the signature value. Format cades; evidence is the test's to add.
SignaturePart signature_part(const Party& signer, const MessageWish& wish);
TimeStampPart time_stamp_part(const Party& signer, TimeStampKind kind, const TokenWish& wish,
                              std::set<ObjectId> covered = {});

}  // namespace signet::validation::pki

#endif  // SIGNET_VALIDATION_TESTING_TEST_MESSAGES_H_
