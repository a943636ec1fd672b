#include "activation/import_check.h"

#include <gtest/gtest.h>

#include <string>

#include "keygen/testing/test_issuer.h"

namespace signet::activation {
namespace {

using keygen::TestIssuer;
using pkcs11::Reason;

const std::string kOrganisation = "NTRCZ-12345678";
const pinning::Pin kServerPin = pinning::Pin::of_public_key(Bytes{1});
const pinning::Pin kBackup = pinning::Pin::of_public_key(Bytes{2});

class ImportCheck : public testing::Test {
 protected:
  ImportCheck() {
    demands_.roots = {root_.certificate()};
    demands_.organisation = kOrganisation;
    file_.signer = issued("card");
    activation_.certificates = {issued("client"), authority_.certificate().der()};
    activation_.sealing = {issued("seal", kOrganisation, nullptr)};
    activation_.server = {"https://seals.example:8443", pinning::PinSet({kServerPin, kBackup})};
  }

  Bytes issued(const std::string& name, const std::string& organisation = kOrganisation,
               const char* usage = "clientAuth", int days_after = 30) const {
    return authority_
        .issue({.common_name = name,
                .public_key = root_.public_key(),
                .days_before = 40,
                .days_after = days_after,
                .organisation = organisation,
                .extended_usage = usage})
        .der();
  }

  // What is said against it; nothing: it is good.
  pkcs11::TokenError refusal() const {
    const auto checked = check_demands(file_, activation_, demands_);
    return checked ? pkcs11::TokenError() : checked.error();
  }

  TestIssuer root_{"root"};
  TestIssuer authority_{"authority", root_};
  sealclient::SignedActivation file_;
  sealclient::Activation activation_;
  ImportDemands demands_;
};

TEST_F(ImportCheck, FileOfTheOrganisationIsGood) {
  EXPECT_EQ(refusal().sentence, "");
}

TEST_F(ImportCheck, WithoutADemandedOrganisationAllAreOfTheSame) {
  demands_.organisation.clear();
  EXPECT_EQ(refusal().sentence, "");
  activation_.sealing = {issued("seal", "NTRCZ-87654321")};
  EXPECT_EQ(refusal().reason, Reason::declined);
}

TEST_F(ImportCheck, AnotherCustomerOfTheSameAuthorityIsRefused) {
  const std::string other = "NTRCZ-87654321";
  const std::string said =
      "is of the organisation \"NTRCZ-87654321\", and \"NTRCZ-12345678\" is demanded";
  file_.signer = issued("card", other);
  EXPECT_EQ(refusal().reason, Reason::declined);
  EXPECT_NE(refusal().sentence.find("signer's certificate " + said), std::string::npos)
      << refusal().sentence;
  file_.signer = issued("card");
  activation_.certificates.front() = issued("client", other);
  EXPECT_NE(refusal().sentence.find("authentication certificate " + said), std::string::npos);
  activation_.certificates.front() = issued("client");
  activation_.sealing.front() = issued("seal", other);
  EXPECT_NE(refusal().sentence.find("sealing certificate " + said), std::string::npos);
}

TEST_F(ImportCheck, CertificateWithoutAnOrganisationIsRefused) {
  activation_.certificates.front() = issued("client", "");
  EXPECT_EQ(refusal().reason, Reason::declined);
}

TEST_F(ImportCheck, AnotherAuthorityIsRefused) {
  const TestIssuer other("authority");
  demands_.roots = {other.certificate()};
  EXPECT_EQ(refusal().reason, Reason::wrong_chain);
}

TEST_F(ImportCheck, ExpiredCertificateIsRefused) {
  activation_.sealing.front() = issued("seal", kOrganisation, nullptr, -1);
  EXPECT_EQ(refusal().reason, Reason::expired);
}

TEST_F(ImportCheck, AuthenticationCertificateHasTheDemandedUsage) {
  activation_.certificates.front() = issued("client", kOrganisation, "serverAuth");
  EXPECT_EQ(refusal().reason, Reason::declined);
  activation_.certificates.front() = issued("client", kOrganisation, nullptr);
  EXPECT_EQ(refusal().reason, Reason::declined);
  demands_.usage = "1.3.6.1.5.5.7.3.1";
  activation_.certificates.front() = issued("client", kOrganisation, "serverAuth");
  file_.signer = issued("card", kOrganisation, "serverAuth");
  EXPECT_EQ(refusal().sentence, "");
}

TEST_F(ImportCheck, ForeignServerIsRefused) {
  demands_.server_pins = pinning::PinSet({kBackup});
  EXPECT_EQ(refusal().sentence, "");
  demands_.server_pins = pinning::PinSet({pinning::Pin::of_public_key(Bytes{3})});
  EXPECT_EQ(refusal().reason, Reason::declined);
  EXPECT_NE(refusal().sentence.find("https://seals.example:8443"), std::string::npos);
}

const sealclient::ActivationHeader kHeader{
    .client = "c1", .file = "f2", .issued = "2026-03-02T12:00:00.000Z", .recipient = {}};

Reason import_refusal(const std::vector<ImportRecord>& records) {
  const auto checked = check_newest(kHeader, records);
  return checked ? Reason::failed : checked.error().reason;
}

TEST(NewestFile, IsGoodOnce) {
  EXPECT_EQ(import_refusal({}), Reason::failed);
  EXPECT_EQ(import_refusal({{"c1", "f2", kHeader.issued, "2026-03-02T13:00:00.000Z"}}),
            Reason::duplicate);
}

TEST(NewestFile, GoesOnWhereItWasCutOff) {
  EXPECT_EQ(import_refusal({{"c1", "f2", kHeader.issued, ""}}), Reason::failed);
}

TEST(NewestFile, OlderThanOneOfTheSameClientIsRefused) {
  EXPECT_EQ(import_refusal({{"c1", "f1", "2026-03-01T12:00:00.000Z", "x"}}), Reason::failed);
  EXPECT_EQ(import_refusal({{"c1", "f3", "2026-03-03T12:00:00.000Z", ""}}), Reason::duplicate);
  EXPECT_EQ(import_refusal({{"c1", "f3", kHeader.issued, "x"}}), Reason::duplicate);
  EXPECT_EQ(import_refusal({{"c2", "f3", "2026-03-03T12:00:00.000Z", "x"}}), Reason::failed);
}

}  // namespace
}  // namespace signet::activation
