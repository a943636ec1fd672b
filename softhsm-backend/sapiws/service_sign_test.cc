// DssSign: signatures of the key in the token, in every form in which they can be asked for.
#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "crypto/openssl.h"
#include "softhsm-backend/sapiws/cms.h"
#include "softhsm-backend/sapiws/testing/soap_scene.h"

namespace signet::emulator::sapiws {
namespace {

using crypto::Hash;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Bytes kData = copy_of(view_of(std::string_view("%PDF-1.4 something to sign")));

struct HashCase {
  std::uint32_t flag;
  const char* name;
  const char* uri;
  Hash hash;
};
const HashCase kCases[] = {
    {flags::kSha1, "SHA-1", "http://www.w3.org/2000/09/xmldsig#sha1", Hash::sha1},
    {flags::kSha256, "SHA-256", "http://www.w3.org/2001/04/xmlenc#sha256", Hash::sha256},
    {flags::kSha384, "SHA-384", "http://www.w3.org/2001/04/xmldsig-more#sha384", Hash::sha384},
    {flags::kSha512, "SHA-512", "http://www.w3.org/2001/04/xmlenc#sha512", Hash::sha512},
};

// As OpenSSL judges it, without the code that made it.
bool openssl_accepts(const Bytes& message, const Bytes& content) {
  const BioPtr in = crypto::bio_over(message);
  const BioPtr data = crypto::bio_over(content);
  CMS_ContentInfo* const cms = d2i_CMS_bio(in.get(), nullptr);
  const bool right = cms != nullptr && CMS_verify(cms, nullptr, nullptr, data.get(), nullptr,
                                                  CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
  CMS_ContentInfo_free(cms);
  return right;
}

std::size_t times_in(const Bytes& text, const Bytes& part) {
  std::size_t count = 0;
  for (auto at = std::ranges::search(text, part).begin(); at != text.end();
       at = std::search(at + 1, text.end(), part.begin(), part.end())) {
    ++count;
  }
  return count;
}

class SignTest : public SoapTest {
 protected:
  static std::string pkcs1(const std::string& options, const std::string& inputs) {
    return sign_request(seal(), kTypePkcs1, options, inputs);
  }
  static std::string cms(const std::string& options, const std::string& inputs) {
    return sign_request(seal(), kTypeCms, options, inputs);
  }
  static Bytes cms_in(const std::string& body) { return base64_inside(body, "Base64Data"); }
  static Bytes signature_in(const std::string& body) {
    return base64_inside(body, "Base64Signature");
  }
};

TEST_F(SignTest, SignsAHashByFlagsOrByItsMethod) {
  for (const HashCase& one : kCases) {
    const Bytes digest = digest_of_data(one.hash, kData);
    const std::string bodies[] = {
        sign(pkcs1(flags(flags::kHashOnly | one.flag),
                   document(digest, "application/octet-string"))),
        sign(pkcs1(flags(flags::kHashOnly | flags::kPkcs1 | one.flag), document(digest))),
        sign(pkcs1("", document_hash(digest, one.uri))),
        sign(pkcs1(flags(one.flag), document_hash(digest))),
        sign(pkcs1(flags(one.flag), document(kData)))};  // hashed by the service
    for (const std::string& body : bodies) {
      EXPECT_THAT(body, HasSubstr("resultmajor:Success")) << one.name;
      EXPECT_THAT(body, HasSubstr("Base64Signature Type=\"" + std::string(kTypePkcs1)));
      EXPECT_THAT(body, Not(HasSubstr("OptionalOutputs")));
      EXPECT_TRUE(verifies(public_key, kRsaPkcs1, one.name, digest, signature_in(body)));
    }
  }
}

TEST_F(SignTest, WithoutAHashItIsSha256) {
  const Bytes digest = digest_of_data(Hash::sha256, kData);
  EXPECT_TRUE(verifies(public_key, kRsaPkcs1, "SHA-256", digest,
                       signature_in(sign(pkcs1("", document(kData))))));
  EXPECT_TRUE(verifies(public_key, kRsaPkcs1, "SHA-256", digest,
                       signature_in(sign(pkcs1("", document_hash(digest))))));
}

TEST_F(SignTest, SignsByPssWhereTheFlagSaysSo) {
  const Bytes digest = digest_of_data(Hash::sha384, kData);
  const std::string body =
      sign(pkcs1(flags(flags::kPss | flags::kHashOnly | flags::kSha384), document(digest)));
  EXPECT_TRUE(verifies(public_key, kRsaPss, "SHA-384", digest, signature_in(body))) << body;
  EXPECT_THAT(sign(cms(flags(flags::kPss), document(kData))), HasSubstr("not suported"));
}

TEST_F(SignTest, MakesDetachedCmsThatOpensslAccepts) {
  EXPECT_TRUE(openssl_accepts(cms_in(sign(cms("", document(kData)))), kData));
  for (const HashCase& one : kCases) {
    const Bytes digest = digest_of_data(one.hash, kData);
    EXPECT_TRUE(openssl_accepts(cms_in(sign(cms(flags(one.flag), document(kData)))), kData));
    EXPECT_TRUE(openssl_accepts(
        cms_in(sign(cms(flags(one.flag | flags::kHashOnly), document(digest)))), kData));
    const Bytes message = cms_in(sign(cms("", document_hash(digest, one.uri))));
    EXPECT_TRUE(openssl_accepts(message, kData)) << one.name;
    EXPECT_FALSE(openssl_accepts(message, certificate)) << one.name;
  }
}

TEST_F(SignTest, TheSigningTimeIsLeftOutWhereTheFlagSaysSo) {
  const auto facts = [&](std::uint32_t bits) {
    const Bytes message = cms_in(sign(cms(flags(bits), document(kData))));
    return read_cms(message, [](Hash hash) { return digest_of_data(hash, kData); });
  };
  EXPECT_TRUE(facts(0)->time);
  EXPECT_TRUE(facts(0)->right);
  EXPECT_FALSE(facts(flags::kNoSigningTime)->time);
  EXPECT_TRUE(facts(flags::kNoSigningTime)->right);
  EXPECT_EQ(facts(0)->certificate, certificate);
}

TEST_F(SignTest, TheFlagPkcs1MakesARawSignatureOfCmsRequests) {
  const Bytes digest = digest_of_data(Hash::sha256, kData);
  const std::string body = sign(cms(flags(flags::kPkcs1), document(kData)));
  EXPECT_TRUE(verifies(public_key, kRsaPkcs1, "SHA-256", digest, cms_in(body))) << body;
}

TEST_F(SignTest, TellsTheSizeWithoutSigning) {
  const std::size_t before = journal("dialect").size();
  const std::string estimate = "<arx:EstimateSignatureSize>true</arx:EstimateSignatureSize>";
  const std::size_t actual = cms_in(sign(cms("", document(kData)))).size();
  EXPECT_EQ(inside(sign(cms(estimate, document(kData))), "EstimatedSignatureSize"),
            std::to_string(actual));
  EXPECT_EQ(
      inside(sign(cms(flags(flags::kPredictSize), document(kData))), "EstimatedSignatureSize"),
      std::to_string(actual));
  EXPECT_EQ(inside(sign(pkcs1(estimate, document(kData))), "EstimatedSignatureSize"), "256");
  EXPECT_EQ(journal("dialect").size(), before + 1);
}

TEST_F(SignTest, TheJournalHasTheDialectAndTheRequest) {
  sign(pkcs1("", document(kData)));
  sign(cms("", document(kData)));
  const auto dialects = journal("dialect");
  ASSERT_GE(dialects.size(), 2U);
  EXPECT_EQ(dialects.back(), "sapiws");
  EXPECT_EQ(journal("reference").back(), "r1");
  EXPECT_EQ(journal("account").back(), "seal");
  EXPECT_EQ(journal("algorithm").back(), kRsaPkcs1);
}

TEST_F(SignTest, RefusesWhatItCannotSignInTheVendorsWords) {
  const Bytes digest = digest_of_data(Hash::sha256, kData);
  const std::string exception = "resultmajor:ResponderError";
  EXPECT_THAT(sign(pkcs1("", "")), AllOf(HasSubstr("Exception occured"), HasSubstr(exception),
                                         HasSubstr("resultminor:GeneralError")));
  EXPECT_THAT(sign(pkcs1("", document(kData) + document(kData))), HasSubstr("Exception occured"));
  EXPECT_THAT(sign(pkcs1("", "<Document><InlineXML/></Document>")), HasSubstr("Exception occured"));
  EXPECT_THAT(sign(pkcs1("", "<Document><Base64Data>#</Base64Data></Document>")),
              HasSubstr("Exception occured"));
  EXPECT_THAT(sign(pkcs1("", document({}))), Not(HasSubstr("<Result>")));
  EXPECT_THAT(sign(pkcs1("", document(kData, "text/plain"))), HasSubstr("Bad Mime type"));
  EXPECT_THAT(sign(pkcs1("", document_hash(digest, "urn:md5"))),
              HasSubstr("Unsupported hash algorithm"));
  EXPECT_THAT(sign(pkcs1(flags(flags::kSha512), document_hash(digest, kCases[1].uri))),
              HasSubstr("Unsupported hash algorithm"));
  EXPECT_THAT(sign(pkcs1(flags(flags::kSha256 | flags::kHashOnly), document(kData))),
              HasSubstr("err 90030384"));
  EXPECT_THAT(sign(pkcs1(flags(flags::kSha256 | flags::kSha512), document(kData))),
              HasSubstr("err 90030702"));
  EXPECT_THAT(sign(pkcs1(flags(0x100), document(kData))),
              HasSubstr("not suported by this profile"));
  EXPECT_THAT(sign(pkcs1("<arx:Flags>x</arx:Flags>", document(kData))),
              HasSubstr("Exception occured"));
  EXPECT_THAT(sign(envelope("DssSign", "")), HasSubstr("Exception occured"));
  for (const std::string& type :
       {std::string("urn:ietf:rfc:3275"), std::string("urn:ietf:rfc:2437"),
        std::string(kNames) + "signature-field-create-sign", std::string(kNames) + "time-get"}) {
    EXPECT_THAT(
        sign(sign_request(seal(), type, "", document(kData))),
        AllOf(HasSubstr("not suported by this profile"), HasSubstr("resultminor:NotSupported")))
        << type;
  }
  EXPECT_THAT(sign(sign_request(seal(), "", "", document(kData))),
              AllOf(HasSubstr("missing or not suported"), HasSubstr("resultminor:NotSupported")));
}

TEST_F(SignTest, HasMemoryForDocumentsOfSoManyBytes) {
  Bytes large(kMaxDocument);
  EXPECT_THAT(sign(pkcs1("", document(large))), HasSubstr("resultmajor:Success"));
  large.push_back(0);
  const Answer answer =
      current->handle(soap_request("/SAPIWS/dss.asmx", "", pkcs1("", document(large))));
  EXPECT_EQ(answer.status, 500U);
  EXPECT_THAT(answer.body, HasSubstr("soap:Fault"));
}

TEST_F(SignTest, ChoosesTheCertificateThatIsNamed) {
  const auto with = [&](const std::string& key_info) {
    return sign(pkcs1("<KeySelector><ds:KeyInfo>" + key_info + "</ds:KeyInfo></KeySelector>",
                      document(kData)));
  };
  const auto x509 = [&](const std::string& data) {
    return with("<ds:X509Data>" + data + "</ds:X509Data>");
  };
  const auto number = [&](const char* name) {
    const unsigned char* at = public_key.data();
    const PkeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size())));
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key.get(), name, &value);
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(value)));
    BN_bn2bin(value, bytes.data());
    BN_free(value);
    return to_base64(bytes);
  };
  const X509Ptr parsed = parse_certificate(certificate);
  const ASN1_BIT_STRING* const bits = X509_get0_pubkey_bitstr(parsed.get());
  const Bytes ski =
      digest_of_data(Hash::sha1, {bits->data, static_cast<std::size_t>(bits->length)});
  const std::string rsa_value = "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>" + number("n") +
                                "</ds:Modulus><ds:Exponent>" + number("e") +
                                "</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>";
  const auto serial = [](const char* digits) {
    return std::string("<ds:X509IssuerSerial><ds:X509IssuerName/><ds:X509SerialNumber>") + digits +
           "</ds:X509SerialNumber></ds:X509IssuerSerial>";
  };
  const std::string chain = "<ds:X509Certificate>" + to_base64(issuer) + "</ds:X509Certificate>" +
                            "<ds:X509Certificate>" + to_base64(certificate) +
                            "</ds:X509Certificate>";
  for (const std::string& body :
       {x509("<ds:X509SKI>" + to_base64(ski) + "</ds:X509SKI>"), x509(serial("7")), x509(chain),
        x509("<ds:X509SubjectName/>"), with("<ds:KeyName>rsa</ds:KeyName>"),
        with("<ds:KeyName>seal certificate</ds:KeyName>"), with(rsa_value)}) {
    EXPECT_THAT(body, HasSubstr("resultmajor:Success"));
  }
  for (const std::string& body :
       {x509("<ds:X509SKI>AAAA</ds:X509SKI>"), x509(serial("8")), x509(""), with(""),
        x509("<ds:X509Certificate>" + to_base64(issuer) + "</ds:X509Certificate>"),
        x509("<ds:X509SubjectName>CN=other</ds:X509SubjectName>"), x509("<ds:X509CRL/>"),
        with("<ds:KeyName>other</ds:KeyName>"), with("<ds:KeyValue/>"),
        with("<ds:RetrievalMethod/>"),
        with("<ds:KeyName>rsa</ds:KeyName><ds:KeyName>other</ds:KeyName>")}) {
    EXPECT_THAT(body, HasSubstr("err 900302d0"));
  }
}

TEST_F(SignTest, AFaultSpoilsTheSignatureOrMovesIt) {
  const Bytes digest = digest_of_data(Hash::sha256, kData);
  Request made = soap_request("/SAPIWS/dss.asmx", "", pkcs1("", document(kData)));
  for (const auto fault : {SignatureFault::bit_flip, SignatureFault::other_key,
                           SignatureFault::other_digest, SignatureFault::too_short}) {
    made.signature_fault = fault;
    made.body = pkcs1("", document(kData));
    const Bytes signature = signature_in(current->handle(made).body);
    EXPECT_EQ(signature.size(), fault == SignatureFault::too_short ? 255U : 256U);
    EXPECT_FALSE(verifies(public_key, kRsaPkcs1, "SHA-256", digest, signature));
    made.body = cms("", document(kData));
    EXPECT_FALSE(openssl_accepts(cms_in(current->handle(made).body), kData));
  }
  made.signature_fault.reset();
  made.other_answer_place = true;
  EXPECT_TRUE(openssl_accepts(signature_in(current->handle(made).body), kData));
  made.body = pkcs1("", document(kData));
  const std::string moved = current->handle(made).body;
  EXPECT_TRUE(verifies(public_key, kRsaPkcs1, "SHA-256", digest, cms_in(moved)));
  EXPECT_THAT(moved, Not(HasSubstr("SignatureObject")));
  Service in_document(appliance->state, appliance->token, "primary",
                      {.profile = Profile::v8, .place = AnswerPlace::document});
  EXPECT_THAT(sign(pkcs1("", document(kData)), in_document), HasSubstr("DocumentWithSignature"));
}

TEST_F(SignTest, TheOldFirmwareSignsAsItDid) {
  const Bytes digest = digest_of_data(Hash::sha1, kData);
  EXPECT_THAT(sign(pkcs1("", document(kData)), *old), HasSubstr("not suported by this profile"));
  EXPECT_THAT(sign(cms(flags(flags::kPkcs1), document(kData)), *old), HasSubstr("not suported"));
  EXPECT_THAT(sign(cms("", document(kData, "application/octet-string")), *old),
              HasSubstr("Bad Mime type"));
  EXPECT_THAT(
      sign(cms("", document_hash(digest_of_data(Hash::sha256, kData), kCases[1].uri)), *old),
      HasSubstr("Unsupported hash algorithm"));
  EXPECT_THAT(sign(cms("", document_hash(Bytes{1, 2, 3}, kCases[0].uri)), *old),
              HasSubstr("resultmajor:Success"))
      << "it does not check lengths";
  const Bytes message = cms_in(sign(cms("", document(kData)), *old));
  const auto facts = read_cms(message, [](Hash hash) { return digest_of_data(hash, kData); });
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->right);
  // sha1WithRSAEncryption in place of SHA-1, in both places, and the attribute signingCertificate.
  const Bytes sha1_with_rsa{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05};
  const Bytes sha1{0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A};
  const Bytes signing_certificate{0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                  0x0D, 0x01, 0x09, 0x10, 0x02, 0x0C};
  EXPECT_EQ(times_in(message, sha1_with_rsa), 2U);
  EXPECT_EQ(times_in(message, sha1), 0U);
  EXPECT_EQ(times_in(message, signing_certificate), 1U);
  EXPECT_THAT(
      sign(cms("<arx:EstimateSignatureSize>true</arx:EstimateSignatureSize>", document(kData)),
           *old),
      Not(HasSubstr("EstimatedSignatureSize")));
}

}  // namespace
}  // namespace signet::emulator::sapiws
