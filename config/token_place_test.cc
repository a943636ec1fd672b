#include "config/token_place.h"

#include <gtest/gtest.h>

namespace signet::config {
namespace {

std::string refusal(const std::string& text) {
  const auto place = TokenPlace::parse(text);
  return place.has_error() ? place.error() : "none";
}

TEST(TokenPlace, HasUriAndPin) {
  const auto place = TokenPlace::parse(
      "pkcs11:token=My%20token;object=tls;type=private"
      "?module-path=/usr/lib/other.so&pin-source=file:/etc/pin");
  ASSERT_TRUE(place) << place.error();
  EXPECT_EQ(place.value().uri.token.label, "My token");
  EXPECT_EQ(place.value().uri.module_path, "/usr/lib/other.so");
  EXPECT_EQ(place.value().pin, (CredentialSource{CredentialSource::Kind::file, "/etc/pin"}));
  EXPECT_FALSE(TokenPlace::parse("pkcs11:object=o?module-path=/m").value().pin);
}

TEST(TokenPlace, TakesAPlainPathAndTheFormsOfACredentialAsPinSource) {
  const auto kind_of = [](const std::string& source) {
    return TokenPlace::parse("pkcs11:object=o?module-path=/m&pin-source=" + source)
        .value()
        .pin->kind;
  };
  EXPECT_EQ(kind_of("/etc/pin"), CredentialSource::Kind::file);
  EXPECT_EQ(kind_of("systemd:tls-pin"), CredentialSource::Kind::systemd_credential);
  EXPECT_EQ(kind_of("env:TLS_PIN"), CredentialSource::Kind::environment);
  EXPECT_NE(refusal("pkcs11:object=o?module-path=/m&pin-source=nowhere").find("pin-source"),
            std::string::npos);
}

TEST(TokenPlace, NeedsAModuleAndAnObject) {
  EXPECT_NE(refusal("pkcs11:object=o").find("module-path"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=o?module-path=relative.so").find("module-path"),
            std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=o?module-path=/m&module-name=m").find("module-name"),
            std::string::npos);
  EXPECT_NE(refusal("pkcs11:token=t?module-path=/m").find("names no object"), std::string::npos);
}

TEST(TokenPlace, RefusesOtherTypesAndWhatIsNoUri) {
  EXPECT_NE(refusal("pkcs11:object=o;type=secret-key?module-path=/m").find("type"),
            std::string::npos);
  EXPECT_NE(refusal("pkcs11:objekt=o?module-path=/m").find("objekt"), std::string::npos);
}

}  // namespace
}  // namespace signet::config
