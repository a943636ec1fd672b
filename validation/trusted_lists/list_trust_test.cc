#include "validation/trusted_lists/list_trust.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

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

TEST(ListTrust, SayNothingWhereTheListIsOutOfDate) {
  Folder folder;
  ListWish wish = world().czech_list();
  wish.next_update = pki::at("2026-10-31");
  folder.write("cz.xml", signed_by(wish, world().czech));
  const auto lists = folder.load();
  expect_state(*lists, "cz.xml", Indication::indeterminate, SubIndication::try_later);
  const auto found =
      lists->of_signature(world().sealing_chain(), Indication::passed, pki::at("2024-01-01"));
  EXPECT_EQ(found.kind, QualificationKind::not_applicable);
  EXPECT_EQ(text_of(found.reasons.at(0), Language::english),
            "the service that issued the certificate is in the list cz.xml, which cannot be used");
  // The moment itself is still within.
  EXPECT_EQ(kind_of_seal(*folder.load(pki::at("2026-10-31"))), "QESeal");
  EXPECT_EQ(kind_of_seal(*folder.load(pki::at("2026-09-01"))), "N/A") << "issued in the future";
  expect_state(*folder.load(pki::at("2026-09-01")), "lotl.xml", Indication::indeterminate,
               SubIndication::not_yet_valid);
}

TEST(ListTrust, SayNothingWithoutAListOfListsThatCanBeUsed) {
  Folder folder;
  expect_state(*folder.load_for({}), "lotl.xml", Indication::indeterminate,
               SubIndication::no_certificate_chain_found);
  expect_state(*folder.load_for({world().next.certificate}), "lotl.xml", Indication::failed,
               SubIndication::no_certificate_chain_found);
  EXPECT_EQ(kind_of_seal(*folder.load_for({})), "N/A");
  ListWish old = world().list_of_lists();
  old.next_update = pki::at("2026-10-20");
  folder.write("lotl.xml", signed_by(old, world().journal));
  const auto lists = folder.load();
  expect_state(*lists, "lotl.xml", Indication::indeterminate, SubIndication::try_later);
  expect_state(*lists, "cz.xml", Indication::indeterminate,
               SubIndication::no_certificate_chain_found);
  folder.remove("lotl.xml");
  expect_state(*folder.load(), "cz.xml", Indication::indeterminate,
               SubIndication::no_certificate_chain_found);
}

// TS 119 615, 4.4.4: the list of the issuer's country decides. Where it is missing nobody knows whether the certificate is qualified.
TEST(ListTrust, SayNothingWhereTheListOfTheIssuersCountryIsMissing) {
  Folder folder;
  const auto kind = [&](const std::string& country) {
    pki::CertificateWish wish = pki::authority("CA");
    wish.subject = lists::name_in(country, "CA");
    const pki::Party issuer = pki::root(wish);
    const pki::Party seal = lists::qualified_signer(issuer, "Seal", {});
    const auto found = folder.load()->of_signature({seal.certificate, issuer.certificate},
                                                   Indication::passed, pki::at("2024-01-01"));
    return std::pair(std::string(name_of(found.kind)),
                     text_of(found.reasons.at(0), Language::english));
  };
  EXPECT_EQ(kind("CZ").first, "AdESeal") << "the list is there, and does not have the issuer";
  folder.remove("cz.xml");
  EXPECT_EQ(kind("CZ"), std::pair(std::string("N/A"),
                                  std::string("the list of CZ, which the list of trusted "
                                              "lists names, is not there or cannot be read")));
  EXPECT_EQ(kind("SK").first, "AdESeal");
  EXPECT_EQ(kind("AT").first, "AdESeal") << "no such list is known";
  folder.write("cz.xml", "<TrustServiceStatusList");
  EXPECT_EQ(kind("CZ").first, "N/A");
  ListWish greek = world().list_of_lists();
  greek.pointers[1].territory = "EL";
  greek.pointers.push_back(greek.pointers[1]);
  greek.pointers.back().territory = "UK";
  folder.write("lotl.xml", signed_by(greek, world().journal));
  EXPECT_EQ(kind("GR").first, "N/A");
  EXPECT_EQ(kind("GB").first, "N/A");
  EXPECT_EQ(kind("CZ").first, "AdESeal");
}

TEST(ListTrust, RefuseForgedLists) {
  Folder folder;
  const std::string good = signed_by(world().czech_list(), world().czech);
  std::string changed = good;
  changed.replace(changed.find("Svcstatus/granted"), 17, "Svcstatus/grantee");
  folder.write("cz.xml", changed);
  expect_state(*folder.load(), "cz.xml", Indication::failed, SubIndication::hash_failure);
  EXPECT_EQ(kind_of_seal(*folder.load()), "N/A");
  // By the operator of another territory, by nobody, and under another territory's name.
  folder.write("cz.xml", signed_by(world().czech_list(), world().slovak));
  expect_state(*folder.load(), "cz.xml", Indication::failed,
               SubIndication::no_certificate_chain_found);
  folder.write("cz.xml", lists::xml_of(world().czech_list()));
  expect_state(*folder.load(), "cz.xml", Indication::failed, SubIndication::format_failure);
  ListWish elsewhere = world().czech_list();
  elsewhere.territory = "PL";
  folder.write("cz.xml", signed_by(elsewhere, world().czech));
  expect_state(*folder.load(), "cz.xml", Indication::failed,
               SubIndication::no_certificate_chain_found);
  // A list of lists that somebody signed, with a higher number.
  folder.write("cz.xml", good);
  ListWish forged = world().list_of_lists();
  forged.sequence = 999;
  folder.write("zz.xml", signed_by(forged, world().slovak));
  const auto lists = folder.load();
  expect_state(*lists, "zz.xml", Indication::failed, SubIndication::no_certificate_chain_found);
  EXPECT_EQ(kind_of_seal(*lists), "QESeal");
}

TEST(ListTrust, DemandTheRightPointer) {
  for (const auto& [type, media] : {std::pair{"EUlistofthelists", lists::PointerWish().media_type},
                                    std::pair{"EUgeneric", std::string("application/pdf")}}) {
    Folder folder;
    ListWish wish = world().list_of_lists();
    wish.pointers[1].type = type;
    wish.pointers[1].media_type = media;
    folder.write("lotl.xml", signed_by(wish, world().journal));
    expect_state(*folder.load(), "cz.xml", Indication::failed,
                 SubIndication::no_certificate_chain_found);
  }
}

TEST(ListTrust, KnowVersionsFiveAndSix) {
  for (const int version : {4, 7}) {
    Folder folder;
    ListWish wish = world().czech_list();
    wish.version = version;
    folder.write("cz.xml", signed_by(wish, world().czech));
    expect_state(*folder.load(), "cz.xml", Indication::failed, SubIndication::format_failure);
  }
}

TEST(ListTrust, FollowPivots) {
  Folder folder;
  ListWish pivot = lists::list_of_lists({world().next.der()});
  pivot.sequence = 9;
  pivot.issued = pki::at("2024-01-01");
  pivot.next_update = pki::at("2024-06-01");
  folder.write("pivot.xml", signed_by(pivot, world().journal));
  ListWish newest = world().list_of_lists();
  newest.pointers[0].certificates = {world().next.der()};
  folder.write("lotl.xml", signed_by(newest, world().next));
  const auto lists = folder.load();
  expect_state(*lists, "pivot.xml", Indication::passed);
  expect_state(*lists, "lotl.xml", Indication::passed);
  EXPECT_EQ(kind_of_seal(*lists), "QESeal");
  // Whom the pivot no longer announces may not sign what comes after it.
  folder.write("lotl.xml", signed_by(world().list_of_lists(), world().journal));
  expect_state(*folder.load(), "lotl.xml", Indication::failed,
               SubIndication::no_certificate_chain_found);
  // A pivot signed by nobody of the journal announces nobody.
  folder.write("lotl.xml", signed_by(newest, world().next));
  folder.write("pivot.xml", signed_by(pivot, world().slovak));
  expect_state(*folder.load(), "lotl.xml", Indication::failed,
               SubIndication::no_certificate_chain_found);
  folder.remove("pivot.xml");
  expect_state(*folder.load(), "lotl.xml", Indication::failed,
               SubIndication::no_certificate_chain_found);
}

TEST(ListTrust, UseTheNewestOfATerritory) {
  Folder folder;
  ListWish newer = world().czech_list();
  newer.sequence = 71;
  newer.providers[0].services[0].states[0].status = "withdrawn";
  folder.write("cz-new.xml", signed_by(newer, world().czech));
  const auto lists = folder.load();
  expect_state(*lists, "cz.xml", Indication::indeterminate);
  expect_state(*lists, "cz-new.xml", Indication::passed);
  EXPECT_EQ(kind_of_seal(*lists), "AdESeal");
  // An older one does not stand in for one that is out of date.
  newer.next_update = pki::at("2026-10-31");
  folder.write("cz-new.xml", signed_by(newer, world().czech));
  expect_state(*folder.load(), "cz.xml", Indication::indeterminate);
  EXPECT_EQ(kind_of_seal(*folder.load()), "N/A");
  // A forged one does not push the good one aside.
  folder.write("cz-new.xml", signed_by(newer, world().slovak));
  EXPECT_EQ(kind_of_seal(*folder.load()), "QESeal");
}

TEST(ListTrust, WarnOfLongValidityAndClosedLists) {
  Folder folder;
  ListWish wish = world().czech_list();
  wish.next_update = pki::at("2028-01-01");
  folder.write("cz.xml", signed_by(wish, world().czech));
  EXPECT_EQ(state_of(*folder.load(), "cz.xml").conclusion.warnings.size(), 1U);
  wish.next_update.reset();
  folder.write("cz.xml", signed_by(wish, world().czech));
  EXPECT_EQ(state_of(*folder.load(), "cz.xml").conclusion.warnings.size(), 1U);
  EXPECT_EQ(kind_of_seal(*folder.load()), "QESeal");
}

TEST(ListTrust, WarnOfFilesThatWereNotRenewed) {
  Folder folder;
  folder.write("cz.xml", signed_by(world().czech_list(), world().czech));
  const auto file = folder.scratch() / "cz.xml";
  const auto warnings = [&](std::chrono::hours age) {
    const auto now = std::chrono::file_clock::from_sys(world().now);
    std::filesystem::last_write_time(file, now - age);
    return state_of(*folder.load(), "cz.xml").conclusion.warnings.size();
  };
  EXPECT_EQ(warnings(std::chrono::hours(24)), 0U);
  EXPECT_EQ(warnings(std::chrono::hours(25)), 1U);
}

TEST(ListTrust, AreSignedByRsaPss) {
  Folder folder;
  lists::ListSignature pss;
  pss.how.pss = true;
  folder.write("sk.xml", signed_by(world().slovak_list(), world().slovak, pss));
  expect_state(*folder.load(), "sk.xml", Indication::passed);
}

TEST(ListTrust, KeepFilesThatCannotBeReadWithTheirFault) {
  Folder folder;
  folder.write("bomb.xml", "<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>");
  folder.write("other.xml", "<other/>");
  folder.write("notes.txt", "no list");
  folder.write("broken.xml", signed_by(world().czech_list(), world().czech).substr(0, 1000));
  folder.write(std::string("h\x1b[31m.xml"), "<");
  std::filesystem::create_directory(folder.scratch() / "folder.xml");
  std::filesystem::create_symlink("/dev/zero", folder.scratch() / "endless.xml");
  const auto lists = folder.load();
  for (const char* const file :
       {"bomb.xml", "broken.xml", "folder.xml", "endless.xml", "h\\x1b[31m.xml"})
    expect_state(*lists, file, Indication::failed, SubIndication::format_failure);
  EXPECT_EQ(lists->lists().size(), 8U) << "other.xml and notes.txt are no lists";
  EXPECT_EQ(kind_of_seal(*lists), "QESeal");
}

TEST(ListTrust, AreAskedForInAFolderThatHasSome) {
  const ScratchFolder empty;
  const auto none = TrustedLists::load(empty.path(), {}, world().now);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().find("there is no trusted list in it"), std::string::npos);
  EXPECT_FALSE(TrustedLists::load(empty / "missing", {}, world().now));
  empty.write("file", "");
  EXPECT_FALSE(TrustedLists::load(empty / "file", {}, world().now));
}

}  // namespace
}  // namespace signet::validation
