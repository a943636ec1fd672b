#include "pkcs11-client/uri.h"

#include <gtest/gtest.h>

namespace signet::pkcs11 {
namespace {

TokenName named(const std::string& label, const std::string& model = "") {
  return {.label = label, .manufacturer = {}, .model = model, .serial = {}};
}

std::string refusal(const std::string& text) {
  const auto uri = Uri::parse(text);
  return uri.has_error() ? uri.error().sentence : "none";
}

TEST(Uri, NamesTokenObjectModuleAndPinSource) {
  const auto uri = Uri::parse(
      "pkcs11:token=My%20token;serial=4711;manufacturer=M;model=X;object=my%20key;id=%01%FF;"
      "type=private?module-path=/usr/lib/other.so&pin-source=file:/etc/pin");
  ASSERT_TRUE(uri) << uri.error().sentence;
  EXPECT_EQ(uri.value().token, (TokenName{"My token", "M", "X", "4711"}));
  EXPECT_EQ(uri.value().object, "my key");
  EXPECT_EQ(uri.value().id, (Bytes{0x01, 0xff}));
  EXPECT_EQ(uri.value().type, ObjectType::private_key);
  EXPECT_EQ(uri.value().pin_source, "file:/etc/pin");
  EXPECT_EQ(uri.value().module_path, "/usr/lib/other.so");
  EXPECT_TRUE(uri.value().names_token());
}

TEST(Uri, FitsTokensThatHaveWhatItNames) {
  const auto uri = Uri::parse("pkcs11:token=seal");
  ASSERT_TRUE(uri);
  EXPECT_TRUE(uri.value().matches(named("seal", "any model")));
  EXPECT_FALSE(uri.value().matches(named("other")));
  EXPECT_TRUE(Uri::of_token("").matches(named("any")));
}

TEST(Uri, RefusesAPinInIt) {
  const auto uri = Uri::parse("pkcs11:token=seal?pin-value=1234");
  ASSERT_FALSE(uri);
  EXPECT_TRUE(uri.error().shows_pin);
  EXPECT_NE(uri.error().sentence.find("pin-source"), std::string::npos);
  EXPECT_EQ(uri.error().sentence.find("1234"), std::string::npos);
}

TEST(Uri, RefusesWhatItDoesNotUnderstand) {
  for (const char* text : {"", "http://x", "file:/x", "pkcs11:token=%zz", "pkcs11:object=%4"}) {
    EXPECT_NE(refusal(text), "none") << text;
  }
  EXPECT_NE(refusal("pkcs11:objekt=o").find("objekt"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:slot-id=1").find("slot-id"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=o;object=p").find("twice"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=").find("empty"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object?module-path=/m").find("name=value"), std::string::npos);
  EXPECT_NE(refusal(std::string("pkcs11:object=o\0p", 17)).find("zero"), std::string::npos);
}

TEST(Uri, TakesSeparatorsOfTheOtherPartAsPartOfAValue) {
  const auto uri = Uri::parse("pkcs11:object=a&b?pin-source=file:/what?");
  ASSERT_TRUE(uri) << uri.error().sentence;
  EXPECT_EQ(uri.value().object, "a&b");
  EXPECT_EQ(uri.value().pin_source, "file:/what?");
}

TEST(Uri, TakesABareNameAsALabel) {
  const auto uri = Uri::of_object("seal; 1");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri.value().object, "seal; 1");
  EXPECT_FALSE(uri.value().names_token());
  EXPECT_FALSE(Uri::of_object("").value().object);
}

TEST(Uri, LeavesOutWhatTheTokenDoesNotSayYet) {
  Uri uri;
  uri.token = named("seal");
  EXPECT_EQ(uri.text(), "pkcs11:token=seal");
  uri.token = named("seal", "M1");
  uri.type = ObjectType::certificate;
  uri.id = {0xbe, 0xef};
  uri.object = "a b";
  EXPECT_EQ(uri.text(), "pkcs11:model=M1;token=seal;id=%BE%EF;object=a%20b;type=cert");
  EXPECT_EQ(Uri::parse(uri.text()).value(), uri);
}

}  // namespace
}  // namespace signet::pkcs11
