#include "dsa-transport/sign_batcher.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <thread>

#include "dsa-transport/sign_record.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;

const Credential kWho{"seal", Secret("password")};
constexpr std::uint8_t kBadDigest = 0xbd;

SignRequest request_for(std::uint8_t digest, const std::string& key = "key") {
  SignRequest request;
  request.key_id = key;
  request.digests = {Bytes(32, digest)};
  return request;
}

// An appliance that answers when it is told to. The "signature" of a digest is the digest.
class SignBatcherTest : public testing::Test {
 protected:
  explicit SignBatcherTest(Milliseconds patience = 20s) : patience_(patience) {}
  static std::size_t most_digests_of(const SignRequest& request) {
    return request.key_id == "slow" ? 1 : request.key_id == "some" ? 3 : 1000;
  }
  ~SignBatcherTest() override {
    answer_all();
    for (auto& thread : threads_) thread.join();
  }

  // Signs in a thread of its own; the answers are in `answers_` once finish() returns.
  void sign(SignRequest request, Deadline deadline = Deadline::after(30s),
            const Credential& who = kWho) {
    threads_.emplace_back([this, request = std::move(request), deadline, &who] {
      auto answer = batcher_.sign(who, request, deadline).finish();
      const std::lock_guard lock(mutex_);
      answers_.emplace_back(request.digests.front()[0], std::move(answer));
      changed_.notify_all();
    });
  }

  // Until `count` requests are at the appliance.
  void wait_for_requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, 20s, [&] { return requests_.size() >= count; }));
  }

  void occupy_all_room() {
    sign(request_for(1));
    sign(request_for(2));
    wait_for_requests(2);
  }

  void wait_for_waiting(std::size_t count) const {
    const Deadline patience = Deadline::after(20s);
    while (batcher_.waiting() < count && !patience.passed()) std::this_thread::sleep_for(1ms);
    ASSERT_EQ(batcher_.waiting(), count);
  }

  // The first `count` requests get their answers.
  void answer_first(std::size_t count) {
    const std::lock_guard lock(mutex_);
    to_answer_ = count;
    changed_.notify_all();
  }
  void answer_all() { answer_first(1'000); }

  void finish() {
    answer_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }

  Answer<Signatures> appliance(const SignRequest& request) {
    std::unique_lock lock(mutex_);
    const std::size_t number = requests_.size();
    requests_.push_back(request);
    changed_.notify_all();
    changed_.wait(lock, [&] { return number < to_answer_; });
    for (const Bytes& digest : request.digests) {
      if (digest[0] == kBadDigest) return ApplianceError{Failure::bad_parameter, "bad digest", {}};
    }
    if (breaks_) throw std::runtime_error("broken");
    if (failure_) return ApplianceError{*failure_, "no", {}};
    return Signatures{request.digests, {"request"}};
  }

  Task<Answer<Signatures>> task(const SignRequest& request) { co_return appliance(request); }

  const Milliseconds patience_;
  SignBatcher batcher_{
      [this](const Credential&, const SignRequest& request, Deadline) { return task(request); }, 2,
      patience_, most_digests_of};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t to_answer_ = 0;
  std::optional<Failure> failure_;
  bool breaks_ = false;
  std::vector<SignRequest> requests_;
  std::vector<std::pair<std::uint8_t, Answer<Signatures>>> answers_;
  std::vector<std::thread> threads_;
};

TEST_F(SignBatcherTest, NothingWaitsWhileThereIsRoom) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  EXPECT_EQ(requests_[0].digests.size(), 1U);
  EXPECT_EQ(requests_[1].digests.size(), 1U);
}

TEST_F(SignBatcherTest, WithoutRoomOneCallerFindsOutHowManyDigestsTravelTogether) {
  EXPECT_FALSE(batcher_.should_ask_for_most_digests()) << "there is room";
  occupy_all_room();
  EXPECT_TRUE(batcher_.should_ask_for_most_digests());
  EXPECT_FALSE(batcher_.should_ask_for_most_digests()) << "another one asks";
  batcher_.learn_most_digests(16);
  EXPECT_FALSE(batcher_.should_ask_for_most_digests());
}

TEST_F(SignBatcherTest, WhoWaitsForTheSameKeyTravelsTogether) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  for (std::uint8_t digest = 3; digest < 11; ++digest) sign(request_for(digest));
  wait_for_waiting(8);
  finish();
  ASSERT_EQ(requests_.size(), 3U);
  EXPECT_EQ(requests_[2].digests.size(), 8U);
  ASSERT_EQ(answers_.size(), 10U);
  for (const auto& [digest, answer] : answers_) {
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer.value().values, std::vector<Bytes>{Bytes(32, digest)});
    EXPECT_EQ(answer.value().trace.request_id, "request");
  }
}

TEST_F(SignBatcherTest, ARequestCarriesNoMoreThanTheApplianceAllows) {
  batcher_.learn_most_digests(3);
  occupy_all_room();
  for (std::uint8_t digest = 3; digest < 10; ++digest) sign(request_for(digest));
  wait_for_waiting(7);
  finish();
  EXPECT_EQ(answers_.size(), 9U);
  for (const SignRequest& request : requests_) EXPECT_LE(request.digests.size(), 3U);
}

TEST_F(SignBatcherTest, ARequestCarriesNoMoreThanItsKeyAllows) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  for (std::uint8_t digest = 3; digest < 7; ++digest) sign(request_for(digest, "some"));
  wait_for_waiting(4);
  for (std::uint8_t digest = 7; digest < 10; ++digest) sign(request_for(digest, "slow"));
  wait_for_requests(5);
  EXPECT_EQ(batcher_.waiting(), 4U) << "what travels alone anyway waits for nobody";
  finish();
  EXPECT_EQ(answers_.size(), 9U);
  for (const SignRequest& request : requests_) {
    EXPECT_LE(request.digests.size(), most_digests_of(request));
  }
  EXPECT_EQ(requests_.size(), 7U) << "3 and 1 of the one key, each of the other by itself";
}

TEST_F(SignBatcherTest, NothingIsGatheredUntilTheApplianceAllowsIt) {
  occupy_all_room();
  sign(request_for(3));
  sign(request_for(4));
  wait_for_requests(4);
  for (const SignRequest& request : requests_) EXPECT_EQ(request.digests.size(), 1U);
}

TEST_F(SignBatcherTest, WhatDiffersTravelsByItself) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  const Credential other_user{"other", Secret("password")};
  const Credential other_password{"seal", Secret("Password")};
  SignRequest other_hash = request_for(6);
  other_hash.hash = Hash::sha512;
  SignRequest other_reference = request_for(7);
  other_reference.reference = "file 7";
  sign(request_for(3));
  sign(request_for(4, "another key"));
  sign(request_for(5), Deadline::after(30s), other_user);
  sign(other_hash);
  sign(other_reference);
  sign(request_for(8), Deadline::after(30s), other_password);
  wait_for_waiting(6);
  finish();
  EXPECT_EQ(requests_.size(), 8U);
  EXPECT_EQ(answers_.size(), 8U);
}

TEST_F(SignBatcherTest, ASecondCredentialIsNeverShared) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  SignRequest secret = request_for(3);
  secret.sign_password = Secret("second");
  sign(secret);
  sign(secret);
  wait_for_requests(4);
  EXPECT_EQ(requests_[2].digests.size(), 1U);
  EXPECT_EQ(requests_[3].digests.size(), 1U);
}

TEST_F(SignBatcherTest, OneBadDigestDoesNotSpoilItsNeighbours) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  sign(request_for(3));
  sign(request_for(kBadDigest));
  sign(request_for(4));
  wait_for_waiting(3);
  finish();
  ASSERT_EQ(answers_.size(), 5U);
  for (const auto& [digest, answer] : answers_) EXPECT_EQ(bool(answer), digest != kBadDigest);
}

TEST_F(SignBatcherTest, AFailureOfTheApplianceIsEverybodysAndNotRepeated) {
  batcher_.learn_most_digests(16);
  failure_ = Failure::timed_out;
  occupy_all_room();
  sign(request_for(3));
  sign(request_for(4));
  wait_for_waiting(2);
  finish();
  EXPECT_EQ(requests_.size(), 3U);
  for (const auto& [digest, answer] : answers_) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::timed_out);
  }
}

TEST_F(SignBatcherTest, WhateverIsThrownEndsTheCallsAndNotTheProcess) {
  batcher_.learn_most_digests(16);
  breaks_ = true;
  occupy_all_room();
  sign(request_for(3));
  sign(request_for(4));
  wait_for_waiting(2);
  finish();
  ASSERT_EQ(answers_.size(), 4U);
  for (const auto& [digest, answer] : answers_) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::no_resources);
  }
}

TEST_F(SignBatcherTest, WhoFollowsReturnsByItsOwnDeadline) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  sign(request_for(3));
  wait_for_waiting(1);
  sign(request_for(4), Deadline::after(3s));
  wait_for_waiting(2);
  answer_first(1);
  wait_for_requests(3);
  EXPECT_EQ(requests_[2].digests.size(), 2U);
  std::unique_lock lock(mutex_);
  ASSERT_TRUE(changed_.wait_for(lock, 20s, [&] { return answers_.size() == 2; }));
  EXPECT_EQ(answers_[1].first, 4);
  EXPECT_EQ(answers_[1].second.error().failure, Failure::timed_out);
}

class ImpatientSignBatcherTest : public SignBatcherTest {
 protected:
  ImpatientSignBatcherTest() : SignBatcherTest(50ms) {}
};

TEST_F(ImpatientSignBatcherTest, AMemberThatStoppedAnsweringHoldsNobodyUp) {
  batcher_.learn_most_digests(16);
  occupy_all_room();
  sign(request_for(3));
  sign(request_for(4));
  wait_for_requests(3);
  finish();
  EXPECT_EQ(answers_.size(), 4U);
}

// All in one thread: the appliance answers a request with its first step after `answers_`.
class SignBatcherTasksTest : public testing::Test {
 protected:
  explicit SignBatcherTasksTest(Milliseconds patience = 20s) : patience_(patience) {
    batcher_.learn_most_digests(16);
  }

  Task<Answer<Signatures>> sign(const SignRequest& request) {
    return batcher_.sign(kWho, request, Deadline::after(30s));
  }

  Task<Answer<Signatures>> appliance(const SignRequest& request) {
    sent_.push_back(request.digests.size());
    while (!answers_) co_await wait_for(1ms);
    co_return Signatures{request.digests, {"request"}};
  }

  void expect_signed(Task<Answer<Signatures>>& task, const SignRequest& request) {
    const auto answer = task.finish();
    ASSERT_TRUE(answer) << answer.error().sentence;
    EXPECT_EQ(answer.value().values, request.digests);
  }

  const Milliseconds patience_;
  SignBatcher batcher_{[this](const Credential&, const SignRequest& request, Deadline) {
                         return appliance(request);
                       },
                       1, patience_};
  bool answers_ = false;
  std::vector<std::size_t> sent_;  // digests of each request
  const SignRequest first_ = request_for(1);
  const SignRequest second_ = request_for(2);
  const SignRequest third_ = request_for(3);
  const SignRequest fourth_ = request_for(4);
};

TEST_F(SignBatcherTasksTest, CallsOfOneThreadTravelTogether) {
  auto first = sign(first_);
  auto second = sign(second_);
  auto third = sign(third_);
  for (auto* task : {&first, &second, &third}) EXPECT_FALSE(task->step());
  answers_ = true;
  expect_signed(first, first_);
  EXPECT_FALSE(third.step()) << "the second sends for it";
  expect_signed(second, second_);
  expect_signed(third, third_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 2}));
}

TEST_F(SignBatcherTasksTest, ABatchWhoseLeaderIsCancelledIsSentOnce) {
  auto first = std::make_unique<Task<Answer<Signatures>>>(sign(first_));
  auto leader = std::make_unique<Task<Answer<Signatures>>>(sign(second_));
  auto third = sign(third_);
  auto fourth = sign(fourth_);
  for (auto* task : {first.get(), leader.get(), &third, &fourth}) EXPECT_FALSE(task->step());
  first.reset();
  EXPECT_FALSE(leader->step());
  leader.reset();
  answers_ = true;
  expect_signed(third, third_);
  expect_signed(fourth, fourth_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 3}));
}

TEST_F(SignBatcherTasksTest, ABatchOutlivesAllOfItsLeadersButOne) {
  auto first = std::make_unique<Task<Answer<Signatures>>>(sign(first_));
  auto leader = std::make_unique<Task<Answer<Signatures>>>(sign(second_));
  auto next = std::make_unique<Task<Answer<Signatures>>>(sign(third_));
  auto last = sign(fourth_);
  for (auto* task : {first.get(), leader.get(), next.get(), &last}) EXPECT_FALSE(task->step());
  first.reset();
  EXPECT_FALSE(leader->step());
  leader.reset();
  EXPECT_FALSE(next->step());
  next.reset();
  EXPECT_FALSE(last.step());
  answers_ = true;
  expect_signed(last, fourth_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 3}));
  auto after = sign(first_);
  expect_signed(after, first_);
  EXPECT_EQ(batcher_.waiting(), 0U);
}

TEST_F(SignBatcherTasksTest, WhoFollowsMayLeaveAfterTheRequestIsSent) {
  auto first = std::make_unique<Task<Answer<Signatures>>>(sign(first_));
  auto leader = sign(second_);
  auto follower = std::make_unique<Task<Answer<Signatures>>>(sign(third_));
  auto fourth = sign(fourth_);
  for (auto* task : {first.get(), &leader, follower.get(), &fourth}) EXPECT_FALSE(task->step());
  first.reset();
  EXPECT_FALSE(leader.step());
  follower.reset();
  answers_ = true;
  expect_signed(leader, second_);
  expect_signed(fourth, fourth_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 3}));
}

TEST_F(SignBatcherTasksTest, WhoLeavesBeforeTheRequestIsSentIsNotSigned) {
  auto first = std::make_unique<Task<Answer<Signatures>>>(sign(first_));
  auto leader = std::make_unique<Task<Answer<Signatures>>>(sign(second_));
  auto follower = std::make_unique<Task<Answer<Signatures>>>(sign(third_));
  auto fourth = sign(fourth_);
  for (auto* task : {first.get(), leader.get(), follower.get(), &fourth})
    EXPECT_FALSE(task->step());
  first.reset();
  leader.reset();
  follower.reset();
  answers_ = true;
  expect_signed(fourth, fourth_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 1}));
}

TEST_F(SignBatcherTasksTest, WhoHasAKeyOfItsOwnTravelsAlone) {
  auto first = sign(first_);
  SignRequest again = second_;
  again.idempotency_key = "6f1cbe1c-6c9b-4b8a-9c0c-0d3c0f0b7f10";
  again.digests.push_back(Bytes(32, 9));
  auto second = sign(again);
  auto third = sign(third_);
  for (auto* task : {&first, &second, &third}) EXPECT_FALSE(task->step());
  answers_ = true;
  expect_signed(second, again);
  expect_signed(first, first_);
  expect_signed(third, third_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 2, 1}));
}

TEST_F(SignBatcherTasksTest, ARecordTellsWhetherItGoesAlone) {
  const auto recorded = [](std::uint8_t digest) {
    SignRequest request = request_for(digest);
    request.records = {std::make_shared<SignRecord>()};
    request.records.front()->begin(request);
    return request;
  };
  const SignRequest second_one = recorded(2);
  const SignRequest third_one = recorded(3);
  const SignRequest fourth_one = recorded(4);
  auto first = sign(first_);
  auto second = sign(second_one);
  auto third = sign(third_one);
  auto fourth = sign(fourth_one);
  for (auto* task : {&first, &second, &third, &fourth}) EXPECT_FALSE(task->step());
  const auto settled = third_one.records.front()->settle("key");
  ASSERT_TRUE(settled);
  EXPECT_EQ(settled->request->idempotency_key, "key");
  EXPECT_EQ(settled->request->digests, third_one.digests);
  answers_ = true;
  expect_signed(first, first_);
  EXPECT_FALSE(second_one.records.front()->settle("another")) << "it leaves with the fourth";
  EXPECT_EQ(third_one.records.front()->settle("another")->request->idempotency_key, "key");
  EXPECT_FALSE(third_one.records.front()->join());
  expect_signed(second, second_one);
  expect_signed(third, third_one);
  expect_signed(fourth, fourth_one);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 2, 1}));
}

TEST_F(SignBatcherTasksTest, ARecordLeavesUnderTheKeyThatItHasToldAndTellsTheKeyUnderWhichItLeft) {
  const SignRequest words = request_for(1);
  const auto candidate = SignRecord::with_key(words, "candidate");
  SignRecord settled;
  settled.begin(words);
  ASSERT_TRUE(settled.settle("told"));
  EXPECT_EQ(settled.depart({candidate, 0}), "told");
  EXPECT_EQ(settled.settle("another")->request->idempotency_key, "told");
  SignRecord gone;
  gone.begin(words);
  EXPECT_EQ(gone.depart({candidate, 0}), "candidate");
  EXPECT_EQ(gone.settle("another")->request->idempotency_key, "candidate");
}

TEST_F(SignBatcherTasksTest, ARecordWhoseBatchWasRefusedGoesAloneUnderAKeyThatFollowsFromIt) {
  SignRequest together = request_for(1);
  together.digests.push_back(Bytes(32, 2));
  const SignRequest alone = request_for(2);
  SignRecord record;
  record.begin(alone);
  ASSERT_TRUE(record.join());
  EXPECT_EQ(record.depart({SignRecord::with_key(together, "batch"), 1}), "batch");
  EXPECT_EQ(record.depart({SignRecord::with_key(alone, "candidate"), 0}), lone_key("batch", 1));
  const auto sent = record.settle("another");
  EXPECT_EQ(sent->request->idempotency_key, lone_key("batch", 1));
  EXPECT_EQ(sent->request->digests, alone.digests);
  EXPECT_EQ(sent->position, 0U);
  EXPECT_EQ(lone_key("batch", 1).size(), 36U);
  EXPECT_NE(lone_key("batch", 1), lone_key("batch", 0));
}

TEST_F(SignBatcherTasksTest, ARecordThatIsAskedWhileItLeavesHasOneKey) {
  const SignRequest words = request_for(1);
  const auto candidate = SignRecord::with_key(words, "candidate");
  std::vector<SignRecord> records(20'000);
  for (SignRecord& each : records) each.begin(words);
  std::vector<std::string> told;
  std::thread asking([&] {
    for (SignRecord& each : records) told.push_back(each.settle("told")->request->idempotency_key);
  });
  std::vector<std::string> left;
  for (SignRecord& each : records) left.push_back(each.depart({candidate, 0}));
  asking.join();
  EXPECT_TRUE(told == left);
}

class ImpatientTasksTest : public SignBatcherTasksTest {
 protected:
  ImpatientTasksTest() : SignBatcherTasksTest(1ms) {}
};

TEST_F(ImpatientTasksTest, WhoLosesPatienceTakesTheOthersAlong) {
  auto first = sign(first_);
  auto second = sign(second_);
  auto third = sign(third_);
  for (auto* task : {&first, &second, &third}) EXPECT_FALSE(task->step());
  std::this_thread::sleep_for(2ms);
  while (sent_.size() < 2) (void)second.step();
  EXPECT_FALSE(third.step());
  answers_ = true;
  expect_signed(second, second_);
  expect_signed(third, third_);
  expect_signed(first, first_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 2}));
}

TEST_F(SignBatcherTasksTest, WhoIsCancelledOnTheWayHarmsNobody) {
  auto first = sign(first_);
  auto leader = sign(second_);
  auto follower = std::make_unique<Task<Answer<Signatures>>>(sign(third_));
  auto queued = std::make_unique<Task<Answer<Signatures>>>(sign(fourth_));
  for (auto* task : {&first, &leader, follower.get(), queued.get()}) EXPECT_FALSE(task->step());
  queued.reset();
  answers_ = true;
  expect_signed(first, first_);
  follower.reset();
  expect_signed(leader, second_);
  EXPECT_EQ(batcher_.waiting(), 0U);
  auto next = sign(first_);
  expect_signed(next, first_);
  EXPECT_EQ(sent_, (std::vector<std::size_t>{1, 1, 1}));
}

}  // namespace
}  // namespace signet::transport
