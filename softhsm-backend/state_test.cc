// The state: settings, accounts, the memory of answers; and passwords.
#include "softhsm-backend/state.h"

#include <gtest/gtest.h>

#include "softhsm-backend/accounts.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/passwords.h"
#include "softhsm-backend/state.h"
#include "softhsm-backend/testing/instance.h"

namespace signet::emulator {
namespace {

class StateTest : public testing::Test {
 protected:
  ScratchFolder folder;
  std::filesystem::path file = folder.path() / "state.db";
};

TEST_F(StateTest, KeepsSettings) {
  State state(file);
  state.write([](Database& database) { set_setting(database, "name", "value"); });
  state.read([](Database& database) {
    EXPECT_EQ(setting(database, "name"), "value");
    EXPECT_FALSE(optional_setting(database, "other"));
    EXPECT_THROW(setting(database, "other"), StateError);
  });
}

TEST_F(StateTest, TakesAFileFromBeforeStepsWereCounted) {
  { const State made(file); }
  const auto old = storage::Database::open(file, Database::Mode::open).value();
  ASSERT_TRUE(old->write([](Database& database) {
    set_setting(database, "kept", "value");
    // What later steps make.
    database.run("ALTER TABLE journal DROP COLUMN dialect");
    for (const char* table :
         {"csc_policies", "csc_tokens", "csc_sads", "csc_hashes", "csc_answers"}) {
      database.run(std::string("DROP TABLE ") + table);
    }
    database.run("PRAGMA user_version = 0");
  }));
  EXPECT_EQ(State(file).read([](Database& database) { return setting(database, "kept"); }),
            "value");
}

TEST_F(StateTest, CountsAttemptsUpToTheLock) {
  State state(file);
  state.write([](Database& database) {
    Account account;
    account.user = "seal";
    EXPECT_TRUE(add_account(database, account));
    EXPECT_FALSE(add_account(database, account));
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(count_attempt(database, "seal"));
    EXPECT_FALSE(count_attempt(database, "seal"));
    EXPECT_TRUE(find_account(database, "seal")->locked());
    clear_attempts(database, "seal");
    EXPECT_FALSE(find_account(database, "seal")->locked());
  });
}

TEST_F(StateTest, RemembersAnswersAndForgetsOldOnes) {
  State state(file);
  state.write([](Database& database) {
    Request request;
    request.method = "POST";
    request.target = "/dsa/v1/keys";
    request.body = "{}";
    const RequestMark mark = mark_of(request, "seal", "key");
    remember(database, mark, {.status = 201, .body = "{\"a\":1}"});
    EXPECT_TRUE(recall(database, mark)->same_request);
    EXPECT_EQ(recall(database, mark)->answer.status, 201U);
    request.body = "{ }";
    EXPECT_FALSE(recall(database, mark_of(request, "seal", "key"))->same_request);
    EXPECT_FALSE(recall(database, mark_of(request, "other", "key")));

    forget_old_answers(database);
    EXPECT_TRUE(recall(database, mark));
    database.run("UPDATE answers SET time = time - ?", std::int64_t{21 * 60 * 1000});
    forget_old_answers(database);
    EXPECT_FALSE(recall(database, mark));
  });
}

TEST(Passwords, MatchTheirOwnHashAlone) {
  const Secret password(std::string_view("secret"));
  const std::string hash = hash_password(password);
  EXPECT_TRUE(password_matches(password, hash));
  EXPECT_FALSE(password_matches(Secret(std::string_view("Secret")), hash));
  EXPECT_FALSE(password_matches(Secret(), hash));
  EXPECT_FALSE(password_matches(password, "plain$"));
  EXPECT_NE(hash_password(password), hash);
}

TEST(Passwords, AreKnownOnceVerifiedUntilTheHashChanges) {
  VerifiedPasswords verified;
  const Secret password(std::string_view("secret"));
  EXPECT_FALSE(verified.knows(password, "hash"));
  verified.remember(password, "hash");
  EXPECT_TRUE(verified.knows(password, "hash"));
  EXPECT_FALSE(verified.knows(Secret(std::string_view("other")), "hash"));
  EXPECT_FALSE(verified.knows(password, "new hash"));
}

TEST(OneTimePasswords, MatchTheVectorsOfRfc6238) {
  const Bytes secret = copy_of(view_of("12345678901234567890"));
  EXPECT_EQ(one_time_password(secret, 1), "287082");
  EXPECT_EQ(one_time_password(secret, 0x23523EC), "081804");
  EXPECT_EQ(one_time_password(secret, 0x27BC86AA), "353130");
}

TEST(OneTimePasswords, AreTakenAroundTheirTimeAndOnlyForward) {
  const Bytes secret = copy_of(view_of("12345678901234567890"));
  const auto time = std::chrono::system_clock::from_time_t(59 + 300);
  const std::int64_t step = one_time_step(time);
  const auto match = [&](std::int64_t of_step, std::int64_t last) {
    return matching_step(Secret(one_time_password(secret, of_step)), secret, last, time);
  };
  EXPECT_EQ(match(step, 0), step);
  EXPECT_EQ(match(step - 1, 0), step - 1);
  EXPECT_EQ(match(step + 1, 0), step + 1);
  EXPECT_FALSE(match(step + 2, 0));
  EXPECT_FALSE(match(step, step));
}

}  // namespace
}  // namespace signet::emulator
