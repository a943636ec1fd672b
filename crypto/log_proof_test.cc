#include "crypto/log_proof.h"

#include <gtest/gtest.h>

namespace signet::crypto {
namespace {

// Made by golang.org/x/mod/sumdb/note's documentation; its text is no checkpoint.
constexpr std::string_view kKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

// 43 characters and a sign: 32 octets in base64.
const std::string& hash_text() {
  static const std::string text = std::string(42, 'A') + "E=";
  return text;
}

std::string proof_text(const std::string& middle) {
  return "c2sp.org/tlog-proof@v1\n" + middle + "\nlog\n7\n" + hash_text() + "\n\n— log AAAA\n";
}

TEST(VerifierKey, IsReadAsItIsWritten) {
  const auto log = log_of_verifier_key(kKey);
  ASSERT_TRUE(log);
  EXPECT_EQ(log->origin, "PeterNeumann");
  EXPECT_EQ(log->public_key.size(), 32U);
  EXPECT_EQ(verifier_key(*log), kKey);
}

TEST(VerifierKey, OfAnotherFormIsNone) {
  EXPECT_FALSE(log_of_verifier_key(""));
  EXPECT_FALSE(log_of_verifier_key("PeterNeumann"));
  EXPECT_FALSE(log_of_verifier_key("PeterNeumann+c74f20a3"));
  for (std::size_t i = 0; i < kKey.size(); ++i) {
    std::string changed(kKey);
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(log_of_verifier_key(changed)) << changed;
    EXPECT_FALSE(log_of_verifier_key(kKey.substr(0, i))) << i;
  }
}

TEST(LogProof, HasItsPartsInOneOrder) {
  const auto proof = read_log_proof(
      proof_text("extra aGVsbG8=\nindex 5\n" + hash_text() + "\n" + hash_text() + "\n"));
  ASSERT_TRUE(proof);
  EXPECT_EQ(text_of(proof->extra), "hello");
  EXPECT_EQ(proof->index, 5U);
  EXPECT_EQ(proof->hashes.size(), 2U);
  EXPECT_EQ(proof->checkpoint, "log\n7\n" + hash_text() + "\n\n— log AAAA\n");
  EXPECT_TRUE(read_log_proof(proof_text("index 0\n")));
}

TEST(LogProof, OfAnotherFormIsNone) {
  EXPECT_FALSE(read_log_proof(""));
  EXPECT_FALSE(read_log_proof("c2sp.org/tlog-proof@v1\n"));
  EXPECT_FALSE(read_log_proof("c2sp.org/tlog-proof@v1\nindex 1\n" + hash_text() + "\n"));
  EXPECT_FALSE(read_log_proof(proof_text("extra hello\nindex 5\n")));
  EXPECT_FALSE(read_log_proof(proof_text("index 05\n")));
  EXPECT_FALSE(read_log_proof(proof_text("index -1\n")));
  EXPECT_FALSE(read_log_proof(proof_text("index 18446744073709551616\n")));
  EXPECT_FALSE(read_log_proof(proof_text("index 5 \n")));
  EXPECT_FALSE(read_log_proof(proof_text("index 5\nextra aGVsbG8=\n")));
  EXPECT_FALSE(read_log_proof(proof_text("index 5\n" + hash_text().substr(1) + "\n")));
  std::string hashes;
  for (int i = 0; i < 65; ++i) hashes += hash_text() + "\n";
  EXPECT_FALSE(read_log_proof(proof_text("index 5\n" + hashes)));
  EXPECT_FALSE(read_log_proof("x" + proof_text("index 5\n")));
}

}  // namespace
}  // namespace signet::crypto
