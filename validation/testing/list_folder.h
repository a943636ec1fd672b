// For tests: a list of lists, two national lists, certificates that their services issued, and a folder of it all.
#ifndef SIGNET_VALIDATION_TESTING_LIST_FOLDER_H_
#define SIGNET_VALIDATION_TESTING_LIST_FOLDER_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "validation/testing/list_world.h"
#include "validation/trusted_lists/trusted_lists.h"

namespace signet::validation::lists {

// A list of lists, the lists of CZ and SK, and certificates that their services issued.
struct World {
  pki::Party journal = list_operator("Commission 1");
  pki::Party next = list_operator("Commission 2");
  pki::Party czech = list_operator("Operator CZ");
  pki::Party slovak = list_operator("Operator SK", pki::KeyKind::rsa2048);
  pki::Party root = pki::root(pki::authority("World root"));
  pki::Party authority = pki::issue(root, pki::authority("World CA"));
  pki::Party slovak_authority = pki::root(pki::authority("Slovak CA"));
  pki::Party stamping_authority = pki::root(pki::authority("Stamping CA"));
  pki::Party stamper = pki::issue(stamping_authority, pki::time_stamper("Stamper"));
  pki::Party seal = qualified_signer(authority, "Seal", {});
  Time now = pki::at("2026-11-01");

  ListWish list_of_lists() const {
    ListWish wish = lists::list_of_lists({journal.der()});
    wish.sequence = 10;
    wish.pointers.push_back({"EUgeneric", "CZ", PointerWish().media_type, {czech.der()}});
    wish.pointers.push_back({"EUgeneric", "SK", PointerWish().media_type, {slovak.der()}});
    return wish;
  }

  ListWish czech_list() const {
    ListWish wish = national("CZ");
    wish.sequence = 70;
    StateWish stamping = granted("TSA/QTST", pki::at("2016-06-30T22:00:00Z"));
    wish.providers = {{"Test",
                       {service(authority, "Sealing CA",
                                {granted("CA/QC", pki::at("2016-06-30T22:00:00Z"),
                                         {"ForeSeals", "ForeSignatures"})}),
                        service(stamper, "Stamping", {stamping})}}};
    return wish;
  }

  ListWish slovak_list() const {
    ListWish wish = national("SK");
    wish.version = 5;
    wish.providers = {
        {"Slovak provider",
         {service(slovak_authority, "Slovak CA",
                  {granted("CA/QC", pki::at("2016-06-30T22:00:00Z"), {"ForeSeals"})})}}};
    return wish;
  }

  std::vector<CertificatePtr> sealing_chain() const {
    return {seal.certificate, authority.certificate, root.certificate};
  }
};

inline const World& world() {
  static const World made;
  return made;
}

inline std::string signed_by(const ListWish& wish, const pki::Party& signer,
                             const ListSignature& how = {}) {
  return sign(xml_of(wish), signer, how);
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

inline TrustedLists::ListState state_of(const TrustedLists& lists, const std::string& file) {
  for (const auto& state : lists.lists())
    if (state.file == file) return state;
  ADD_FAILURE() << "no " << file;
  return {};
}

inline void expect_state(const TrustedLists& lists, const std::string& file, Indication indication,
                         SubIndication sub = SubIndication::none) {
  const auto state = state_of(lists, file);
  std::string why;
  for (const Statement& reason : state.conclusion.reasons)
    why += text_of(reason, Language::english) + "; " + text_of(reason, Language::czech) + "\n";
  EXPECT_EQ(name_of(state.conclusion.indication), name_of(indication)) << file << ": " << why;
  EXPECT_EQ(name_of(state.conclusion.sub_indication), name_of(sub)) << file << ": " << why;
}

inline std::string kind_of_seal(const TrustedLists& lists,
                                Indication verdict = Indication::passed) {
  const auto found = lists.of_signature(world().sealing_chain(), verdict, pki::at("2024-01-01"));
  return std::string(name_of(found.kind));
}

}  // namespace signet::validation::lists

#endif  // SIGNET_VALIDATION_TESTING_LIST_FOLDER_H_
