// What objects say of themselves in each dialect is what happens to them.
#include <gtest/gtest.h>

#include "tests/support/csc_service.h"

namespace signet::tests {
namespace {

class DialectObjects : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Dialects, DialectObjects, testing::Values("native", "csc", "sapiws"));

TEST_P(DialectObjects, SayWhetherTheyCanBeChangedAndDestroyed) {
  const CscService service;
  const std::string dialect = GetParam();
  const bool stores = dialect == "native";
  if (dialect == "csc") {
    service.configure("", service.oauth2());
  } else {
    service.configure_dialect(dialect);
  }
  const Module module;
  Session session(module);
  session.login(service.pin());
  const std::string label = dialect == "sapiws" ? "" : "rsa";
  for (const CK_OBJECT_CLASS kind : {CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY}) {
    const auto found =
        label.empty() ? session.find({kind, {}, {}}) : session.find({kind, label, {}});
    ASSERT_FALSE(found.empty());
    const CK_OBJECT_HANDLE object = found.front();
    const Bytes expected(1, static_cast<std::uint8_t>(stores));
    EXPECT_EQ(session.attribute(object, CKA_MODIFIABLE), expected) << kind;
    EXPECT_EQ(session.attribute(object, CKA_DESTROYABLE), expected) << kind;
    EXPECT_EQ(session.attribute(object, CKA_COPYABLE),
              Bytes(1, static_cast<std::uint8_t>(kind != CKO_PRIVATE_KEY)))
        << kind;
    std::string other = "another label";
    CK_ATTRIBUTE change{CKA_LABEL, other.data(), other.size()};
    const CK_RV answer = stores ? CKR_OK : CKR_TOKEN_WRITE_PROTECTED;
    EXPECT_EQ(module->C_SetAttributeValue(session.handle(), object, &change, 1), answer) << kind;
    EXPECT_EQ(module->C_DestroyObject(session.handle(), object), answer) << kind;
    if (stores) break;  // the certificate is gone; the halves of the key have another label now
  }
}

}  // namespace
}  // namespace signet::tests
