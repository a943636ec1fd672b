#include "config/signature.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <string>
#include <vector>

#include "config/testing/test_keys.h"

namespace signet::config {
namespace {

// Made by `signet config seal` of version 0.1 over the five bytes "a = 1".
constexpr std::string_view kFormerSignature =
    "signet-seal 1\n"
    "series default\n"
    "counter 7\n"
    "key xJ7FusgefkvEAJdvieFwp338lyNj3aIKiLWSl6ualwU=\n"
    "signature "
    "27oc2Eurgdql1DqzFWH3MpRJNaIdbeptCXQeWBMyisNY3fi6p8U7sRa2FwRmYvyMVWW5e+2cZwG3y9Zh52MFDQ==\n";

class ConfigSignatureTest : public testing::Test {
 protected:
  ConfigSignature signature_of(std::string_view config, std::uint64_t counter = 7,
                               std::string_view series = "default") {
    auto signature = sign_config(view_of(keys_.private_pem), view_of(config), series, counter);
    EXPECT_TRUE(signature.has_value()) << signature.error().sentence;
    return signature.value();
  }

  Ed25519PublicKey key() { return parse_public_key(keys_.public_pem).value(); }

  bool holds(const ConfigSignature& signature, std::string_view config) {
    return verify_signature(signature, view_of(config), key()).has_value();
  }

  TestKeyPair keys_ = make_test_key_pair();
  const std::string config_ = "[log]\n";
};

TEST_F(ConfigSignatureTest, HoldsForTheBytesThatWereSigned) {
  EXPECT_TRUE(holds(signature_of(config_), config_));
  EXPECT_TRUE(holds(signature_of(""), ""));
}

TEST_F(ConfigSignatureTest, NoticesEveryByteSetToEveryOtherValue) {
  const ConfigSignature signature = signature_of(config_);
  for (std::size_t i = 0; i < config_.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = config_;
      changed[i] = static_cast<char>(value);
      EXPECT_EQ(holds(signature, changed), changed == config_) << i << " " << value;
    }
  }
}

TEST_F(ConfigSignatureTest, NoticesEveryByteTakenAwayOrAdded) {
  const ConfigSignature signature = signature_of(config_);
  for (std::size_t i = 0; i < config_.size(); ++i) {
    EXPECT_FALSE(holds(signature, std::string(config_).erase(i, 1)));
    EXPECT_FALSE(holds(signature, std::string(config_).insert(i, 1, ' ')));
  }
  EXPECT_FALSE(holds(signature, config_ + "\n"));
}

TEST_F(ConfigSignatureTest, NoticesEveryChangedBitOfTheSignatureItself) {
  const std::string text = signature_of(config_).text();
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const auto signature = ConfigSignature::parse(changed);
      EXPECT_FALSE(signature.has_value() && holds(signature.value(), config_)) << i << " " << bit;
    }
  }
}

TEST_F(ConfigSignatureTest, CounterAndSeriesArePartOfWhatIsSigned) {
  ConfigSignature signature = signature_of(config_, 7, "office");
  EXPECT_TRUE(holds(signature, config_));
  signature.counter = 8;
  EXPECT_FALSE(holds(signature, config_));
  signature.counter = 7;
  signature.series = "default";
  EXPECT_FALSE(holds(signature, config_));
}

TEST_F(ConfigSignatureTest, BytesCannotWanderBetweenSeriesAndFile) {
  ConfigSignature signature = signature_of("bc", 7, "a");
  signature.series = "ab";
  EXPECT_FALSE(holds(signature, "c"));
}

TEST_F(ConfigSignatureTest, ASignatureOfAnotherFileDoesNotHold) {
  EXPECT_FALSE(holds(signature_of("other"), config_));
}

TEST_F(ConfigSignatureTest, ASignatureOfAnotherKeyDoesNotHold) {
  const TestKeyPair other = make_test_key_pair();
  ConfigSignature signature =
      sign_config(view_of(other.private_pem), view_of(config_), "default", 7).value();
  const auto verified = verify_signature(signature, view_of(config_), key());
  ASSERT_TRUE(verified.has_error());
  EXPECT_NE(verified.error().sentence.find("another key"), std::string::npos);
  signature.key = key();  // claims the trusted key
  EXPECT_FALSE(holds(signature, config_));
}

TEST_F(ConfigSignatureTest, HasExactlyOneText) {
  const std::string text = signature_of(config_, 18446744073709551615U).text();
  ASSERT_TRUE(ConfigSignature::parse(text).has_value());
  EXPECT_EQ(ConfigSignature::parse(text).value().text(), text);
  for (const std::string& other :
       {text + "\n", " " + text, text.substr(0, text.size() - 1), "\xEF\xBB\xBF" + text,
        std::string(), std::string("signet-config-signature 1\n")}) {
    EXPECT_FALSE(ConfigSignature::parse(other).has_value()) << other;
  }
  std::string padded = signature_of(config_, 7).text();
  padded.replace(padded.find("counter 7"), 9, "counter 07");
  EXPECT_FALSE(ConfigSignature::parse(padded).has_value());
}

TEST_F(ConfigSignatureTest, KeysOfOtherKindsAreRefused) {
  EXPECT_TRUE(parse_public_key("").has_error());
  EXPECT_TRUE(parse_public_key(keys_.private_pem).has_error());
  const OpensslPtr<EVP_PKEY, EVP_PKEY_free> ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const OpensslPtr<BIO, BIO_free> memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(memory.get(), ec.get());
  EXPECT_TRUE(parse_public_key(crypto::text_in(memory.get())).has_error());
  EXPECT_TRUE(sign_config(view_of("nonsense"), view_of(config_), "default", 1).has_error());
  EXPECT_TRUE(
      sign_config(view_of(keys_.private_pem), view_of(config_), "no blanks", 1).has_error());
}

TEST_F(ConfigSignatureTest, TheFormOfVersionZeroOneIsStillRead) {
  const std::string text(kFormerSignature);
  const auto read = ConfigSignature::parse(text);
  ASSERT_TRUE(read.has_value()) << read.error().sentence;
  EXPECT_EQ(read.value().format, ConfigSignature::Format::version_0_1);
  EXPECT_EQ(read.value().text(), text);
  EXPECT_TRUE(verify_signature(read.value(), view_of("a = 1"), read.value().key).has_value());
  EXPECT_FALSE(verify_signature(read.value(), view_of("a = 2"), read.value().key).has_value());
  // Each form has a message of its own.
  std::string renamed = text;
  renamed.replace(0, std::string_view("signet-seal").size(), "signet-config-signature");
  const auto other = ConfigSignature::parse(renamed);
  ASSERT_TRUE(other.has_value());
  EXPECT_FALSE(verify_signature(other.value(), view_of("a = 1"), other.value().key).has_value());
}

TEST_F(ConfigSignatureTest, LeavesTheHostsErrorQueueAsItWas) {
  ERR_clear_error();
  EXPECT_TRUE(parse_public_key("nonsense").has_error());
  EXPECT_FALSE(holds(signature_of("other"), config_));
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

}  // namespace
}  // namespace signet::config
