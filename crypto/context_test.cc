#include "crypto/context.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include <cstdlib>
#include <set>

#include "crypto/digest.h"
#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

TEST(Context, IsNotTheHostsLibraryContext) {
  const auto context = Context::create();
  ASSERT_TRUE(context);
  ASSERT_NE(context.value()->get(), nullptr);
  OSSL_LIB_CTX* before = OSSL_LIB_CTX_set0_default(nullptr);
  EXPECT_NE(context.value()->get(), before);
}

TEST(Context, FindsEveryHashAndCurve) {
  const auto context = test_context();
  EXPECT_EQ(context->digest_functions(Hash::none), nullptr);
  std::set<const OSSL_DISPATCH*> functions;
  for (const HashRow& row : kRealHashes) {
    const Hash hash = row.hash;
    ASSERT_NE(context->digest_functions(hash), nullptr) << hash_name(hash);
    EXPECT_TRUE(functions.insert(context->digest_functions(hash)).second) << hash_name(hash);
  }
  for (const CurveRow& curve : kCurves) {
    const EC_GROUP* group = context->group(curve.curve);
    ASSERT_EQ(group != nullptr, curve.type == KeyType::ec) << curve.name;
    if (group == nullptr) continue;
    EXPECT_EQ(EC_GROUP_get_curve_name(group), curve.openssl_number);
    EXPECT_EQ(static_cast<std::size_t>(EC_GROUP_get_degree(group)), curve.bits);
    EXPECT_EQ(static_cast<std::size_t>(EC_GROUP_order_bits(group) + 7) / 8, curve.size);
  }
}

TEST(Context, CanBeMadeAndDroppedAgainAndAgain) {
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(Context::create());
}

// In a process of its own, because nothing can bring OpenSSL back.
TEST(ContextDeathTest, AfterOpensslsCleanupNothingIsMadeOrFreed) {
  const auto check = [] {
    auto context = Context::create();
    auto key = TestKey::rsa(1024).public_key();
    auto digest = Digest::start(test_context(), Hash::sha256);
    const bool before = openssl_is_gone();
    OPENSSL_cleanup();
    const bool after = openssl_is_gone();
    const auto late = Context::create();
    key.reset();
    context = ck_error(CKR_OK, "");
    digest = ck_error(CKR_OK, "");
    const bool refused = !late && late.assume_error().rv == CKR_CRYPTOKI_NOT_INITIALIZED;
    std::_Exit(!before && after && refused ? 0 : 1);
  };
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(check(), testing::ExitedWithCode(0), "");
}

TEST(RandomBytes, FillsEveryPartOfALongBuffer) {
  Bytes bytes(100000, 0);
  ASSERT_TRUE(random_bytes(bytes));
  for (std::size_t start = 0; start + 100 <= bytes.size(); start += 100) {
    const ByteView part = ByteView(bytes).subspan(start, 100);
    EXPECT_FALSE(equal(part, Bytes(100, 0))) << start;
  }
}

TEST(RandomBytes, TakesAnEmptyBuffer) {
  EXPECT_TRUE(random_bytes({}));
}

}  // namespace
}  // namespace signet::crypto
