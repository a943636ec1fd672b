// Another PKCS#11 module that misbehaves harms neither its token nor us.
#include "pkcs11-client/token_object.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "common/scratch_folder.h"

namespace signet::pkcs11 {
namespace {

class TokenObjectTest : public testing::Test {
 protected:
  static std::string uri_text(const std::string& token, const std::string& more = "") {
    return "pkcs11:token=" + token + ";object=o?module-path=" + SIGNET_STUBBORN_TOKEN + more;
  }

  static auto open(const std::string& uri) {
    return TokenObject::open(Pkcs11Uri::parse(uri).value(), CKO_PRIVATE_KEY);
  }

  static unsigned logins() {
    void* const library = dlopen(SIGNET_STUBBORN_TOKEN, RTLD_NOW | RTLD_LOCAL);
    const auto count = reinterpret_cast<unsigned (*)()>(dlsym(library, "stubborn_token_logins"));
    return count == nullptr ? 0 : count();
  }

  ScratchFolder folder_;
};

TEST_F(TokenObjectTest, AWrongPinIsTriedOnceHoweverManyConnectionsBeginTogether) {
  folder_.write("pin", "wrong");
  const std::string uri = uri_text("stubborn", "&pin-source=file:" + folder_.path("pin").string());
  const unsigned before = logins();
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { refused += open(uri).has_error() ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(logins(), before + 1);

  folder_.write("pin", "another");
  EXPECT_TRUE(open(uri).has_error());
  EXPECT_EQ(logins(), before + 2) << "another PIN may be the right one";
}

TEST_F(TokenObjectTest, MoreSlotsThanThereIsRoomForAreNotLookedAt) {
  EXPECT_TRUE(open(uri_text("elsewhere")).has_error());
}

TEST_F(TokenObjectTest, ASignatureOrAValueLongerThanItsRoomIsRefused) {
  const auto object = open(uri_text("stubborn"));
  ASSERT_TRUE(object.has_value()) << object.error();
  std::array<std::uint8_t, 64> room{};
  EXPECT_TRUE(object.value()->sign(CKM_ECDSA, Bytes(32), room).has_error());
  EXPECT_TRUE(object.value()->value().has_error());
}

}  // namespace
}  // namespace signet::pkcs11
