// The signed attributes of one signature shown as the document of another (RFC 5652, 5.4).
#include "validation/reading/attribute_confusion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/cms/reader.h"
#include "crypto/cms/signed_data.h"
#include "crypto/der.h"
#include "validation/testing/read_parts.h"
#include "validation/validator.h"

namespace signet::validation {
namespace {

using testing::HasSubstr;

// A genuine signature's value over its signed attributes, in a SignerInfo without any.
struct Confused {
  Bytes content;            // the SET OF attributes
  Bytes message, detached;  // with and without it
};
Confused confused() {
  const SignerPart genuine = pki::signer_part(signer(), {});
  cms::SignedData data;
  data.content_type = genuine.content_type;
  data.add_digest_algorithm(genuine.digest_algorithm);
  data.add_certificate(signer().der());
  data.signers = {der::encode_sequence(
      {pki::integer(1),
       der::encode_sequence({genuine.issuer, der::encode(der::kInteger, genuine.serial_number)}),
       genuine.digest_algorithm, genuine.signature_algorithm,
       der::encode(der::kOctetString, genuine.signature)})};
  const cms::Frame frame = data.around(genuine.signed_attributes.size());
  Bytes whole = der::concat(frame.before, genuine.signed_attributes);
  der::append(whole, frame.after);
  return {genuine.signed_attributes, std::move(whole), data.detached()};
}

Conclusion verdict_of(const DocumentParts& parts) {
  Policy policy;
  policy.anchors = {{root().certificate, {}}};
  policy.at = policy.now = pki::at("2015-02-03");
  policy.suite =
      std::make_shared<crypto::Suite>(crypto::Suite::shipped(crypto::kDefaultSuite).value());
  policy.accept_without_revocation = true;
  return validate(parts, policy).signatures.at(0).conclusion;
}

TEST(AttributeConfusion, SignedAttributesAreNoDocument) {
  const Confused made = confused();
  for (const DocumentParts& parts :
       {parts_of_message(made.message, nullptr), parts_of_message(made.detached, &made.content)}) {
    const Conclusion conclusion = verdict_of(parts);
    EXPECT_TRUE(conclusion.is(SubIndication::format_failure));
    EXPECT_THAT(english(conclusion.reasons), HasSubstr("signed attributes of another signature"));
  }
}

TEST(AttributeConfusion, DocumentsWithoutSignedAttributesPass) {
  pki::MessageWish wish;
  wish.signed_attributes = false;
  EXPECT_TRUE(verdict_of(parts_of_message(pki::message(signer(), wish))).passed());
  // A SET OF attributes is a document like any other where it was signed as one.
  wish.content = confused().content;
  wish.signed_attributes = true;
  EXPECT_TRUE(verdict_of(parts_of_message(pki::message(signer(), wish), &wish.content)).passed());
}

TEST(AttributeConfusion, IsSeenByTheFirstBytes) {
  const Bytes attributes = confused().content;
  const ByteView begin = ByteView(attributes).first(kBeginOfContent);
  EXPECT_TRUE(are_signed_attributes(begin, attributes.size()));
  EXPECT_FALSE(are_signed_attributes(begin, attributes.size() + 1));
  EXPECT_FALSE(are_signed_attributes(begin.first(5), attributes.size()));
  // Lengths in BER: longer than need be, and indefinite.
  EXPECT_TRUE(are_signed_attributes(Bytes{0x31, 0x84, 0, 0, 0, 4, 0x30, 0x80, 0x06, 0x01}, 10));
  EXPECT_TRUE(are_signed_attributes(Bytes{0x31, 0x80, 0x30, 0x02, 0x06, 0x00, 0, 0}, 8));
  EXPECT_FALSE(are_signed_attributes(Bytes{0x31, 0x02, 0x04, 0x00}, 4));
  EXPECT_FALSE(are_signed_attributes(Bytes{0x31, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 11));
  EXPECT_FALSE(are_signed_attributes(Bytes{}, 0));
}

}  // namespace
}  // namespace signet::validation
