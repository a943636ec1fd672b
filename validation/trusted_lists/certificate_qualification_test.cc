#include "validation/trusted_lists/certificate_qualification.h"

#include <gtest/gtest.h>

#include <string>

#include "validation/testing/list_maker.h"
#include "validation/testing/list_world.h"
#include "validation/trusted_lists/signature_kind.h"

namespace signet::validation {
namespace {

using lists::StatementsWish;
using lists::StateWish;

const pki::Party& issuing_authority() {
  static const pki::Party party = pki::root(pki::authority("Qualifying CA"));
  return party;
}

CertificateFacts facts_of(const StatementsWish& statements, Time not_before = pki::at("2020-01-01"),
                          std::vector<pki::Extension> more = {}) {
  pki::CertificateWish wish = pki::signer("Qualified");
  wish.not_before = not_before;
  wish.extensions = std::move(more);
  wish.extensions.insert(wish.extensions.begin(), pki::key_usage({0, 1}));
  wish.extensions.push_back(lists::qc_statements(statements));
  return CertificateFacts::of(*pki::issue(issuing_authority(), wish).certificate);
}

// What a list of these services, each with its states, makes of a certificate.
class Listed {
 public:
  explicit Listed(const std::vector<std::vector<StateWish>>& services) {
    lists::ListWish wish = lists::national("CZ");
    wish.providers = {{"Provider", {}}};
    int number = 0;
    for (const auto& states : services)
      wish.providers[0].services.push_back(
          lists::service(issuing_authority(), "Service " + std::to_string(++number), states));
    const std::string text = lists::xml_of(wish);
    loaded_ = load_list("cz.xml", view_of(text)).value();
    index_.add(loaded_);
  }

  CertificateQualification at(const CertificateFacts& facts, const std::string& time) {
    reasons.clear();
    return qualification_at(facts, index_.services_with(*issuing_authority().certificate),
                            "Provider", pki::at(time), reasons);
  }

  std::vector<Statement> reasons;

 private:
  LoadedList loaded_;
  ServiceIndex index_;
};

StateWish sealing_state() {
  return lists::granted("CA/QC", pki::at("2016-06-30T22:00:00Z"), {"ForeSeals"});
}

StateWish with_rule(StateWish state, std::vector<std::string> qualifiers,
                    const std::string& criteria =
                        lists::criteria("all", lists::key_usage("nonRepudiation", true))) {
  state.rules.push_back({std::move(qualifiers), criteria});
  return state;
}

StateWish state_of(const std::string& status, const std::string& start,
                   const std::string& type = "CA/QC") {
  StateWish state = lists::granted(type, pki::at(start), {"ForeSeals", "ForeSignatures"});
  state.status = status;
  return state;
}

TEST(CertificateQualification, OfASealIsReadFromCertificateAndService) {
  Listed listed({{sealing_state()}});
  const auto found = listed.at(facts_of({}), "2021-01-01");
  EXPECT_TRUE(found.qualified && found.on_device && !found.conflict);
  EXPECT_EQ(found.type, CertificateType::seal);
  EXPECT_EQ(found.service, "Service 1");
  EXPECT_FALSE(listed.at(facts_of({.device = false}), "2021-01-01").on_device);
  EXPECT_FALSE(listed.at(facts_of({.compliance = false}), "2021-01-01").qualified);
  EXPECT_FALSE(listed.at(facts_of({.legislations = {"CH"}}), "2021-01-01").qualified);
}

TEST(CertificateQualification, NeedsAServiceForItsType) {
  Listed listed({{sealing_state()}});
  EXPECT_FALSE(listed.at(facts_of({.types = {"sign"}}), "2021-01-01").qualified);
  EXPECT_FALSE(listed.at(facts_of({.types = {}}), "2021-01-01").qualified)
      << "without a type it is for signatures";
  const auto both = listed.at(facts_of({.types = {"sign", "seal"}}), "2021-01-01");
  EXPECT_TRUE(both.qualified);
  EXPECT_EQ(both.type, CertificateType::unknown);
  Listed nothing({{lists::granted("CA/QC", kEidas)}});
  EXPECT_FALSE(nothing.at(facts_of({}), "2021-01-01").qualified);
}

TEST(CertificateQualification, GoesByTheStateOfThatMoment) {
  Listed listed({{state_of("withdrawn", "2022-05-01"), state_of("granted", "2018-01-01"),
                  state_of("withdrawn", "2017-01-01")}});
  EXPECT_FALSE(listed.at(facts_of({}), "2016-12-31").qualified) << "before it was listed";
  EXPECT_FALSE(listed.at(facts_of({}), "2017-12-31T23:59:59Z").qualified);
  EXPECT_TRUE(listed.at(facts_of({}), "2018-01-01").qualified);
  EXPECT_TRUE(listed.at(facts_of({}), "2022-04-30T23:59:59Z").qualified);
  EXPECT_FALSE(listed.at(facts_of({}), "2022-05-01").qualified);
  // The order in the file does not matter.
  Listed mixed({{state_of("granted", "2018-01-01"), state_of("withdrawn", "2022-05-01")}});
  EXPECT_FALSE(mixed.at(facts_of({}), "2023-01-01").qualified);
}

TEST(CertificateQualification, NeedsAServiceOfTheRightType) {
  Listed listed({{state_of("granted", "2018-01-01", "CA/PKC")}});
  EXPECT_FALSE(listed.at(facts_of({}), "2021-01-01").qualified);
}

TEST(CertificateQualification, FollowsQualifiers) {
  const CertificateFacts plain = facts_of({.device = false});
  EXPECT_TRUE(
      Listed({{with_rule(sealing_state(), {"QCWithQSCD"})}}).at(plain, "2021-01-01").on_device);
  EXPECT_TRUE(Listed({{with_rule(sealing_state(), {"QCQSCDManagedOnBehalf"})}})
                  .at(plain, "2021-01-01")
                  .on_device);
  EXPECT_FALSE(Listed({{with_rule(sealing_state(), {"QCQSCDStatusAsInCert"})}})
                   .at(plain, "2021-01-01")
                   .on_device);
  EXPECT_FALSE(
      Listed({{with_rule(sealing_state(), {"QCWithSSCD"})}}).at(plain, "2021-01-01").on_device)
      << "the word of before eIDAS";
  EXPECT_FALSE(Listed({{with_rule(sealing_state(), {"QCNoQSCD"})}})
                   .at(facts_of({}), "2021-01-01")
                   .on_device);
  EXPECT_FALSE(Listed({{with_rule(sealing_state(), {"QCNoQSCD", "QCWithQSCD"})}})
                   .at(facts_of({}), "2021-01-01")
                   .on_device)
      << "it contradicts itself";
  EXPECT_FALSE(Listed({{with_rule(sealing_state(), {"NotQualified"})}})
                   .at(facts_of({}), "2021-01-01")
                   .qualified);
  const CertificateFacts silent = facts_of({.compliance = false});
  EXPECT_TRUE(
      Listed({{with_rule(sealing_state(), {"QCStatement"})}}).at(silent, "2021-01-01").qualified);
  EXPECT_FALSE(Listed({{with_rule(sealing_state(), {"QCStatement", "NotQualified"})}})
                   .at(silent, "2021-01-01")
                   .qualified);
}

TEST(CertificateQualification, TakesTheTypeThatTheServiceSays) {
  const CertificateFacts as_signature = facts_of({.types = {"sign"}});
  const auto overruled =
      Listed({{with_rule(sealing_state(), {"QCForESeal"})}}).at(as_signature, "2021-01-01");
  EXPECT_TRUE(overruled.qualified);
  EXPECT_EQ(overruled.type, CertificateType::seal);
  StateWish both = lists::granted("CA/QC", kEidas, {"ForeSeals", "ForeSignatures"});
  EXPECT_EQ(
      Listed({{with_rule(both, {"QCForESeal", "QCForESig"})}}).at(as_signature, "2021-01-01").type,
      CertificateType::unknown);
  EXPECT_FALSE(
      Listed({{with_rule(both, {"QCForLegalPerson"})}}).at(as_signature, "2021-01-01").qualified)
      << "legal persons do not sign";
}

TEST(CertificateQualification, UsesOnlyTheRulesThatFit) {
  const std::string other = lists::criteria("all", lists::policy_set({"1.2.3"}));
  EXPECT_TRUE(Listed({{with_rule(sealing_state(), {"NotQualified"}, other)}})
                  .at(facts_of({}), "2021-01-01")
                  .qualified);
  EXPECT_FALSE(Listed({{with_rule(sealing_state(), {"NotQualified"}, other)}})
                   .at(facts_of({}, pki::at("2020-01-01"), {pki::certificate_policies({"1.2.3"})}),
                       "2021-01-01")
                   .qualified);
}

TEST(CertificateQualification, LetsRulesThatAreNotUnderstoodOnlyTakeAway) {
  const std::string strange =
      lists::criteria("all", lists::other_criteria("<New xmlns=\"urn:new\"></New>"));
  Listed giving({{with_rule(sealing_state(), {"QCWithQSCD"}, strange)}});
  EXPECT_FALSE(giving.at(facts_of({.device = false}), "2021-01-01").on_device);
  EXPECT_NE(text_of(giving.reasons.at(0), Language::english).find("not understood"),
            std::string::npos);
  EXPECT_FALSE(Listed({{with_rule(sealing_state(), {"NotQualified"}, strange)}})
                   .at(facts_of({}), "2021-01-01")
                   .qualified);
}

TEST(CertificateQualification, LeavesOutEntriesWithUnknownCriticalExtensions) {
  StateWish state = sealing_state();
  state.extension = "<Extension Critical=\"true\"><New xmlns=\"urn:new\"></New></Extension>";
  EXPECT_FALSE(Listed({{state}}).at(facts_of({}), "2021-01-01").qualified);
  state.extension = "<Extension Critical=\"false\"><New xmlns=\"urn:new\"></New></Extension>";
  EXPECT_TRUE(Listed({{state}}).at(facts_of({}), "2021-01-01").qualified);
}

TEST(CertificateQualification, IsNoneWhereServicesContradictEachOther) {
  StateWish withdrawn = sealing_state();
  withdrawn.status = "withdrawn";
  EXPECT_TRUE(Listed({{sealing_state()}, {withdrawn}}).at(facts_of({}), "2021-01-01").conflict);
  EXPECT_FALSE(
      Listed({{sealing_state()}, {sealing_state()}}).at(facts_of({}), "2021-01-01").conflict);
  StateWish for_signatures = lists::granted("CA/QC", kEidas, {"ForeSignatures"});
  for_signatures.status = "withdrawn";
  EXPECT_FALSE(
      Listed({{sealing_state()}, {for_signatures}}).at(facts_of({}), "2021-01-01").conflict)
      << "one for other certificates has no say";
}

// A certificate of 2009, of Directive 1999/93/EC (facts of its policies and of the device).
TEST(CertificateQualification, FromBeforeEidasGoesByPoliciesAndSupervision) {
  StatementsWish none{.compliance = false, .device = false, .types = {}};
  const CertificateFacts by_policy =
      facts_of(none, pki::at("2009-09-01"), {pki::certificate_policies({qc::kPolicy})});
  const CertificateFacts with_device =
      facts_of(none, pki::at("2009-09-01"), {pki::certificate_policies({qc::kPolicyPlus})});
  for (const char* const status : {"undersupervision", "accredited", "supervisionincessation"}) {
    Listed listed(
        {{state_of("withdrawn", "2016-06-30T22:00:00Z"), state_of(status, "2008-01-01")}});
    const auto found = listed.at(by_policy, "2012-01-01");
    EXPECT_TRUE(found.qualified && !found.on_device) << status;
    EXPECT_EQ(found.type, CertificateType::signature);
    EXPECT_TRUE(listed.at(with_device, "2012-01-01").on_device);
    EXPECT_FALSE(listed.at(by_policy, "2016-06-30T22:00:00Z").qualified);
    EXPECT_TRUE(listed.at(by_policy, "2016-06-30T21:59:59Z").qualified);
  }
  Listed sscd({{with_rule(state_of("undersupervision", "2008-01-01"), {"QCWithSSCD"})}});
  EXPECT_TRUE(sscd.at(by_policy, "2012-01-01").on_device);
  Listed qscd({{with_rule(state_of("undersupervision", "2008-01-01"), {"QCWithQSCD"})}});
  EXPECT_FALSE(qscd.at(by_policy, "2012-01-01").on_device) << "a word of after eIDAS";
  Listed revoked({{state_of("supervisionrevoked", "2008-01-01")}});
  EXPECT_FALSE(revoked.at(by_policy, "2012-01-01").qualified);
  // The policies mean nothing in a certificate of today.
  Listed today({{state_of("granted", "2016-06-30T22:00:00Z")}});
  EXPECT_FALSE(
      today
          .at(facts_of(none, pki::at("2020-01-01"), {pki::certificate_policies({qc::kPolicyPlus})}),
              "2021-01-01")
          .qualified);
}

TEST(CertificateQualification, OfSupervisedServicesEndsWithTheYearOfGrace) {
  Listed listed({{state_of("undersupervision", "2008-01-01")}});
  const CertificateFacts facts = facts_of({.types = {}}, pki::at("2015-01-01"));
  EXPECT_TRUE(listed.at(facts, "2017-06-30T21:59:59Z").qualified);
  EXPECT_FALSE(listed.at(facts, "2017-06-30T22:00:00Z").qualified);
  // A status of before eIDAS that began after it, and the other way round, are none.
  EXPECT_FALSE(Listed({{state_of("accredited", "2018-01-01")}}).at(facts, "2019-01-01").qualified);
  EXPECT_FALSE(Listed({{state_of("granted", "2012-01-01")}}).at(facts, "2015-01-01").qualified);
}

TEST(CertificateQualification, OfTwoMomentsNeedsBoth) {
  CertificateQualification yes{false, true, CertificateType::seal, true, {}, "one"};
  CertificateQualification no{false, false, CertificateType::seal, false, {}, "two"};
  EXPECT_TRUE(combine(yes, yes).qualified);
  EXPECT_FALSE(combine(yes, no).qualified);
  EXPECT_FALSE(combine(no, yes).qualified);
  EXPECT_FALSE(combine(no, yes).on_device);
  CertificateQualification without_device = yes;
  without_device.on_device = false;
  EXPECT_TRUE(combine(without_device, yes).on_device) << "the signature's moment decides";
  EXPECT_FALSE(combine(yes, without_device).on_device);
  CertificateQualification signature = yes;
  signature.type = CertificateType::signature;
  EXPECT_EQ(combine(yes, signature).type, CertificateType::unknown);
  CertificateQualification contradicted = no;
  contradicted.conflict = true;
  EXPECT_TRUE(combine(contradicted, yes).conflict);
}

TEST(SignatureKind, IsThatOfTheTable) {
  struct Row {
    CertificateQualification certificate;
    const char *passed, *indeterminate, *failed;
  };
  const auto row = [](bool qualified, CertificateType type, bool device) {
    return CertificateQualification{false, qualified, type, device, {}, ""};
  };
  using enum CertificateType;
  const std::vector<Row> rows = {
      {row(true, seal, true), "QESeal", "Indeterminate QESeal", "Not AdES but QC with QSCD"},
      {row(true, signature, true), "QESig", "Indeterminate QESig", "Not AdES but QC with QSCD"},
      {row(true, seal, false), "AdESeal-QC", "Indeterminate AdESeal-QC", "Not AdES but QC"},
      {row(true, signature, false), "AdESig-QC", "Indeterminate AdESig-QC", "Not AdES but QC"},
      {row(true, unknown, true), "Unknown-QC-QSCD", "Indeterminate Unknown-QC-QSCD",
       "Not AdES but QC with QSCD"},
      {row(true, unknown, false), "Unknown-QC", "Indeterminate Unknown-QC", "Not AdES but QC"},
      {row(false, seal, false), "AdESeal", "Indeterminate AdESeal", "Not AdES"},
      {row(false, signature, false), "AdESig", "Indeterminate AdESig", "Not AdES"},
      {row(false, unknown, false), "AdES", "Indeterminate AdES", "Not AdES"},
      {row(true, web, false), "Not AdES", "Not AdES", "Not AdES"},
  };
  for (const Row& one : rows) {
    EXPECT_EQ(name_of(signature_kind(Indication::passed, one.certificate)), one.passed);
    EXPECT_EQ(name_of(signature_kind(Indication::indeterminate, one.certificate)),
              one.indeterminate);
    EXPECT_EQ(name_of(signature_kind(Indication::failed, one.certificate)), one.failed);
  }
  CertificateQualification conflict;
  conflict.conflict = true;
  EXPECT_EQ(signature_kind(Indication::passed, conflict), QualificationKind::not_applicable);
}

}  // namespace
}  // namespace signet::validation
