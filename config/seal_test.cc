#include "config/seal.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <string>
#include <vector>

#include "config/test_keys.h"

namespace signet::config {
namespace {

// RFC 8032, 5.1.2: the y-coordinate, the lowest byte first, and the sign of x in the highest bit.
Ed25519PublicKey encoding_of(std::string_view y_in_hex, bool sign) {
  Ed25519PublicKey encoding{};
  std::ranges::copy(from_hex(y_in_hex).value(), encoding.begin());
  if (sign) encoding.back() |= 0x80U;
  return encoding;
}

// All encodings of the points whose order divides 8: y of 1, 0, -1 and the two of order 8, and the two that
// are written with p added.
std::vector<Ed25519PublicKey> small_order_keys() {
  std::vector<Ed25519PublicKey> keys;
  for (const bool sign : {false, true}) {
    for (const char* y : {"0100000000000000000000000000000000000000000000000000000000000000",
                          "0000000000000000000000000000000000000000000000000000000000000000",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
      keys.push_back(encoding_of(y, sign));
    }
  }
  return keys;
}

std::string pem_of(const Ed25519PublicKey& key) {
  const PkeyPtr public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const BioPtr memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(memory.get(), public_key.get());
  return text_in(memory.get());
}

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

// A signature of S = 0 and R of small order holds for one message in eight at least: whoever may write the file varies a
// comment in it until it does.
TEST_F(SealTest, AKeyWithWhichAnybodyCanSignIsRefused) {
  for (const Ed25519PublicKey& key : small_order_keys()) {
    Seal forged{"default", 1, key, {}};
    forged.signature.front() = 1;  // R: the neutral element
    bool holds_for_one = false;
    for (int i = 0; i < 1000 && !holds_for_one; ++i) {
      holds_for_one =
          verify_seal(forged, view_of("# " + std::to_string(i) + "\n"), key).has_value();
    }
    EXPECT_TRUE(holds_for_one) << to_hex(key) << ": not a weak key, so it has no place here";
    const auto parsed = parse_public_key(pem_of(key));
    ASSERT_TRUE(parsed.has_error()) << to_hex(key);
    EXPECT_NE(parsed.error().sentence.find("anybody can sign"), std::string::npos)
        << parsed.error().sentence;
  }
}

TEST_F(SealTest, KeysThatDifferFromAWeakOneByABitAreNotTakenForOne) {
  for (Ed25519PublicKey key : small_order_keys()) {
    key.at(1) ^= 1U;
    const auto parsed = parse_public_key(pem_of(key));
    EXPECT_TRUE(parsed.has_value()) << to_hex(key);
  }
}

TEST_F(SealTest, LeavesTheHostsErrorQueueAsItWas) {
  ERR_clear_error();
  EXPECT_TRUE(parse_public_key("nonsense").has_error());
  EXPECT_FALSE(holds(seal_of("other"), config_));
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

}  // namespace
}  // namespace signet::config
