#include "preservation/calendar/list_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "crypto/openssl.h"

namespace signet::preservation {
namespace {

using testing::HasSubstr;

std::string digest_of_text(std::string_view text) {
  return to_hex(crypto::sha256(view_of(text)));
}

// Lists that were judged already.
class JudgedLists final : public validation::TrustedLists {
 public:
  void add(const std::string& file, const std::string& content, validation::Indication judged) {
    ListState state;
    state.file = file;
    state.digest = digest_of_text(content);
    state.conclusion.indication = judged;
    states_.push_back(state);
  }

  const std::vector<ListState>& lists() const override { return states_; }
  std::vector<validation::TrustAnchor> anchors() const override { return {}; }
  validation::Qualification of_signature(const std::vector<validation::CertificatePtr>&,
                                         validation::Indication, validation::Time) const override {
    return {};
  }
  validation::Qualification of_time_stamp(const std::vector<validation::CertificatePtr>&,
                                          validation::Indication, validation::Time) const override {
    return {};
  }

 private:
  std::vector<ListState> states_;
};

class ListArchiveTest : public testing::Test {
 protected:
  ListArchiveTest() {
    folder_.write("eu.xml", "the list of lists");
    folder_.write("cz.xml", "the Czech list");
    lists_.add("eu.xml", "the list of lists", validation::Indication::passed);
    lists_.add("cz.xml", "the Czech list", validation::Indication::passed);
  }

  const ScratchFolder folder_;
  const std::filesystem::path archive_ = list_archive_of(folder_.path("register.db"));
  JudgedLists lists_;
};

TEST_F(ListArchiveTest, KeepsListsUnderTheirDigests) {
  lists_.add("xx.xml", "a list that is not signed", validation::Indication::failed);
  const auto set = keep_lists(folder_.path(), lists_, archive_);
  ASSERT_TRUE(set) << set.error().sentence;
  const std::string czech = digest_of_text("the Czech list");
  EXPECT_EQ(folder_.read("register.db.lists/" + czech + ".xml"), "the Czech list");
  const std::string manifest = folder_.read("register.db.lists/" + set.value() + ".sha256");
  EXPECT_EQ(digest_of_text(manifest), set.value());
  EXPECT_THAT(manifest, HasSubstr(czech + "  " + czech + ".xml\n"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(archive_), {}), 3);
}

TEST_F(ListArchiveTest, KeepsOldListsBesideNewOnes) {
  const std::string first = keep_lists(folder_.path(), lists_, archive_).value();
  EXPECT_EQ(keep_lists(folder_.path(), lists_, archive_).value(), first);
  folder_.write("cz.xml", "the next Czech list");
  JudgedLists later;
  later.add("cz.xml", "the next Czech list", validation::Indication::passed);
  const std::string second = keep_lists(folder_.path(), later, archive_).value();
  EXPECT_NE(second, first);
  EXPECT_EQ(folder_.read("register.db.lists/" + digest_of_text("the Czech list") + ".xml"),
            "the Czech list");
}

TEST_F(ListArchiveTest, RefusesAListThatChangedMeanwhile) {
  folder_.write("cz.xml", "another Czech list");
  const auto set = keep_lists(folder_.path(), lists_, archive_);
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().sentence, HasSubstr("cz.xml: it changed"));
}

}  // namespace
}  // namespace signet::preservation
