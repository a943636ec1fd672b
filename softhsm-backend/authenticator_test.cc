// What a refusal costs: its time must not tell whether there is such an account.
#include "softhsm-backend/authenticator.h"

#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"

namespace signet::emulator {
namespace {

using enum Authenticator::Expired;

class AuthenticatorTest : public testing::Test {
 protected:
  AuthenticatorTest() {
    Account account;
    account.user = "seal";
    account.password_hash = hash_password(Secret("correct horse"));
    state_.write([&](Database& database) { EXPECT_TRUE(add_account(database, account)); });
  }

  Result<Account, Denial> admit(const std::string& user, const std::string& password) {
    hashes_.clear();
    return authenticator_.admit(user, Secret(password), refused);
  }

  // "scrypt" and the sizes of the salt and of the hash: what decides how long a check takes.
  static std::string shape_of(std::string hash) {
    for (std::size_t at = hash.find('$'); at < hash.size(); ++at)
      if (hash[at] != '$') hash[at] = 'x';
    return hash;
  }

  const ScratchFolder folder_;
  State state_{folder_.path("state.db")};
  std::vector<std::string> hashes_;  // that the last admission has checked
  Authenticator authenticator_{state_, [this](const Secret& password, std::string_view hash) {
                                 hashes_.emplace_back(hash);
                                 return password_matches(password, hash);
                               }};
};

TEST_F(AuthenticatorTest, AnUnknownAccountCostsTheSameHashAsAWrongPassword) {
  EXPECT_EQ(admit("seal", "wrong").error(), Denial::wrong_password);
  ASSERT_EQ(hashes_.size(), 1U);
  const std::string known = hashes_.front();
  for (const char* password : {"wrong", "", "correct horse"}) {
    EXPECT_EQ(admit("nobody", password).error(), Denial::wrong_password);
    ASSERT_EQ(hashes_.size(), 1U) << password;
    EXPECT_EQ(shape_of(hashes_.front()), shape_of(known));
  }
}

TEST_F(AuthenticatorTest, ARightPasswordIsHashedOnce) {
  EXPECT_TRUE(admit("seal", "correct horse"));
  EXPECT_EQ(hashes_.size(), 1U);
  EXPECT_TRUE(admit("seal", "correct horse"));
  EXPECT_EQ(hashes_.size(), 0U);
}

}  // namespace
}  // namespace signet::emulator
