#include "validation/trusted_lists/trusted_lists.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "common/testing/hostile_text.h"
#include "common/testing/scratch_folder.h"
#include "validation/testing/list_maker.h"
#include "validation/testing/list_world.h"

namespace signet::validation {
namespace {

using lists::ListWish;
using lists::StateWish;

// A list of lists, the lists of CZ and SK, and certificates that their services issued.
struct World {
  pki::Party journal = lists::list_operator("Commission 1");
  pki::Party next = lists::list_operator("Commission 2");
  pki::Party czech = lists::list_operator("Operator CZ");
  pki::Party slovak = lists::list_operator("Operator SK", pki::KeyKind::rsa2048);
  pki::Party root = pki::root(pki::authority("World root"));
  pki::Party authority = pki::issue(root, pki::authority("World CA"));
  pki::Party slovak_authority = pki::root(pki::authority("Slovak CA"));
  pki::Party stamping_authority = pki::root(pki::authority("Stamping CA"));
  pki::Party stamper = pki::issue(stamping_authority, pki::time_stamper("Stamper"));
  pki::Party seal = lists::qualified_signer(authority, "Seal", {});
  Time now = pki::at("2026-11-01");

  ListWish list_of_lists() const {
    ListWish wish = lists::list_of_lists({journal.der()});
    wish.sequence = 10;
    wish.pointers.push_back({"EUgeneric", "CZ", lists::PointerWish().media_type, {czech.der()}});
    wish.pointers.push_back({"EUgeneric", "SK", lists::PointerWish().media_type, {slovak.der()}});
    return wish;
  }

  ListWish czech_list() const {
    ListWish wish = lists::national("CZ");
    wish.sequence = 70;
    StateWish stamping = lists::granted("TSA/QTST", pki::at("2016-06-30T22:00:00Z"));
    wish.providers = {{"Test",
                       {lists::service(authority, "Sealing CA",
                                       {lists::granted("CA/QC", pki::at("2016-06-30T22:00:00Z"),
                                                       {"ForeSeals", "ForeSignatures"})}),
                        lists::service(stamper, "Stamping", {stamping})}}};
    return wish;
  }

  ListWish slovak_list() const {
    ListWish wish = lists::national("SK");
    wish.version = 5;
    wish.providers = {{"Slovak provider",
                       {lists::service(slovak_authority, "Slovak CA",
                                       {lists::granted("CA/QC", pki::at("2016-06-30T22:00:00Z"),
                                                       {"ForeSeals"})})}}};
    return wish;
  }

  std::vector<CertificatePtr> sealing_chain() const {
    return {seal.certificate, authority.certificate, root.certificate};
  }
};

const World& world() {
  static const World made;
  return made;
}

std::string signed_by(const ListWish& wish, const pki::Party& signer,
                      const lists::ListSignature& how = {}) {
  return lists::sign(lists::xml_of(wish), signer, how);
}

// The folder of the world, with what a test puts in place of its files.
class Folder {
 public:
  Folder() {
    write("lotl.xml", signed_by(world().list_of_lists(), world().journal));
    write("cz.xml", signed_by(world().czech_list(), world().czech));
    write("sk.xml", signed_by(world().slovak_list(), world().slovak));
  }
  void write(const std::string& name, const std::string& text) { folder_.write(name, text); }
  void remove(const std::string& name) { std::filesystem::remove(folder_ / name); }

  std::shared_ptr<const TrustedLists> load(std::optional<Time> now = {}) const {
    return load_for({world().journal.certificate}, now);
  }
  std::shared_ptr<const TrustedLists> load_for(const std::vector<CertificatePtr>& journal,
                                               std::optional<Time> now = {}) const {
    auto loaded = TrustedLists::load(folder_.path(), journal, now.value_or(world().now));
    EXPECT_TRUE(loaded) << loaded.error();
    return loaded.value();
  }
  ScratchFolder& scratch() { return folder_; }

 private:
  ScratchFolder folder_;
};

TrustedLists::ListState state_of(const TrustedLists& lists, const std::string& file) {
  for (const auto& state : lists.lists())
    if (state.file == file) return state;
  ADD_FAILURE() << "no " << file;
  return {};
}

void expect_state(const TrustedLists& lists, const std::string& file, Indication indication,
                  SubIndication sub = SubIndication::none) {
  const auto state = state_of(lists, file);
  std::string why;
  for (const Statement& reason : state.conclusion.reasons)
    why += text_of(reason, Language::english) + "; " + text_of(reason, Language::czech) + "\n";
  EXPECT_EQ(name_of(state.conclusion.indication), name_of(indication)) << file << ": " << why;
  EXPECT_EQ(name_of(state.conclusion.sub_indication), name_of(sub)) << file << ": " << why;
}

std::string kind_of_seal(const TrustedLists& lists, Indication verdict = Indication::passed) {
  const auto found = lists.of_signature(world().sealing_chain(), verdict, pki::at("2024-01-01"));
  return std::string(name_of(found.kind));
}

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

TEST(TrustedLists, SayNothingWhereTheListIsOutOfDate) {
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

TEST(TrustedLists, SayNothingWithoutAListOfListsThatCanBeUsed) {
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

TEST(TrustedLists, RefuseForgedLists) {
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

TEST(TrustedLists, DemandTheRightPointer) {
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

TEST(TrustedLists, KnowVersionsFiveAndSix) {
  for (const int version : {4, 7}) {
    Folder folder;
    ListWish wish = world().czech_list();
    wish.version = version;
    folder.write("cz.xml", signed_by(wish, world().czech));
    expect_state(*folder.load(), "cz.xml", Indication::failed, SubIndication::format_failure);
  }
}

TEST(TrustedLists, FollowPivots) {
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

TEST(TrustedLists, UseTheNewestOfATerritory) {
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

TEST(TrustedLists, WarnOfLongValidityAndClosedLists) {
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

TEST(TrustedLists, AreSignedByRsaPss) {
  Folder folder;
  lists::ListSignature pss;
  pss.how.pss = true;
  folder.write("sk.xml", signed_by(world().slovak_list(), world().slovak, pss));
  expect_state(*folder.load(), "sk.xml", Indication::passed);
}

TEST(TrustedLists, GiveAnchors) {
  Folder folder;
  const auto names = [&] {
    std::set<std::string> found;
    for (const CertificatePtr& anchor : folder.load()->anchors())
      found.insert(anchor->short_name());
    return found;
  };
  EXPECT_EQ(names(), (std::set<std::string>{"World CA", "Stamper", "Slovak CA"}));
  folder.write("sk.xml", signed_by(world().slovak_list(), world().czech));
  EXPECT_EQ(names(), (std::set<std::string>{"World CA", "Stamper"})) << "not of a forged list";
}

TEST(TrustedLists, KeepFilesThatCannotBeReadWithTheirFault) {
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

TEST(TrustedLists, AreAskedForInAFolderThatHasSome) {
  const ScratchFolder empty;
  const auto none = TrustedLists::load(empty.path(), {}, world().now);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().find("there is no trusted list in it"), std::string::npos);
  EXPECT_FALSE(TrustedLists::load(empty / "missing", {}, world().now));
  empty.write("file", "");
  EXPECT_FALSE(TrustedLists::load(empty / "file", {}, world().now));
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
