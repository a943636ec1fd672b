#include "validation/trusted_lists/trusted_lists.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

#include "common/testing/hostile_text.h"
#include "validation/testing/list_folder.h"
#include "validation/testing/list_maker.h"

namespace signet::validation {
namespace {

using lists::expect_state;
using lists::Folder;
using lists::kind_of_seal;
using lists::ListWish;
using lists::signed_by;
using lists::state_of;
using lists::world;

TEST(TrustedLists, SayWhatASealIs) {
  const Folder folder;
  const auto lists = folder.load();
  expect_state(*lists, "lotl.xml", Indication::passed);
  expect_state(*lists, "cz.xml", Indication::passed);
  expect_state(*lists, "sk.xml", Indication::passed);
  const Qualification found =
      lists->of_signature(world().sealing_chain(), Indication::passed, pki::at("2024-01-01"));
  EXPECT_EQ(found.kind, QualificationKind::qeseal);
  EXPECT_EQ(found.list, "cz.xml");
  EXPECT_EQ(found.list_digest, state_of(*lists, "cz.xml").digest);
  EXPECT_EQ(found.service, "Sealing CA");
  ASSERT_EQ(found.reasons.size(), 3U);
  EXPECT_EQ(text_of(found.reasons[0], Language::english),
            "at 2020-01-01T00:00:00Z the certificate was qualified by the service Sealing CA");
  EXPECT_EQ(text_of(found.reasons[2], Language::english),
            "decided by the trusted list of CZ, number 70, issued at 2026-10-01T00:00:00Z");
  EXPECT_EQ(kind_of_seal(*lists, Indication::indeterminate), "Indeterminate QESeal");
  EXPECT_EQ(kind_of_seal(*lists, Indication::failed), "Not AdES but QC with QSCD");
}

TEST(TrustedLists, SayWhatATimeStampIs) {
  const Folder folder;
  const auto lists = folder.load();
  const std::vector<CertificatePtr> chain{world().stamper.certificate,
                                          world().stamping_authority.certificate};
  const auto kind = [&](const char* time, Indication verdict = Indication::passed) {
    return lists->of_time_stamp(chain, verdict, pki::at(time)).kind;
  };
  EXPECT_EQ(kind("2024-01-01"), QualificationKind::qtsa);
  EXPECT_EQ(kind("2016-01-01"), QualificationKind::tsa) << "before the service was granted";
  EXPECT_EQ(kind("2024-01-01", Indication::indeterminate), QualificationKind::qtsa);
  EXPECT_EQ(kind("2024-01-01", Indication::failed), QualificationKind::tsa);
  EXPECT_EQ(
      lists->of_time_stamp(world().sealing_chain(), Indication::passed, pki::at("2024-01-01")).kind,
      QualificationKind::tsa);
  EXPECT_EQ(lists->of_time_stamp({}, Indication::indeterminate, {}).kind, QualificationKind::tsa);
}

// Where the authority is listed, its units' certificates must have been issued while it was granted.
TEST(TrustedLists, AskOfAListedAuthorityForTimeStampsAlsoWhenItIssuedTheCertificate) {
  Folder folder;
  ListWish wish = world().czech_list();
  wish.providers[0].services[1].certificates = {world().stamping_authority.der()};
  folder.write("cz.xml", signed_by(wish, world().czech));
  const std::vector<CertificatePtr> old{world().stamper.certificate,
                                        world().stamping_authority.certificate};
  EXPECT_EQ(folder.load()->of_time_stamp(old, Indication::passed, pki::at("2024-01-01")).kind,
            QualificationKind::tsa);
  pki::CertificateWish later = pki::time_stamper("Later stamper");
  later.not_before = pki::at("2018-01-01");
  const std::vector<CertificatePtr> chain{pki::issue(world().stamping_authority, later).certificate,
                                          world().stamping_authority.certificate};
  EXPECT_EQ(folder.load()->of_time_stamp(chain, Indication::passed, pki::at("2024-01-01")).kind,
            QualificationKind::qtsa);
}

TEST(TrustedLists, CallWhatNobodyListedAdvanced) {
  const Folder folder;
  const pki::Party other = pki::root(pki::authority("Unlisted CA"));
  const pki::Party seal = lists::qualified_signer(other, "Unlisted seal", {});
  const auto found = folder.load()->of_signature({seal.certificate, other.certificate},
                                                 Indication::passed, pki::at("2024-01-01"));
  EXPECT_EQ(found.kind, QualificationKind::adeseal);
  EXPECT_TRUE(found.list.empty());
  EXPECT_EQ(folder.load()->of_signature({}, Indication::indeterminate, {}).kind,
            QualificationKind::indeterminate_ades);
}

TEST(TrustedLists, KnowAnAuthorityByItsKeyAndNameAndByItsKeyAlone) {
  // Another certificate of the same key.
  pki::CertificateWish again = pki::authority("World CA");
  again.not_before = pki::at("2015-01-01");
  const pki::Party renewed = pki::issue(world().root, again);
  ASSERT_NE(renewed.der(), world().authority.der());
  Folder folder;
  ListWish wish = world().czech_list();
  wish.providers[0].services[0].certificates = {renewed.der()};
  folder.write("cz.xml", signed_by(wish, world().czech));
  EXPECT_EQ(kind_of_seal(*folder.load()), "QESeal");
  wish.providers[0].services[0].certificates.clear();
  wish.providers[0].services[0].key_identifier = world().authority.key->identifier;
  folder.write("cz.xml", signed_by(wish, world().czech));
  EXPECT_EQ(kind_of_seal(*folder.load()), "QESeal");
  // The identifier that a certificate only claims is none.
  wish.providers[0].services[0].key_identifier[0] ^= 1;
  folder.write("cz.xml", signed_by(wish, world().czech));
  EXPECT_EQ(kind_of_seal(*folder.load()), "AdESeal");
}

// 5.5.9.1.
TEST(TrustedLists, SayOfAnchorsSinceWhenTheyKeepEndedCertificates) {
  const auto since = [](const std::string& text, const char* type) {
    Folder folder;
    ListWish wish = world().czech_list();
    lists::StateWish& present = wish.providers[0].services[0].states.front();
    present.type = type;
    present.extension = "<Extension Critical=\"true\"><ExpiredCertsRevocationInfo>" + text +
                        "</ExpiredCertsRevocationInfo></Extension>";
    folder.write("cz.xml", signed_by(wish, world().czech));
    for (const TrustAnchor& anchor : folder.load()->anchors())
      if (anchor.certificate->id() == world().authority.certificate->id())
        return anchor.keeps_ended_since;
    return std::optional<Time>();
  };
  EXPECT_EQ(since("2009-06-01T00:00:00Z", "CA/QC"), pki::at("2009-06-01"));
  EXPECT_EQ(since("lately", "CA/QC"), std::nullopt);
  EXPECT_EQ(since("2009-06-01T00:00:00Z", "TSA/QTST"), std::nullopt);
}

TEST(TrustedLists, GiveAnchors) {
  Folder folder;
  const auto names = [&] {
    std::set<std::string> found;
    for (const TrustAnchor& anchor : folder.load()->anchors())
      found.insert(anchor.certificate->short_name());
    return found;
  };
  EXPECT_EQ(names(), (std::set<std::string>{"World CA", "Stamper", "Slovak CA"}));
  folder.write("sk.xml", signed_by(world().slovak_list(), world().czech));
  EXPECT_EQ(names(), (std::set<std::string>{"World CA", "Stamper"})) << "not of a forged list";
}

TEST(TrustedLists, PutOnlyPrintableTextIntoStatements) {
  Folder folder;
  ListWish wish = world().czech_list();
  wish.territory = "CZ\xe2\x80\xae";
  folder.write("cz.xml", signed_by(wish, world().czech));
  for (const Statement& reason : state_of(*folder.load(), "cz.xml").conclusion.reasons)
    EXPECT_TRUE(is_fit_for_a_terminal(text_of(reason, Language::english)));
  wish = world().czech_list();
  wish.providers[0].services[0].states[0].name = "Name \xe2\x80\xae&#10;";
  folder.write("cz.xml", signed_by(wish, world().czech));
  const auto found = folder.load()->of_signature(world().sealing_chain(), Indication::passed,
                                                 pki::at("2024-01-01"));
  EXPECT_TRUE(is_fit_for_a_terminal(found.service));
  for (const Statement& reason : found.reasons)
    EXPECT_TRUE(is_fit_for_a_terminal(text_of(reason, Language::czech)));
}

TEST(TrustedLists, AnswerManyThreads) {
  const Folder folder;
  const auto lists = folder.load();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) EXPECT_EQ(kind_of_seal(*lists), "QESeal");
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(TrustedLists, QualifyAWholeResult) {
  const Folder folder;
  TimeStampPart part;
  part.time = pki::at("2024-01-01");
  TimeStampResult stamp;
  stamp.part = &part;
  stamp.chain = {{world().stamper.certificate, {}}, {world().stamping_authority.certificate, {}}};
  SignatureResult signature;
  for (const CertificatePtr& certificate : world().sealing_chain())
    signature.chain.push_back({certificate, {}});
  signature.best_signature_time.time = part.time;
  signature.time_stamps = {stamp};
  ValidationResult result;
  result.signatures = {signature};
  result.document_time_stamps = {stamp};
  qualify(result, *folder.load());
  EXPECT_EQ(result.signatures[0].qualification.kind, QualificationKind::qeseal);
  EXPECT_EQ(result.signatures[0].time_stamps[0].qualification.kind, QualificationKind::qtsa);
  EXPECT_EQ(result.document_time_stamps[0].qualification.kind, QualificationKind::qtsa);
}

}  // namespace
}  // namespace signet::validation
