#include "pkcs11-client/pkcs11_uri.h"

#include <gtest/gtest.h>

namespace signet::pkcs11 {
namespace {

std::string refusal(std::string_view text) {
  const auto uri = Pkcs11Uri::parse(text);
  return uri.has_error() ? uri.error() : "none";
}

TEST(Pkcs11Uri, HasTokenObjectModuleAndPinSource) {
  const auto uri = Pkcs11Uri::parse(
      "pkcs11:token=My%20token;serial=4711;manufacturer=M;model=X;object=tls;id=%01%FF;type=private"
      "?module-path=/usr/lib/other.so&pin-source=file:/etc/pin");
  ASSERT_TRUE(uri.has_value()) << uri.error();
  EXPECT_EQ(uri.value().token, "My token");
  EXPECT_EQ(uri.value().serial, "4711");
  EXPECT_EQ(uri.value().manufacturer, "M");
  EXPECT_EQ(uri.value().model, "X");
  EXPECT_EQ(uri.value().object, "tls");
  EXPECT_EQ(uri.value().id, "\x01\xFF");
  EXPECT_EQ(uri.value().module_path, "/usr/lib/other.so");
  ASSERT_TRUE(uri.value().pin.has_value());
  EXPECT_EQ(uri.value().pin->name, "/etc/pin");
}

TEST(Pkcs11Uri, TakesAPlainPathAndTheFormsOfACredentialAsPinSource) {
  const auto kind_of = [](const std::string& source) {
    return Pkcs11Uri::parse("pkcs11:object=o?module-path=/m&pin-source=" + source)
        .value()
        .pin->kind;
  };
  EXPECT_EQ(kind_of("/etc/pin"), config::CredentialSource::Kind::file);
  EXPECT_EQ(kind_of("systemd:tls-pin"), config::CredentialSource::Kind::systemd_credential);
  EXPECT_EQ(kind_of("env:TLS_PIN"), config::CredentialSource::Kind::environment);
}

TEST(Pkcs11Uri, RefusesAPinInTheUri) {
  EXPECT_NE(refusal("pkcs11:object=o?module-path=/m&pin-value=1234").find("pin-source"),
            std::string::npos);
}

TEST(Pkcs11Uri, NeedsAModuleAndAnObject) {
  EXPECT_NE(refusal("pkcs11:object=o").find("module-path"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=o?module-path=relative.so").find("module-path"),
            std::string::npos);
  EXPECT_NE(refusal("pkcs11:token=t?module-path=/m").find("names no object"), std::string::npos);
}

TEST(Pkcs11Uri, RefusesWhatItDoesNotUnderstand) {
  EXPECT_NE(refusal("file:/x"), "none");
  EXPECT_NE(refusal("pkcs11:objekt=o?module-path=/m").find("objekt"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=o;object=p?module-path=/m").find("twice"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=%4?module-path=/m").find("percent"), std::string::npos);
  EXPECT_NE(refusal("pkcs11:object=o;type=secret-key?module-path=/m").find("type"),
            std::string::npos);
  EXPECT_NE(refusal("pkcs11:object?module-path=/m").find("name=value"), std::string::npos);
}

}  // namespace
}  // namespace signet::pkcs11
