#include "seal-server/enrol/journal.h"

#include <gtest/gtest.h>

#include <fstream>

#include "common/testing/scratch_folder.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {
namespace {

Record full_record() {
  return {.account = "office",
          .name = "Kancelář",
          .organisation = "NTRCZ-12345678",
          .subject = "O=Office,CN=Office",
          .seals_a_day = 10,
          .round = 2,
          .withdrawing = true,
          .client = "c1",
          .client_key = "k",
          .client_key_since = "2026-11-29T12:00:00.000Z",
          .card_label = "Card",
          .card_serial = "0815",
          .card_key_type = "ec:P-256",
          .card_key_id = Bytes(20, 1),
          .authentication = {.request = Bytes(3, 2), .certificates = {Bytes(4, 3), Bytes(5, 4)}},
          .content_key_hash = Bytes(32, 5),
          .hash_on_card = true,
          .account_asked = true,
          .sealing_key_type = "rsa:3072",
          .sealing_key_id = Bytes(20, 6),
          .sealing = {.request = Bytes(1, 7), .certificates = {}}};
}

TEST(EnrolJournal, GivesWhatWasWritten) {
  const ScratchFolder scratch;
  const auto folder = scratch.path() / "enrolments";
  EXPECT_EQ(find_client_record(folder, "c1"), std::nullopt);
  write_record(folder, full_record());
  Record other;
  other.account = "other";
  write_record(folder, other);
  EXPECT_EQ(find_record(folder, "office"), full_record());
  EXPECT_EQ(find_client_record(folder, "c1"), full_record());
  EXPECT_EQ(find_record(folder, "other"), other);
  EXPECT_EQ(find_record(folder, "nobody"), std::nullopt);
}

TEST(EnrolJournal, ThatCannotBeReadIsNoNewBeginning) {
  const ScratchFolder scratch;
  write_record(scratch.path(), full_record());
  for (const char* text : {"", "{}", "[1]", R"({"format":2})"}) {
    std::ofstream(scratch.path() / "office.json") << text;
    try {
      find_record(scratch.path(), "office");
      ADD_FAILURE() << text;
    } catch (const CommandFailure& failure) {
      EXPECT_EQ(failure.status(), static_cast<int>(Reason::unreadable));
    }
  }
}

TEST(EnrolJournal, IsNamedByAnAccount) {
  for (const char* good : {"office", "a.b@c-d_9", "-"}) EXPECT_TRUE(is_account_name(good)) << good;
  for (const char* bad : {"", ".office", "a/b", "a b", "č", "123456789012345678901234567890123"})
    EXPECT_FALSE(is_account_name(bad)) << bad;
}

}  // namespace
}  // namespace signet::sealserver::enrol
