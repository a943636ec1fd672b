// What a validation is judged by, read from files.
#include "validation/policy_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "crypto/openssl.h"
#include "validation/testing/read_parts.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using testing::HasSubstr;

std::string pem_of(const pki::Party& party) {
  return crypto::to_pem("CERTIFICATE", party.certificate->der());
}

TEST(PolicyInput, TakesCertificatesInEachForm) {
  EXPECT_EQ(certificates_in(root().certificate->der()).value().size(), 1U);
  const std::string two = "Root:\n" + pem_of(root()) + "and\n" + pem_of(signer());
  const auto found = certificates_in(view_of(two)).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]->id(), root().certificate->id());
  EXPECT_EQ(found[1]->id(), signer().certificate->id());
  const Bytes message = pki::message(signer(), {});
  const auto inside = certificates_in(message).value();
  ASSERT_FALSE(inside.empty());
  EXPECT_EQ(inside[0]->id(), signer().certificate->id());
  for (const char* const nothing : {"", "text", "-----BEGIN CERTIFICATE-----\nAAAA\n",
                                    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"})
    EXPECT_FALSE(certificates_in(view_of(nothing))) << nothing;
  // Nothing is left out silently.
  const std::string broken =
      pem_of(root()) + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_FALSE(certificates_in(view_of(broken)));
}

TEST(PolicyInput, TakesCertificatesOfAFolder) {
  const ScratchFolder folder;
  EXPECT_THAT(certificates_from(folder.path()).error(), HasSubstr("holds no certificate"));
  folder.write("b.pem", pem_of(signer()));
  folder.write("a.der", std::string(signet::text_of(root().certificate->der())));
  folder.write("notes.txt", "none of them");
  const auto found = certificates_from(folder.path()).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]->id(), root().certificate->id());
  EXPECT_THAT(certificates_from(folder.path("notes.txt")).error(), HasSubstr("notes.txt"));
  EXPECT_THAT(certificates_from(folder.path("absent.pem")).error(), HasSubstr("absent.pem"));
}

TEST(PolicyInput, TakesRevocationDataInBothForms) {
  const Bytes crl = pki::crl(root(), {});
  EXPECT_EQ(revocation_in(RevocationKind::crl, crl).value()->der(), crl);
  const std::string pem = crypto::to_pem("X509 CRL", crl);
  EXPECT_EQ(revocation_in(RevocationKind::crl, view_of(pem)).value()->der(), crl);
  EXPECT_FALSE(revocation_in(RevocationKind::ocsp, crl));
  EXPECT_FALSE(revocation_in(RevocationKind::crl, {}));
  const ScratchFolder folder;
  folder.write("root.crl", pem);
  EXPECT_TRUE(revocation_from(RevocationKind::crl, folder.path("root.crl")));
  folder.write("none.crl", "-----BEGIN X509 CRL-----\n");
  EXPECT_THAT(revocation_from(RevocationKind::crl, folder.path("none.crl")).error(),
              HasSubstr("none.crl"));
}

TEST(PolicyInput, ChoosesTheSuiteOfTheSealsThatAreOutThere) {
  Policy policy;
  ASSERT_TRUE(choose_suites("", policy));
  EXPECT_THAT(policy.suite->name(), HasSubstr("1.5.1"));
  ASSERT_NE(policy.other, nullptr);
  EXPECT_THAT(policy.other->name(), HasSubstr("2.1.1"));
  ASSERT_TRUE(choose_suites("119312-2.1.1", policy));
  EXPECT_EQ(policy.other, nullptr);
  EXPECT_THAT(choose_suites("119312-9", policy).error(), HasSubstr("119312-9"));
}

}  // namespace
}  // namespace signet::validation
