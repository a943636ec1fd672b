#include "signet-cli/doctor/algorithm_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/testing/test_key.h"
#include "keygen/testing/test_issuer.h"

namespace signet::cli::doctor {
namespace {

using std::chrono::system_clock;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto warning(const std::string& sentence, const std::string& advice) {
  return AllOf(Field(&AlgorithmWarning::sentence, HasSubstr(sentence)),
               Field(&AlgorithmWarning::advice, HasSubstr(advice)));
}

class AlgorithmReportTest : public testing::Test {
 protected:
  void add_key(const std::string& label, const crypto::TestKey& key,
               const crypto::KeyParameters& kind) {
    transport::KeyInfo info;
    info.id = label;
    info.label = copy_of(view_of(label));
    info.type = kind.type;
    info.bits = kind.bits;
    info.curve = kind.curve;
    info.public_key = key.spki();
    set_.keys.push_back(info);
  }
  void add_rsa(const std::string& label, unsigned bits) {
    add_key(label, crypto::TestKey::rsa(bits), {crypto::KeyType::rsa, bits});
  }
  void add_p256(const std::string& label) {
    add_key(label, crypto::TestKey::on_curve("P-256"),
            {crypto::KeyType::ec, 0, crypto::Curve::p256});
  }

  // Of the last key.
  void certify(const std::string& label, int days_after, const char* hash = "SHA256") {
    keygen::TestCertificate wish;
    wish.public_key = set_.keys.back().public_key;
    wish.days_after = days_after;
    wish.hash = hash;
    transport::CertificateInfo info;
    info.id = label;
    info.label = copy_of(view_of(label));
    info.key_id = set_.keys.back().id;
    info.der = issuer_.issue(wish).der();
    set_.certificates.push_back(info);
  }

  std::vector<AlgorithmWarning> warnings(std::string_view suite = "119312-2.1.1") const {
    const auto now = system_clock::now();
    return check_algorithms(set_, check_certificates(set_, now),
                            crypto::Suite::shipped(suite).value(), now);
  }

  transport::ObjectSet set_;
  const keygen::TestIssuer issuer_{"root"};
};

TEST_F(AlgorithmReportTest, SaysNothingOfWhatIsGood) {
  EXPECT_THAT(warnings(), IsEmpty());
  add_rsa("large", 3072);
  certify("large", 3650);
  add_p256("curve");
  certify("curve", 3650);
  EXPECT_THAT(warnings(), IsEmpty());
  EXPECT_THAT(warnings("119312-1.5.1"), IsEmpty());
}

TEST_F(AlgorithmReportTest, NamesAnRsaKeyThatGetsNoCertificateAnyMore) {
  add_rsa("small", 2048);
  EXPECT_THAT(warnings(),
              ElementsAre(warning("key \"small\" (rsa:2048): by the suite 119312-2.1.1, no "
                                  "certificate for it can be issued or renewed after 2026-12-31",
                                  "signet renew --type rsa:3072")));
  EXPECT_THAT(warnings("119312-1.5.1"), ElementsAre(warning("after 2028-12-31", "")));
}

TEST_F(AlgorithmReportTest, NamesACertificateThatOutlivesItsKey) {
  add_rsa("small", 2048);
  certify("seal", 3650);
  EXPECT_THAT(warnings(),
              ElementsAre(warning("key \"small\"", "rsa:3072"),
                          warning("by the suite 119312-2.1.1, keys like its own (rsa:2048) are "
                                  "good until 2026-12-31 only",
                                  "signet renew")));
}

TEST_F(AlgorithmReportTest, NamesACertificateWhoseHashHasEnded) {
  add_p256("curve");
  certify("seal", 30, "SHA1");
  EXPECT_THAT(warnings(), ElementsAre(warning("SHA-1, with which its issuer signed it, is good "
                                              "until 2012-07-31 only",
                                              "signet renew")));
}

TEST_F(AlgorithmReportTest, NamesAKeyThatTheSuiteDoesNotList) {
  add_key("edwards", crypto::TestKey::on_curve("ED25519"),
          {crypto::KeyType::edwards, 0, crypto::Curve::ed25519});
  EXPECT_THAT(warnings(), IsEmpty());
  EXPECT_THAT(warnings("119312-1.5.1"),
              ElementsAre(warning("key \"edwards\" (Ed25519) is of a kind that the suite "
                                  "119312-1.5.1 does not list",
                                  "")));
}

TEST_F(AlgorithmReportTest, LeavesOutWhatIsSuperseded) {
  add_rsa("old", 2048);
  certify("seal", 300);
  add_rsa("new", 3072);
  certify("seal", 3650);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(AlgorithmReportTest, LeavesOutCertificatesThatHaveExpired) {
  add_rsa("small", 2048);
  certify("seal", -1);
  EXPECT_THAT(warnings(), ElementsAre(warning("key \"small\"", "")));
}

}  // namespace
}  // namespace signet::cli::doctor
