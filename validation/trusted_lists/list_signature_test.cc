#include "validation/trusted_lists/list_signature.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/base64.h"
#include "validation/signature_check.h"
#include "validation/testing/list_maker.h"
#include "validation/testing/list_world.h"

namespace signet::validation {
namespace {

using lists::ListSignature;

std::string plain_list() {
  return lists::xml_of(lists::national("CZ"));
}

const pki::Party& list_signer() {
  static const pki::Party party = lists::list_operator("Operator");
  return party;
}

Result<ListSigner, Conclusion> check_text(const std::string& text) {
  const auto document = XmlDocument::parse(view_of(text));
  EXPECT_TRUE(document) << text_of(document.error(), Language::english);
  return check_list_signature(document.value());
}

void expect_refused(const std::string& text, SubIndication why,
                    Indication how = Indication::failed) {
  const auto checked = check_text(text);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().indication, how);
  EXPECT_EQ(name_of(checked.error().sub_indication), name_of(why))
      << text_of(checked.error().reasons.at(0), Language::english);
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(ListSignature, OfEveryKindOfKeyIsFoundGood) {
  struct Case {
    pki::KeyKind kind;
    bool pss;
    crypto::Hash hash;
  };
  for (const Case& one : {Case{pki::KeyKind::p256, false, crypto::Hash::sha256},
                          Case{pki::KeyKind::p384, false, crypto::Hash::sha384},
                          Case{pki::KeyKind::p521, false, crypto::Hash::sha512},
                          Case{pki::KeyKind::rsa2048, false, crypto::Hash::sha256},
                          Case{pki::KeyKind::rsa3072, false, crypto::Hash::sha512},
                          Case{pki::KeyKind::rsa2048, true, crypto::Hash::sha256},
                          Case{pki::KeyKind::rsa3072, true, crypto::Hash::sha512},
                          Case{pki::KeyKind::ed25519, false, crypto::Hash::sha512}}) {
    const pki::Party signer = lists::list_operator("Operator of many keys", one.kind);
    ListSignature wish;
    wish.how.pss = one.pss;
    wish.how.hash = one.hash;
    const auto checked = check_text(lists::sign(plain_list(), signer, wish));
    ASSERT_TRUE(checked) << static_cast<int>(one.kind)
                         << text_of(checked.error().reasons.at(0), Language::english);
    EXPECT_EQ(checked.value().certificate->der(), signer.der());
    EXPECT_EQ(checked.value().signing_time, pki::at("2026-10-01"));
  }
}

TEST(ListSignature, OfTheFirstVersionOfXadesIsFoundGood) {
  ListSignature wish;
  wish.second_version = false;
  EXPECT_TRUE(check_text(lists::sign(plain_list(), list_signer(), wish)));
}

// Spaces, comments and a byte order mark change nothing; another order of attributes neither.
TEST(ListSignature, CoversWhatIsMeantNotHowItIsWritten) {
  const std::string text = lists::sign(plain_list(), list_signer());
  const std::string other =
      "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- a comment -->\n" +
      replaced(text, " Id=\"list\" TSLTag=\"http://uri.etsi.org/19612/TSLTag\"",
               "  TSLTag='http://uri.etsi.org/19612/TSLTag'\n Id=\"list\" ") +
      "\n";
  EXPECT_TRUE(check_text(other));
  EXPECT_TRUE(check_text(replaced(text, "<TSLSequenceNumber>1", "<TSLSequenceNumber><!--2-->1")));
}

TEST(ListSignature, IsWrongWhereTheListWasChanged) {
  const std::string text = lists::sign(plain_list(), list_signer());
  expect_refused(replaced(text, "<TSLSequenceNumber>1<", "<TSLSequenceNumber>2<"),
                 SubIndication::hash_failure);
  expect_refused(replaced(text, "Id=\"list\"", "Id=\"list\" more=\"1\""),
                 SubIndication::hash_failure);
  expect_refused(replaced(text, "<xades:SigningTime>2026", "<xades:SigningTime>2025"),
                 SubIndication::hash_failure);
  expect_refused(replaced(text, "ds:SignedInfo>", "ds:SignedInfo> "),
                 SubIndication::sig_crypto_failure);
}

TEST(ListSignature, IsDemanded) {
  expect_refused(plain_list(), SubIndication::format_failure);
}

TEST(ListSignature, MustCoverTheDocumentAndItsProperties) {
  ListSignature without_document;
  without_document.cover_document = false;
  expect_refused(lists::sign(plain_list(), list_signer(), without_document),
                 SubIndication::format_failure);
  ListSignature without_properties;
  without_properties.cover_properties = false;
  expect_refused(lists::sign(plain_list(), list_signer(), without_properties),
                 SubIndication::format_failure);
}

TEST(ListSignature, TakesNoOtherTransforms) {
  const auto transform = [](const std::string& uri, const std::string& inside = "") {
    return "<ds:Transform Algorithm=\"" + uri + "\">" + inside + "</ds:Transform>";
  };
  const std::string enveloped = transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature");
  const std::string exclusive = transform("http://www.w3.org/2001/10/xml-exc-c14n#");
  for (const std::string& transforms :
       {enveloped, exclusive, exclusive + enveloped, enveloped + exclusive + exclusive,
        enveloped + transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        enveloped +
            transform("http://www.w3.org/TR/1999/REC-xpath-19991116",
                      "<ds:XPath>self::text()</ds:XPath>") +
            exclusive,
        transform("http://www.w3.org/TR/1999/REC-xslt-19991116") + exclusive}) {
    ListSignature wish;
    wish.document_transforms = transforms;
    expect_refused(lists::sign(plain_list(), list_signer(), wish), SubIndication::format_failure);
  }
}

TEST(ListSignature, TakesNoReferenceToOtherPlaces) {
  for (const char* const uri : {"#list", "other.xml", "file:///etc/passwd", "#xpointer(/)",
                                "http://lists.example/", "#signature", "#nowhere"}) {
    ListSignature wish;
    wish.more_references =
        std::string("<ds:Reference URI=\"") + uri +
        "\"><ds:DigestMethod "
        "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>"
        "<ds:DigestValue>AA==</ds:DigestValue></ds:Reference>";
    expect_refused(lists::sign(plain_list(), list_signer(), wish), SubIndication::format_failure);
  }
}

TEST(ListSignature, TakesNoWeakAlgorithm) {
  ListSignature weak_digest;
  weak_digest.digest_method = "http://www.w3.org/2000/09/xmldsig#sha1";
  expect_refused(lists::sign(plain_list(), list_signer(), weak_digest),
                 SubIndication::format_failure);
  ListSignature weak_method;
  weak_method.method = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
  expect_refused(lists::sign(plain_list(), list_signer(), weak_method),
                 SubIndication::crypto_constraints_failure, Indication::indeterminate);
  ListSignature inclusive;
  inclusive.canonicalisation = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
  expect_refused(lists::sign(plain_list(), list_signer(), inclusive),
                 SubIndication::format_failure);
}

TEST(ListSignature, IsOfTheCertificateThatItNames) {
  ListSignature wish;
  wish.named = lists::list_operator("Somebody else").der();
  expect_refused(lists::sign(plain_list(), list_signer(), wish),
                 SubIndication::no_signing_certificate_found);
}

// The signed list is moved to where nobody looks, and another one stands in its place.
TEST(ListSignature, CannotBeWrappedAroundAnotherList) {
  const std::string text = lists::sign(plain_list(), list_signer());
  const std::size_t start = text.find("<ds:Signature"),
                    end = text.find("</TrustServiceStatusList>");
  const std::string signature = text.substr(start, end - start);
  const std::string forged_root =
      "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\">";
  // The whole signed list inside a forged one, with the signature where it was, or moved up.
  expect_refused(forged_root + text + "</TrustServiceStatusList>", SubIndication::format_failure);
  const std::string stripped = text.substr(0, start) + text.substr(end);
  expect_refused(forged_root + stripped + signature + "</TrustServiceStatusList>",
                 SubIndication::hash_failure);
  // Content hidden in the signature, which it does not cover.
  const auto hidden = check_text(replaced(text, "<ds:KeyInfo>", plain_list() + "<ds:KeyInfo>"));
  EXPECT_TRUE(hidden) << "what is below the signature is no list";
  // Two signatures, and two elements with the identifier of the signed properties.
  expect_refused(
      replaced(text, "</TrustServiceStatusList>", signature + "</TrustServiceStatusList>"),
      SubIndication::format_failure);
  expect_refused(replaced(text, "<ds:KeyInfo>", "<ds:KeyInfo Id=\"properties\">"),
                 SubIndication::format_failure);
  expect_refused(replaced(text, "Target=\"#signature\"", "Target=\"#other\""),
                 SubIndication::format_failure);
}

// Somebody signs a list that costs as much as the bounds allow: deep, with prefixes in scope, and elements that use them. What costs
// more is not parsed.
TEST(ListSignature, OfAHostileListIsCheckedWithinTheBounds) {
  std::string prefixes;
  for (int i = 0; i < 24; ++i)
    prefixes += " xmlns:p" + std::to_string(i) + "=\"urn:p" + std::to_string(i) + "\"";
  const auto hostile = [&](int elements) {
    std::string text = "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\">";
    for (int i = 0; i < 44; ++i) text += i < 4 ? "<a" + prefixes + ">" : "<a>";
    for (int i = 0; i < elements; ++i) text += "<p23:b p0:c=\"\"></p23:b>";
    for (int i = 0; i < 44; ++i) text += "</a>";
    return text + "</TrustServiceStatusList>";
  };
  lists::ListSignature wish;
  wish.document_transforms =
      "<ds:Transform "
      "Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>"
      "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><InclusiveNamespaces "
      "xmlns=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"p1 p2 p3 p4 p5 p6 p7 p8\">"
      "</InclusiveNamespaces></ds:Transform>";
  const std::size_t before = signature_checks();
  expect_refused(lists::sign(hostile(480'000), list_signer(), wish), SubIndication::hash_failure);
  EXPECT_EQ(signature_checks() - before, 1U);
  const std::string more = hostile(500'000);
  const auto refused = XmlDocument::parse(view_of(more));
  ASSERT_FALSE(refused);
  EXPECT_EQ(text_of(refused.error(), Language::english), "the file has too many attributes");
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "<x/>";
  const std::string large = lists::sign(plain_list(), list_signer());
  expect_refused(replaced(large, "<ds:KeyInfo>", many + "<ds:KeyInfo>"),
                 SubIndication::format_failure);
}

TEST(ListSignature, WithDamagedPartsIsRefusedNotFeared) {
  const std::string text = lists::sign(plain_list(), list_signer());
  for (const char* const name :
       {"ds:SignedInfo", "ds:CanonicalizationMethod", "ds:SignatureMethod", "ds:Reference",
        "ds:DigestMethod", "ds:DigestValue", "ds:SignatureValue", "ds:KeyInfo",
        "ds:X509Certificate", "ds:Object", "xades:SignedProperties", "xades:Cert"}) {
    std::string damaged = text;
    for (std::size_t at = 0; (at = damaged.find(name, at)) != std::string::npos; at += 9)
      damaged[at + std::string(name).size() - 1] = '_';
    const auto document = XmlDocument::parse(view_of(damaged));
    ASSERT_TRUE(document) << name;
    EXPECT_FALSE(check_list_signature(document.value())) << name;
  }
  expect_refused(replaced(text, "<ds:SignatureValue>", "<ds:SignatureValue>!"),
                 SubIndication::format_failure);
}

}  // namespace
}  // namespace signet::validation
