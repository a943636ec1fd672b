// URIs, types of keys and subjects: what people write and read.
#include <gtest/gtest.h>

#include <cstring>

#include "keygen/key_type.h"
#include "keygen/subject.h"
#include "keygen/uri.h"

namespace signet::keygen {
namespace {

CK_TOKEN_INFO token_named(const std::string& label, const std::string& model = "") {
  CK_TOKEN_INFO info{};
  const auto fill = [](auto& field, const std::string& value) {
    std::memset(field, ' ', sizeof field);
    std::memcpy(field, value.data(), value.size());
  };
  fill(info.label, label);
  fill(info.model, model);
  fill(info.manufacturerID, "");
  fill(info.serialNumber, "");
  return info;
}

TEST(Uri, NamesObjectTokenModuleAndPinSource) {
  const auto uri = Uri::parse(
      "pkcs11:token=seal;object=my%20key;id=%01%ff;type=private?pin-source=file:/p&module-path=/"
      "m.so");
  ASSERT_TRUE(uri) << uri.error().sentence;
  EXPECT_EQ(uri.value().object(), "my key");
  EXPECT_EQ(uri.value().id(), (Bytes{0x01, 0xff}));
  EXPECT_EQ(uri.value().type(), CKO_PRIVATE_KEY);
  EXPECT_EQ(uri.value().pin_source(), "file:/p");
  EXPECT_EQ(uri.value().module_path(), "/m.so");
  EXPECT_TRUE(uri.value().names_token());
  EXPECT_TRUE(uri.value().matches(token_named("seal")));
  EXPECT_FALSE(uri.value().matches(token_named("other")));
}

TEST(Uri, RefusesAPinInIt) {
  const auto uri = Uri::parse("pkcs11:token=seal?pin-value=1234");
  ASSERT_FALSE(uri);
  EXPECT_EQ(uri.error().reason, Reason::pin);
  EXPECT_EQ(uri.error().sentence.find("1234"), std::string::npos);
}

TEST(Uri, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"http://x", "pkcs11:token=%zz", "pkcs11:nonsense=1", ""}) {
    const auto uri = Uri::parse(text);
    ASSERT_FALSE(uri) << text;
    EXPECT_EQ(uri.error().reason, Reason::unreadable);
  }
}

TEST(Uri, TakesABareNameAsALabel) {
  const auto uri = Uri::of_object("seal; 1");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri.value().object(), "seal; 1");
  EXPECT_FALSE(uri.value().names_token());
  EXPECT_TRUE(uri.value().matches(token_named("any")));
  EXPECT_FALSE(Uri::of_object("").value().object());
}

TEST(Uri, LeavesOutWhatTheTokenDoesNotSayYet) {
  EXPECT_EQ(uri_of(token_named("seal")), "pkcs11:token=seal");
  const std::string text =
      uri_of(token_named("seal", "M1"), CKO_CERTIFICATE, Bytes{0xbe, 0xef}, "a b");
  EXPECT_EQ(text, "pkcs11:model=M1;token=seal;id=%BE%EF;object=a%20b;type=cert");
  EXPECT_EQ(Uri::parse(text).value().id(), (Bytes{0xbe, 0xef}));
}

TEST(KeyTypeText, IsReadAndWritten) {
  for (const char* text :
       {"rsa:2048", "rsa:3072", "rsa:4096", "ec:P-256", "ec:P-384", "ec:P-521", "Ed25519"}) {
    const auto type = KeyType::parse(text);
    ASSERT_TRUE(type) << text;
    EXPECT_EQ(type.value().text(), text);
  }
  EXPECT_EQ(KeyType::parse("ec:prime256v1").value().text(), "ec:P-256");
  for (const char* text : {"ed25519", "edwards25519", "ec:edwards25519"})
    EXPECT_EQ(KeyType::parse(text).value().text(), "Ed25519") << text;
}

TEST(KeyTypeText, RefusesWhatIsTooShortOrUnknown) {
  for (const char* text : {"", "rsa", "rsa:", "rsa:1024", "rsa:3072x", "rsa:99999", "ec:P-224",
                           "ec:secp256k1", "dsa:2048", "P-256", "ed25519:255"}) {
    const auto type = KeyType::parse(text);
    ASSERT_FALSE(type) << text;
    EXPECT_EQ(type.error().reason, Reason::unreadable);
  }
}

TEST(Subject, IsReadInBothForms) {
  const auto commas = parse_subject("C=CZ, O=Office\\, Prague ,CN=Seal");
  const auto slashes = parse_subject("/C=CZ/O=Office, Prague/CN=Seal");
  const auto lines = parse_subject("C=CZ\nO=Office\\, Prague\nCN=Seal\n");
  ASSERT_TRUE(commas);
  EXPECT_EQ(commas.value(), slashes.value());
  EXPECT_EQ(commas.value(), lines.value());
  EXPECT_EQ(subject_text(commas.value()), "C=CZ,O=Office\\, Prague,CN=Seal");
}

TEST(Subject, WhatIsWrittenIsReadAgain) {
  const auto name =
      parse_subject("2.5.4.97=NTRCZ-1,O=Úřad + \"x\" \\<y\\>,serialNumber=1,CN=Pečeť; č. 1");
  ASSERT_TRUE(name) << name.error().sentence;
  EXPECT_EQ(parse_subject(subject_text(name.value())).value(), name.value());
}

TEST(Subject, SaysWhatIsWrong) {
  for (const auto& [text, words] :
       {std::pair{"", "is empty"}, std::pair{"CN", "has no \"=\""}, std::pair{"CN=", "CN is empty"},
        std::pair{"XY=z", "\"XY\" is no type"}, std::pair{"C=Czechia", "C cannot be"}}) {
    const auto name = parse_subject(text);
    ASSERT_FALSE(name) << text;
    EXPECT_NE(name.error().sentence.find(words), std::string::npos) << name.error().sentence;
  }
}

TEST(Subject, OfASealNeedsFourParts) {
  const auto whole = parse_subject("C=CZ,O=Office,organizationIdentifier=NTRCZ-1,CN=Seal");
  EXPECT_TRUE(check_eseal_subject(whole.value()));
  const auto lacking = check_eseal_subject(parse_subject("CN=Seal,C=CZ").value());
  ASSERT_FALSE(lacking);
  EXPECT_NE(lacking.error().sentence.find("organizationName, organizationIdentifier"),
            std::string::npos);
}

}  // namespace
}  // namespace signet::keygen
