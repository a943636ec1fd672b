#include "config/seal.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <string>
#include <vector>

#include "config/test_keys.h"

namespace signet::config {
namespace {

class SealTest : public testing::Test {
 protected:
  Seal seal_of(std::string_view config, std::uint64_t counter = 7,
               std::string_view series = "default") {
    auto seal = make_seal(view_of(keys_.private_pem), view_of(config), series, counter);
    EXPECT_TRUE(seal.has_value()) << seal.error().sentence;
    return seal.value();
  }

  Ed25519PublicKey key() { return parse_public_key(keys_.public_pem).value(); }

  bool holds(const Seal& seal, std::string_view config) {
    return verify_seal(seal, view_of(config), key()).has_value();
  }

  TestKeyPair keys_ = make_test_key_pair();
  const std::string config_ = "[log]\n";
};

TEST_F(SealTest, HoldsForTheBytesThatWereSealed) {
  EXPECT_TRUE(holds(seal_of(config_), config_));
  EXPECT_TRUE(holds(seal_of(""), ""));
}

TEST_F(SealTest, NoticesEveryByteSetToEveryOtherValue) {
  const Seal seal = seal_of(config_);
  for (std::size_t i = 0; i < config_.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = config_;
      changed[i] = static_cast<char>(value);
      EXPECT_EQ(holds(seal, changed), changed == config_) << i << " " << value;
    }
  }
}

TEST_F(SealTest, NoticesEveryByteTakenAwayOrAdded) {
  const Seal seal = seal_of(config_);
  for (std::size_t i = 0; i < config_.size(); ++i) {
    EXPECT_FALSE(holds(seal, std::string(config_).erase(i, 1)));
    EXPECT_FALSE(holds(seal, std::string(config_).insert(i, 1, ' ')));
  }
  EXPECT_FALSE(holds(seal, config_ + "\n"));
}

TEST_F(SealTest, NoticesEveryChangedBitOfTheSealItself) {
  const std::string text = seal_of(config_).text();
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const auto seal = Seal::parse(changed);
      EXPECT_FALSE(seal.has_value() && holds(seal.value(), config_)) << i << " " << bit;
    }
  }
}

TEST_F(SealTest, CounterAndSeriesArePartOfWhatIsSigned) {
  Seal seal = seal_of(config_, 7, "office");
  EXPECT_TRUE(holds(seal, config_));
  seal.counter = 8;
  EXPECT_FALSE(holds(seal, config_));
  seal.counter = 7;
  seal.series = "default";
  EXPECT_FALSE(holds(seal, config_));
}

TEST_F(SealTest, BytesCannotWanderBetweenSeriesAndFile) {
  Seal seal = seal_of("bc", 7, "a");
  seal.series = "ab";
  EXPECT_FALSE(holds(seal, "c"));
}

TEST_F(SealTest, ASealOfAnotherFileDoesNotHold) {
  EXPECT_FALSE(holds(seal_of("other"), config_));
}

TEST_F(SealTest, ASealOfAnotherKeyDoesNotHold) {
  const TestKeyPair other = make_test_key_pair();
  Seal seal = make_seal(view_of(other.private_pem), view_of(config_), "default", 7).value();
  const auto verified = verify_seal(seal, view_of(config_), key());
  ASSERT_TRUE(verified.has_error());
  EXPECT_NE(verified.error().sentence.find("another key"), std::string::npos);
  seal.key = key();  // claims the trusted key
  EXPECT_FALSE(holds(seal, config_));
}

TEST_F(SealTest, HasExactlyOneText) {
  const std::string text = seal_of(config_, 18446744073709551615U).text();
  ASSERT_TRUE(Seal::parse(text).has_value());
  EXPECT_EQ(Seal::parse(text).value().text(), text);
  for (const std::string& other :
       {text + "\n", " " + text, text.substr(0, text.size() - 1), "\xEF\xBB\xBF" + text,
        std::string(), std::string("signet-seal 1\n")}) {
    EXPECT_FALSE(Seal::parse(other).has_value()) << other;
  }
  std::string padded = seal_of(config_, 7).text();
  padded.replace(padded.find("counter 7"), 9, "counter 07");
  EXPECT_FALSE(Seal::parse(padded).has_value());
}

TEST_F(SealTest, KeysOfOtherKindsAreRefused) {
  EXPECT_TRUE(parse_public_key("").has_error());
  EXPECT_TRUE(parse_public_key(keys_.private_pem).has_error());
  const OpensslPtr<EVP_PKEY, EVP_PKEY_free> ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const OpensslPtr<BIO, BIO_free> memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(memory.get(), ec.get());
  EXPECT_TRUE(parse_public_key(text_in(memory.get())).has_error());
  EXPECT_TRUE(make_seal(view_of("nonsense"), view_of(config_), "default", 1).has_error());
  EXPECT_TRUE(make_seal(view_of(keys_.private_pem), view_of(config_), "no blanks", 1).has_error());
}

TEST_F(SealTest, LeavesTheHostsErrorQueueAsItWas) {
  ERR_clear_error();
  EXPECT_TRUE(parse_public_key("nonsense").has_error());
  EXPECT_FALSE(holds(seal_of("other"), config_));
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

}  // namespace
}  // namespace signet::config
