// For tests of what writes through a sequencer: one on an empty database, with a clock that stands still.
#ifndef SIGNET_SEAL_SERVER_TESTING_RECORDS_SCENE_H_
#define SIGNET_SEAL_SERVER_TESTING_RECORDS_SCENE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "common/clock.h"
#include "seal-server/register/log_history.h"
#include "seal-server/register/sequencer.h"
#include "seal-server/store/problem.h"
#include "seal-server/testing/scratch_database.h"

namespace signet::sealserver {

class RecordsScene : public testing::Test {
 protected:
  RecordsScene() {
    sequencer_ = std::make_unique<Sequencer>(
        LogKey::generate("log"),
        Sequencer::Options{.database = database_.address(),
                           .checkpoint_file = database_.folder() / "checkpoint",
                           .now = [this] { return now_; }});
    sql_ = database_.connect();
  }

  std::string now() const { return utc_text(now_); }

  // "kind content" of the newest event.
  std::string newest_event() {
    const auto rows =
        sql_->query("SELECT entry, content FROM event ORDER BY sequence DESC LIMIT 1");
    return rows.empty() ? std::string("none") : rows.front().text(0) + " " + rows.front().text(1);
  }

  LogIdentity identity_of_log() { return stored_log(*sql_).value(); }

  std::int64_t events() { return sql_->query("SELECT count(*) FROM event").front().number(0); }

  // The status and the sentence of the Problem that `call()` throws.
  template <typename Call>
  static std::string problem(Call call) {
    try {
      call();
    } catch (const Problem& problem) {
      return std::to_string(problem.status()) + " " + problem.what();
    }
    return "no problem";
  }

  ScratchDatabase database_;
  std::chrono::system_clock::time_point now_{
      std::chrono::seconds(1'800'000'000)};  // 2027-01-15T08:00:00Z
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<storage::SqlConnection> sql_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_TESTING_RECORDS_SCENE_H_
