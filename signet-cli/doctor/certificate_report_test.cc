#include "signet-cli/doctor/certificate_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "crypto/certificate.h"
#include "crypto/openssl_ptr.h"

namespace signet::cli::doctor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Key = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;

constexpr long kDay = 86'400;  // seconds

struct Party {
  std::string name;
  Key key{EVP_EC_gen("P-256")};
};

struct Wanted {
  bool authority = false;
  long from = -kDay;  // seconds from now
  long until = kDay;
};

OpensslPtr<X509, X509_free> certificate(const Party& subject, const Party& issuer,
                                        const Wanted& wanted = {}) {
  OpensslPtr<X509, X509_free> made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), wanted.from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), wanted.until);
  const auto set_name = [](X509_NAME* name, const std::string& text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  };
  set_name(X509_get_subject_name(made.get()), subject.name);
  set_name(X509_get_issuer_name(made.get()), issuer.name);
  X509_set_pubkey(made.get(), subject.key.get());
  X509_EXTENSION* const basic =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints,
                          wanted.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  X509_add_ext(made.get(), basic, -1);
  X509_EXTENSION_free(basic);
  X509_sign(made.get(), issuer.key.get(), EVP_sha256());
  return made;
}

class CertificateReportTest : public testing::Test {
 protected:
  void add_key(const Party& party, const Bytes& cka_id) {
    const auto made = certificate(party, party);
    transport::KeyInfo key;
    key.id = party.name;
    key.cka_id = cka_id;
    key.public_key = crypto::public_key_of(made.get());
    set_.keys.push_back(key);
  }

  void add(const Party& subject, const Party& issuer, const Wanted& wanted = {},
           const Bytes& cka_id = {}) {
    transport::CertificateInfo info;
    info.id = subject.name;
    info.cka_id = cka_id;
    info.der = crypto::der_of(certificate(subject, issuer, wanted).get(), i2d_X509);
    set_.certificates.push_back(info);
  }

  // Of the certificate that was added first.
  CertificateReport first() {
    return check_certificates(set_, std::chrono::system_clock::now()).at(0);
  }

  transport::ObjectSet set_;
  Party alice_{"Alice"};
  Party bob_{"Bob"};
  Party root_{"Root"};
  Party middle_{"Middle"};
};

TEST_F(CertificateReportTest, AWholeChainOnTheTokenIsComplete) {
  add_key(alice_, {1});
  add(alice_, middle_, {}, {1});
  add(middle_, root_, {.authority = true});
  add(root_, root_, {.authority = true});
  EXPECT_THAT(first().faults, IsEmpty());
  EXPECT_EQ(first().chain, Chain::complete);
  EXPECT_EQ(first().subject, "CN=Alice");
  EXPECT_FALSE(first().authority);
}

TEST_F(CertificateReportTest, AnIssuerElsewhereIsNoFault) {
  add_key(alice_, {1});
  add(alice_, middle_, {}, {1});
  EXPECT_THAT(first().faults, IsEmpty());
  EXPECT_EQ(first().chain, Chain::incomplete);
}

TEST_F(CertificateReportTest, NamesTheIssuerThatIsMissingAndNotTheOneThatIsThere) {
  add_key(alice_, {1});
  add(alice_, middle_, {}, {1});
  EXPECT_EQ(first().chain_end, "CN=Alice");
  EXPECT_EQ(first().missing_issuer, "CN=Middle");
  add(middle_, root_, {.authority = true});
  EXPECT_EQ(first().chain_end, "CN=Middle");
  EXPECT_EQ(first().missing_issuer, "CN=Root");
}

TEST_F(CertificateReportTest, ASupersededOneMayExpireAndLoseItsKeyWithoutAFault) {
  add(alice_, alice_, {.from = -3 * kDay, .until = -kDay}, {1});
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::expired, CertificateFault::no_key));
  const Party successor{"Alice"};
  add(successor, successor, {}, {2});
  EXPECT_EQ(first().superseded_by, "") << "its key is not on the token";
  add_key(successor, {2});
  set_.certificates.back().label = copy_of(view_of("new"));
  EXPECT_THAT(first().faults, IsEmpty());
  EXPECT_EQ(first().superseded_by, "new");
}

TEST_F(CertificateReportTest, AnotherSubjectSupersedesNothing) {
  add(alice_, alice_, {.from = -3 * kDay, .until = -kDay}, {1});
  add(bob_, bob_, {}, {2});
  add_key(bob_, {2});
  EXPECT_EQ(first().superseded_by, "");
}

TEST_F(CertificateReportTest, SeesAKeyThatMayNotSign) {
  add_key(alice_, {1});
  add(alice_, alice_, {}, {1});
  set_.keys.back().active = false;
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::key_disabled));
}

TEST_F(CertificateReportTest, SeesASelfSignedOne) {
  add_key(alice_, {1});
  add(alice_, alice_, {}, {1});
  EXPECT_THAT(first().faults, IsEmpty());
  EXPECT_EQ(first().chain, Chain::self_signed);
}

TEST_F(CertificateReportTest, SeesDatesThatAreOverOrToCome) {
  add_key(alice_, {1});
  add(alice_, alice_, {.from = -2 * kDay, .until = -kDay}, {1});
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::expired));
  set_.certificates.clear();
  add(alice_, alice_, {.from = kDay, .until = 2 * kDay}, {1});
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::not_yet_valid));
}

TEST_F(CertificateReportTest, SeesAnIdThatIsAnotherKeys) {
  add_key(alice_, {1});
  add_key(bob_, {2});
  add(bob_, bob_, {}, {1});
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::other_key));
}

TEST_F(CertificateReportTest, AnEndEntityWithoutItsKeyIsAFaultAndAnAuthorityIsNot) {
  add(alice_, alice_);
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::no_key));
  set_.certificates.clear();
  add(root_, root_, {.authority = true});
  EXPECT_THAT(first().faults, IsEmpty());
}

TEST_F(CertificateReportTest, AnIssuerOfTheSameNameIsNotTheIssuer) {
  add_key(alice_, {1});
  add(alice_, root_, {}, {1});
  const Party other_root{"Root"};
  add(other_root, other_root, {.authority = true});
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::wrong_issuer));
  add(root_, root_, {.authority = true});  // the renewed one beside the old one
  EXPECT_THAT(first().faults, IsEmpty());
  EXPECT_EQ(first().chain, Chain::complete);
}

TEST_F(CertificateReportTest, AnExpiredIssuerBreaksTheChain) {
  add_key(alice_, {1});
  add(alice_, root_, {}, {1});
  add(root_, root_, {.authority = true, .from = -2 * kDay, .until = -kDay});
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::issuer_expired));
  EXPECT_EQ(first().chain, Chain::broken);
}

TEST_F(CertificateReportTest, TwoThatIssuedEachOtherComeToAnEnd) {
  add(middle_, root_, {.authority = true});
  add(root_, middle_, {.authority = true});
  EXPECT_EQ(first().chain, Chain::incomplete);
}

TEST_F(CertificateReportTest, WhatIsNoCertificateIsUnreadable) {
  set_.certificates.push_back({"x", {}, {}, {1, 2, 3}, {}});
  EXPECT_THAT(first().faults, ElementsAre(CertificateFault::unreadable));
}

}  // namespace
}  // namespace signet::cli::doctor
