#include "seal-server/register/time_stamps.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "crypto/log_proof.h"
#include "seal-server/register/audit.h"
#include "seal-server/register/proof.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {
namespace {

class RegisterTimeStamps : public RecordsScene {
 protected:
  void add_event() {
    sequencer_->write([](Group& group) {
      group.add({.kind = "opened", .client = {}, .seal = {}, .content = "{}"});
    });
  }

  void stamp(const std::string& token) {
    const auto due = due_time_stamp(*sql_, now());
    ASSERT_TRUE(due);
    sequencer_->write([&](Group& group) { keep_time_stamp(group, *due, view_of(token)); });
  }
};

TEST_F(RegisterTimeStamps, AreDueOnceADayWhereSomethingHappened) {
  EXPECT_FALSE(due_time_stamp(*sql_, now()));
  add_event();
  add_event();
  const auto due = due_time_stamp(*sql_, now());
  ASSERT_TRUE(due);
  EXPECT_EQ(due->size, 2U);
  stamp("first");
  EXPECT_EQ(events(), 3);
  add_event();
  EXPECT_FALSE(due_time_stamp(*sql_, now())) << "twice a day";
  now_ += std::chrono::hours(24);
  ASSERT_TRUE(due_time_stamp(*sql_, now()));
  EXPECT_EQ(due_time_stamp(*sql_, now())->size, 4U);
  stamp("second");
  now_ += std::chrono::hours(24);
  EXPECT_FALSE(due_time_stamp(*sql_, now())) << "for its own event alone";
}

TEST_F(RegisterTimeStamps, AnEventsProofIsInTheFirstStampedTree) {
  add_event();
  add_event();
  const auto before = crypto::read_log_proof(event_proof(*sql_, 0));
  ASSERT_TRUE(before);
  EXPECT_EQ(text_of(before->extra).find("timestamp"), std::string_view::npos);
  stamp("token");
  add_event();
  const auto proof = crypto::read_log_proof(event_proof(*sql_, 0));
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->checkpoint, checkpoint_of(*sql_, 2)->note);
  EXPECT_NE(text_of(proof->extra).find("\"timestamp\":\"" + crypto::to_base64(view_of("token"))),
            std::string_view::npos);
  // The stamp's own event is in the newest tree only.
  const auto newest = crypto::read_log_proof(event_proof(*sql_, 2));
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->checkpoint, newest_checkpoint(*sql_)->note);
}

}  // namespace
}  // namespace signet::sealserver
