#include "seal-server/seals/reconcile.h"

#include <gtest/gtest.h>

#include "seal-server/seals/seals.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {
namespace {

class Reconcile : public RecordsScene {
 protected:
  Reconcile() {
    client_.id = sequencer_->write([](Group& group) {
      return add_client(group, {.id = {},
                                .name = "Office",
                                .organisation = "X",
                                .state = {},
                                .limits = {},
                                .opened = 0});
    });
  }

  // A transaction, its result with this signature; `state` empty: it has none.
  std::string seal(const std::string& state, const std::string& signature) {
    return sequencer_->write([&](Group& group) {
      const std::string id = open_seals(group, client_,
                                        {NewSeal{.kind = "seal",
                                                 .reference = {},
                                                 .digest = std::string(64, 'd'),
                                                 .format = {},
                                                 .level = {},
                                                 .certificate = {}}})
                                 .front()
                                 .id;
      if (!state.empty())
        end_seal(group, client_, id,
                 {.state = state,
                  .signature_digest = signature,
                  .sealed_digest = {},
                  .signed_at = {},
                  .timestamped_at = {},
                  .certificate = {},
                  .reason = {}});
      return id;
    });
  }

  void journal(const std::string& name, const std::string& signature,
               const std::string& reference = {}) {
    journal_.push_back({.time = "2027-01-15T08:00:00.000Z",
                        .signature = signature,
                        .reference = reference,
                        .name = name});
  }

  std::vector<std::string> differences(const std::string& from = {}) {
    std::vector<std::string> told;
    std::size_t at = 0;
    counted_ = reconcile(
        *sql_,
        [&]() -> std::optional<JournalledSignature> {
          return at < journal_.size() ? std::optional(journal_[at++]) : std::nullopt;
        },
        from, [&](const Discrepancy& one) { told.push_back(sentence_of(one)); });
    return told;
  }

  Client client_;
  std::vector<JournalledSignature> journal_;
  Reconciliation counted_;
};

TEST_F(Reconcile, FindsNothingWhereAllBelongTogether) {
  seal("sealed", "aa");
  const std::string by_reference = seal("sealed", "");
  seal("failed", "");
  seal("", "");
  journal("r1", "bb", by_reference);
  journal("r2", "aa");
  EXPECT_EQ(differences(), std::vector<std::string>());
  EXPECT_EQ(counted_.signatures, 2U);
  EXPECT_EQ(counted_.matched, 2U);
  EXPECT_EQ(counted_.seals, 2U);
}

TEST_F(Reconcile, NamesEachDifference) {
  const std::string lost = seal("sealed", "aa");
  const std::string failed = seal("failed", "");
  const std::string open = seal("", "");
  const std::string once = seal("sealed", "");
  journal("stranger", "bb");
  journal("foreign", "cc", "0123");
  journal("of-failed", "dd", failed);
  journal("of-open", "ee", open);
  journal("first", "ff", once);
  journal("second", "ab", once);
  const std::string at = "2027-01-15T08:00:00.000Z ";
  EXPECT_EQ(differences(),
            (std::vector<std::string>{
                at + "signature stranger: no transaction", at + "signature foreign: no transaction",
                at + "signature of-failed: transaction " + failed + " is not sealed",
                at + "signature of-open: transaction " + open + " is not sealed",
                at + "signature second: transaction " + once + " has another one",
                at + "transaction " + lost + ": no signature"}));
  EXPECT_EQ(counted_.matched, 1U);
  EXPECT_EQ(differences("2027-01-15T08:00:00.001Z").size(), 5U) << "before the journal begins";
}

TEST(Journal, HasALineOfJsonForEachSignature) {
  const auto line =
      journalled_in(R"({"time":"t","signature":"YWJj","reference":"r","requestId":"q","other":1})");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->signature, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(line->reference + line->name + line->time, "rqt");
  EXPECT_FALSE(journalled_in(""));
  EXPECT_FALSE(journalled_in("[]"));
  EXPECT_FALSE(journalled_in("{}"));
  EXPECT_FALSE(journalled_in(R"({"signature":"x"})"));
}

}  // namespace
}  // namespace signet::sealserver
