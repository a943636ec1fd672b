#include "seal-server/server/chores.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "crypto/base64.h"
#include "seal-server/register/audit.h"
#include "seal-server/register/time_stamps.h"
#include "seal-server/seals/seals.h"
#include "seal-server/testing/service_scene.h"

namespace signet::sealserver {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::system_clock;

// A server's chores with a clock of the test's own, and requests beside them.
class Chores : public ServiceScene {
 protected:
  // At one in the morning: a day of time-stamps is one of the calendar.
  Chores() {
    now_ = std::chrono::floor<std::chrono::days>(now_) + hours(1);
    clock_ = now_;
    Sequencer::Options options{.database = database_.address(),
                               .checkpoint_file = database_.folder() / "checkpoint",
                               .outside_file = outside_file()};
    options.now = [this] { return clock_.load(); };
    LogKey key = LogKey::generate("log");
    key.write(database_.folder() / "log.key");
    // In place of the scene's, whose clock is for one thread.
    service_.reset();
    sequencer_.reset();
    for (const char* table : {"event", "checkpoint", "node", "log"})
      sql_->run("DELETE FROM " + std::string(table));
    std::filesystem::remove(database_.folder() / "checkpoint");
    sequencer_ = std::make_unique<Sequencer>(std::move(key), options);
    service_ = std::make_unique<Service>(
        *sequencer_,
        Service::Options{.database = database_.address(), .now = [this] { return clock_.load(); }});
  }
  ~Chores() override { stop(); }

  void start() {
    start_chore(context_.get_executor(), workers_,
                {"tidying", [this] { service_->tidy(); }, milliseconds(5)});
    start_chore(context_.get_executor(), workers_,
                {"time-stamping", [this] { stamp(); }, milliseconds(5)});
    thread_ = std::thread([this] { context_.run(); });
  }
  void stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    workers_.join();
  }

  void stamp() {
    const auto sql = database_.connect();
    stamp_newest(*sql, *sequencer_, clock_.load(), [this](const StoredCheckpoint&) -> Bytes {
      ++asked_;
      if (authority_is_down_) throw std::runtime_error("The authority does not answer.");
      return {1, 2, 3};
    });
  }

  // By whoever: the certificates of the scene do not last as long as the test.
  std::string open_now(char digit) {
    return sequencer_->write([&](Group& group) {
      NewSeal seal;
      seal.kind = "seal";
      seal.digest = std::string(64, digit);
      seal.certificate = std::string(64, 'c');
      return open_seals(group, find_client(group.sql(), id_).value(), {seal}).front().id;
    });
  }

  template <typename Condition>
  static void wait_until(Condition condition) {
    for (int i = 0; i < 6000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(5));
    ASSERT_TRUE(condition());
  }

  std::string state_of(const std::string& id) {
    return find_seal(*sql_, id_, id).value().result.state;
  }
  std::int64_t time_stamps() {
    return sql_->query("SELECT count(*) FROM time_stamp").front().number(0);
  }

  std::atomic<system_clock::time_point> clock_{now_};
  std::atomic<bool> authority_is_down_{false};
  std::atomic<int> asked_{0};
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{
      context_.get_executor()};
  boost::asio::thread_pool workers_{2};
  std::thread thread_;
};

TEST_F(Chores, GiveUpASealWithoutAWordForADayAndStampTheLogOnceADay) {
  const std::string id = open_now('1');
  start();
  wait_until([&] { return time_stamps() == 1; });
  // On the same day neither is done again, however often the chores come round.
  clock_ = now_ + hours(15);
  const std::string second = open_now('2');
  EXPECT_EQ(state_of(id), "opened");
  EXPECT_EQ(time_stamps(), 1);

  authority_is_down_ = true;
  asked_ = 0;
  clock_ = now_ + hours(25);
  wait_until([&] { return state_of(id) == "unknown"; });
  EXPECT_EQ(state_of(second), "opened");
  // What fails is tried again.
  wait_until([&] { return asked_ >= 3; });
  EXPECT_EQ(time_stamps(), 1);
  authority_is_down_ = false;
  wait_until([&] { return time_stamps() == 2; });

  // A late word still counts; silence goes on for the other one.
  const Client client = find_client(*sql_, id_).value();
  SealResult late;
  late.state = "sealed";
  EXPECT_TRUE(sequencer_->write([&](Group& group) { return end_seal(group, client, id, late); }));
  clock_ = now_ + hours(50);
  wait_until([&] { return state_of(second) == "unknown"; });
  wait_until([&] { return time_stamps() == 3; });
  EXPECT_EQ(state_of(id), "sealed");
  stop();
  const LogIdentity log = identity_of(LogKey::read("log", database_.folder() / "log.key"));
  EXPECT_EQ(audit_register(*sql_, log, std::nullopt).fault, "");
}

}  // namespace
}  // namespace signet::sealserver
