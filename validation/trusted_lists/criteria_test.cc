#include "validation/trusted_lists/criteria.h"

#include <gtest/gtest.h>

#include <string>

#include "validation/testing/list_maker.h"
#include "validation/testing/list_world.h"

namespace signet::validation {
namespace {

const CertificateFacts& sealing_facts() {
  static const CertificateFacts facts = [] {
    pki::CertificateWish wish = pki::signer("Criteria seal");
    wish.extensions.push_back(pki::certificate_policies({"1.2.3.4", "1.2.3.5"}));
    wish.extensions.push_back(pki::extended_key_usage({"1.3.6.1.5.5.7.3.4"}, false));
    wish.extensions.push_back(lists::qc_statements({.legislations = {"CH"}}));
    return CertificateFacts::of(*pki::root(wish).certificate);
  }();
  return facts;
}

std::optional<bool> fits_seal(const std::string& criteria) {
  const std::string text =
      "<Q xmlns=\"http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#\">" +
      criteria + "</Q>";
  const auto document = XmlDocument::parse(view_of(text));
  EXPECT_TRUE(document) << text;
  return fits(
      read_criteria(child_of(document.value().root(), xml::kQualifications, "CriteriaList")),
      sealing_facts());
}

TEST(CertificateFacts, AreReadFromTheExtensions) {
  const CertificateFacts& facts = sealing_facts();
  EXPECT_TRUE(facts.has(qc::kCompliance));
  EXPECT_TRUE(facts.has(qc::kSscd));
  EXPECT_EQ(facts.types, std::set<std::string>{qc::kTypeSeal});
  EXPECT_EQ(facts.legislations, std::set<std::string>{"CH"});
  EXPECT_EQ(facts.policies, (std::set<std::string>{"1.2.3.4", "1.2.3.5"}));
  EXPECT_TRUE(facts.subject_attributes.contains("2.5.4.3"));
  EXPECT_TRUE(facts.key_usage[0] && facts.key_usage[1] && !facts.key_usage[5]);
}

TEST(CertificateFacts, ThatCannotBeReadAreAbsent) {
  for (const Bytes& value : {Bytes{}, Bytes{0x30}, Bytes{0x30, 0x80, 0, 0}, Bytes{0x04, 0x00},
                             Bytes{0x30, 0x02, 0x30, 0x00}, Bytes{0x30, 0x03, 0x02, 0x01, 0x01}}) {
    pki::CertificateWish wish = pki::signer("Broken statements");
    wish.extensions.push_back({"1.3.6.1.5.5.7.1.3", value});
    const CertificateFacts facts = CertificateFacts::of(*pki::root(wish).certificate);
    EXPECT_TRUE(facts.statements.empty());
  }
}

TEST(Criteria, AskForUsagesPoliciesNamesAndStatements) {
  using namespace lists;
  EXPECT_EQ(fits_seal(criteria("all", key_usage("nonRepudiation", true))), true);
  EXPECT_EQ(fits_seal(criteria("all", key_usage("keyCertSign", true))), false);
  EXPECT_EQ(fits_seal(criteria("all", key_usage("keyCertSign", false))), true);
  EXPECT_EQ(fits_seal(criteria("all", policy_set({"1.2.3.4"}))), true);
  EXPECT_EQ(fits_seal(criteria("all", policy_set({"1.2.3.4", "1.2.3.6"}))), false);
  EXPECT_EQ(fits_seal(criteria("all", other_criteria(extended_key_usage("1.3.6.1.5.5.7.3.4")))),
            true);
  EXPECT_EQ(fits_seal(criteria("all", other_criteria(extended_key_usage("1.3.6.1.5.5.7.3.8")))),
            false);
  EXPECT_EQ(fits_seal(criteria("all", other_criteria(subject_attribute("2.5.4.3")))), true);
  EXPECT_EQ(fits_seal(criteria("all", other_criteria(subject_attribute("2.5.4.97")))), false);
  EXPECT_EQ(fits_seal(criteria("all", other_criteria(statement_set(qc::kCompliance)))), true);
  EXPECT_EQ(fits_seal(criteria("all", other_criteria(statement_set(qc::kType, qc::kTypeSeal)))),
            true);
  EXPECT_EQ(fits_seal(criteria("all", other_criteria(statement_set(qc::kType, qc::kTypeWeb)))),
            false);
}

TEST(Criteria, AreJoinedByTheirAssertion) {
  using namespace lists;
  const std::string yes = policy_set({"1.2.3.4"}), no = policy_set({"9.9"});
  EXPECT_EQ(fits_seal(criteria("all", yes + no)), false);
  EXPECT_EQ(fits_seal(criteria("atLeastOne", yes + no)), true);
  EXPECT_EQ(fits_seal(criteria("none", yes + no)), false);
  EXPECT_EQ(fits_seal(criteria("none", no + no)), true);
  EXPECT_EQ(fits_seal(criteria("all", criteria("none", no) + criteria("atLeastOne", no + yes))),
            true);
  EXPECT_EQ(fits_seal("<CriteriaList>" + yes + "</CriteriaList>"), true);
}

// What is not understood must neither give a certificate a quality nor be forgotten.
TEST(Criteria, ThatAreNotUnderstoodDecideNothing) {
  using namespace lists;
  const std::string yes = policy_set({"1.2.3.4"}), no = policy_set({"9.9"});
  const std::string strange = other_criteria("<New xmlns=\"urn:new\"></New>");
  EXPECT_EQ(fits_seal(criteria("all", "")), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("all", strange)), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("all", strange + yes)), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("all", strange + no)), false);
  EXPECT_EQ(fits_seal(criteria("atLeastOne", strange + yes)), true);
  EXPECT_EQ(fits_seal(criteria("atLeastOne", strange + no)), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("none", strange)), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("most", yes)), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("all", "<Description>words</Description>")), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("all", key_usage("everything", true))), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("all", "<KeyUsage></KeyUsage>")), std::nullopt);
  EXPECT_EQ(fits_seal(criteria("all", "<PolicySet><Other></Other></PolicySet>")), std::nullopt);
}

}  // namespace
}  // namespace signet::validation
