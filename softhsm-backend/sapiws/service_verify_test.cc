// DssVerify: what the appliance is, and signatures judged without a password.
#include <fmt/format.h>

#include "softhsm-backend/sapiws/cms.h"
#include "softhsm-backend/sapiws/pdf_signatures.h"
#include "softhsm-backend/sapiws/testing/soap_scene.h"

namespace signet::emulator::sapiws {
namespace {

using crypto::Hash;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Bytes kSigned = copy_of(view_of(std::string_view("%PDF-1.4 something to sign")));
const std::string kValid = "resultminor:valid:signature:onAllDocuments";
const std::string kInvalid = "resultminor:invalid:IncorrectSignature";

class VerifyTest : public SoapTest {
 protected:
  static std::string ask(const std::string& type, Service& service = *current) {
    return verify(std::string(kNames) + type, "", "", service);
  }
  static std::string object(ByteView signature) {
    return "<SignatureObject><Base64Signature>" + to_base64(signature) +
           "</Base64Signature></SignatureObject>";
  }
  static std::string inputs(const std::string& content, ByteView signature) {
    return "<InputDocuments>" + content + "</InputDocuments>" + object(signature);
  }
  static Bytes made(const char* type, const std::string& options, const std::string& content,
                    Service& service = *current) {
    const std::string body = sign(sign_request(seal(), type, options, content), service);
    return base64_inside(body,
                         std::string_view(type) == kTypePkcs1 ? "Base64Signature" : "Base64Data");
  }
};

TEST_F(VerifyTest, TellsWhatItIs) {
  const std::string info = ask("cosign-info");
  EXPECT_THAT(info, AllOf(HasSubstr("resultmajor:Success"), HasSubstr("Major=\"8\""),
                          HasSubstr("ServerKind=\"2\""), HasSubstr("DirectoryKind=\"3\""),
                          HasSubstr("SerialNumber=\""), HasSubstr("ClusterID=\"")));
  EXPECT_THAT(ask("cosign-info", *alternate), HasSubstr("ServerKind=\"3\""));
  EXPECT_THAT(ask("cosign-info", *old),
              AllOf(HasSubstr("Major=\"5\" Minor=\"2\""), Not(HasSubstr("ServerKind"))));
  const std::string time = inside(ask("time-get"), "SAPITime");
  EXPECT_THAT(time, testing::EndsWith("Z"));
}

TEST_F(VerifyTest, TellsTheIssuersThatAccountsHold) {
  const std::string body = ask("ca-info-get");
  EXPECT_EQ(base64_inside(body, "CACertificate"), issuer);
  EXPECT_EQ(body.find("CACertificate", body.find("</CACertificate>") + 16), std::string::npos);
}

TEST_F(VerifyTest, JudgesPkcs1Signatures) {
  const Bytes signature = made(kTypePkcs1, flags(flags::kSha512), document(kSigned));
  const Bytes digest = digest_of_data(Hash::sha512, kSigned);
  const std::string by_value =
      "<arx:ConfigurationValues><arx:ConfValue><arx:ConfValueID>CertVerify</arx:ConfValueID>"
      "<arx:BinaryValue>" +
      to_base64(certificate) + "</arx:BinaryValue></arx:ConfValue></arx:ConfigurationValues>";
  for (const std::string& by : {certificate_selector(), by_value}) {
    EXPECT_THAT(verify(kTypePkcs1, by + flags(flags::kSha512), inputs(document(kSigned), signature),
                       *current),
                HasSubstr(kValid));
    EXPECT_THAT(verify(kTypePkcs1, by + flags(flags::kSha512 | flags::kHashOnly),
                       inputs(document(digest), signature), *current),
                HasSubstr(kValid));
    EXPECT_THAT(verify(kTypePkcs1, by, inputs(document(kSigned), signature), *current),
                AllOf(HasSubstr(kInvalid), HasSubstr("err 90030360")));
  }
  const std::uint32_t pss = flags::kPss | flags::kSha256;
  EXPECT_THAT(
      verify(kTypePkcs1, by_value + flags(pss),
             inputs(document(kSigned), made(kTypePkcs1, flags(pss), document(kSigned))), *current),
      HasSubstr(kValid));
  EXPECT_THAT(verify(kTypePkcs1, "", inputs(document(kSigned), signature), *current),
              HasSubstr("Exception occured"))
      << "without a certificate";
  EXPECT_THAT(verify(kTypePkcs1, by_value, inputs(document(kSigned), signature), *old),
              HasSubstr("not suported by this profile"));
}

TEST_F(VerifyTest, JudgesCms) {
  const Bytes message = made(kTypeCms, "", document(kSigned));
  EXPECT_THAT(verify(kTypeCms, "", inputs(document(kSigned), message), *current),
              HasSubstr(kValid));
  EXPECT_THAT(
      verify(kTypeCms, "", inputs(document_hash(digest_of_data(Hash::sha256, kSigned)), message),
             *current),
      HasSubstr(kValid));
  EXPECT_THAT(verify(kTypeCms, "", inputs(document(certificate), message), *current),
              HasSubstr(kInvalid));
  Bytes changed = message;
  changed.back() ^= 1U;
  EXPECT_THAT(verify(kTypeCms, "", inputs(document(kSigned), changed), *current),
              HasSubstr(kInvalid));
  EXPECT_THAT(verify(kTypeCms, "", inputs(document(kSigned), Bytes{0x30, 0}), *current),
              HasSubstr("Exception occured"));
  const Bytes old_style = made(kTypeCms, "", document(kSigned), *old);
  EXPECT_THAT(verify(kTypeCms, "", inputs(document(kSigned), old_style), *old), HasSubstr(kValid));
}

TEST_F(VerifyTest, RefusesInTheVendorsWords) {
  EXPECT_THAT(verify("", "", "", *current), HasSubstr("Exception occured"));
  EXPECT_THAT(
      verify(kTypeCms, "", "<InputDocuments>" + document(kSigned) + "</InputDocuments>", *current),
      HasSubstr("Exception occured"))
      << "without a signature";
  EXPECT_THAT(verify(kTypeCms, "", object(kSigned), *current), HasSubstr("Exception occured"));
  EXPECT_THAT(verify("urn:ietf:rfc:3161", "", "", *current),
              HasSubstr("not suported by this profile"));
  EXPECT_THAT(verify(kTypeFieldVerify, "", "", *current), HasSubstr("Exception occured"));
}

// A PDF as far as the service reads it, with a signature over all of it but the gap.
std::string signed_pdf(const std::function<Bytes(const std::string&)>& sign) {
  constexpr std::size_t room = 8192;
  const std::string before = "%PDF-1.4\n1 0 obj << /Type /Sig /ByteRange [";
  const auto text = [&](std::size_t gap, std::size_t end, std::size_t rest) {
    return fmt::format("{}0 {:5} {:6} {:5}] /Contents ", before, gap, end, rest);
  };
  const std::string after = " >> endobj\n%%EOF\n";
  const std::size_t gap = text(0, 0, 0).size();
  const std::string head = text(gap, gap + room + 2, after.size());
  std::string hex = to_hex(sign(head + after));
  hex.resize(room, '0');
  return head + "<" + hex + ">" + after;
}

TEST_F(VerifyTest, JudgesTheSignaturesOfAPdf) {
  const std::string pdf = signed_pdf(
      [&](const std::string& content) { return made(kTypeCms, "", document(view_of(content))); });
  const auto judge = [&](const std::string& text) {
    return verify(kTypeFieldVerify, "",
                  "<InputDocuments>" + document(view_of(text)) + "</InputDocuments>", *current);
  };
  const std::string body = judge(pdf);
  EXPECT_THAT(body, AllOf(HasSubstr(kValid), HasSubstr("Name=\"Signature1\""),
                          HasSubstr("SignatureStatus=\"0\""), HasSubstr("SignatureTime=\"20"),
                          HasSubstr("CertificateStatus=\"NotChecked\"")));
  EXPECT_EQ(base64_inside(body, "Certificate"), certificate);
  std::string changed = pdf;
  changed.replace(changed.find("endobj"), 6, "ENDOBJ");
  EXPECT_THAT(judge(changed), AllOf(HasSubstr(kInvalid), Not(HasSubstr("SignatureStatus=\"0\""))));
  EXPECT_EQ(verify(kTypeXmlDsig, "",
                   "<InputDocuments>" + document(view_of(pdf)) + "</InputDocuments>", *current),
            body);
  EXPECT_THAT(judge("%PDF-1.4 without signatures"), HasSubstr(kValid));
  EXPECT_THAT(judge("no PDF"), HasSubstr("Failed to enum signature fields"));
  EXPECT_THAT(judge(""), Not(HasSubstr("<Result>")));
}

TEST(PdfSignatures, RangesOutsideTheFileAreNoSignatures) {
  for (const char* range : {"[0 10 20 9999]", "[0 10 5 1]", "[1 2 3 4]", "[0 10 10 1]",
                            "[0 18446744073709551615 18446744073709551615 18446744073709551615]"}) {
    EXPECT_FALSE(pdf_signatures(std::string("%PDF-1.4 /ByteRange ") + range + std::string(50, 'x')))
        << range;
  }
  for (const char* range : {"", "[", "[0 10 20", "[0 10 20 x]", "0 10 20 5", "[ a b c d ]"}) {
    const auto found = pdf_signatures(std::string("%PDF-1.4 /ByteRange ") + range);
    EXPECT_TRUE(found && found->empty()) << range;
  }
  const auto unreadable = pdf_signatures("%PDF-1.4 /ByteRange [0 10 20 20]" + std::string(20, 'x'));
  ASSERT_EQ(unreadable->size(), 1U);
  EXPECT_FALSE(unreadable->front().facts);
}

TEST(PdfSignatures, TooManyAreNone) {
  std::string pdf = "%PDF-1.4";
  for (std::size_t i = 0; i <= kMaxPdfSignatures; ++i) pdf += " /ByteRange [0 1 2 1]";
  EXPECT_FALSE(pdf_signatures(pdf));
}

}  // namespace
}  // namespace signet::emulator::sapiws
