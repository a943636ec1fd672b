#include "seal-client/kept_log.h"

#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "crypto/openssl.h"

namespace signet::sealclient {
namespace {

// A log with a key of its own.
class SignedLog {
 public:
  explicit SignedLog(std::string origin)
      : key_(EVP_PKEY_Q_keygen(crypto::library_context(), nullptr, "ED25519")) {
    log_.origin = std::move(origin);
    log_.public_key.resize(32);
    std::size_t size = log_.public_key.size();
    EVP_PKEY_get_raw_public_key(key_.get(), log_.public_key.data(), &size);
  }

  const crypto::LogIdentity& identity() const { return log_; }

  std::string note(std::uint64_t size) const {
    const std::string body = crypto::checkpoint_body(
        log_.origin, {size, crypto::leaf_hash(view_of(std::to_string(size)))});
    Bytes signature = crypto::note_key_id(log_);
    const DigestContextPtr context(EVP_MD_CTX_new());
    std::array<std::uint8_t, 64> octets{};
    std::size_t length = octets.size();
    EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, crypto::library_context(), nullptr,
                          key_.get(), nullptr);
    const ByteView text = view_of(body);
    EVP_DigestSign(context.get(), octets.data(), &length, text.data(), text.size());
    signature.insert(signature.end(), octets.begin(), octets.end());
    return body + "\n— " + log_.origin + " " + crypto::to_base64(signature) + "\n";
  }

 private:
  PkeyPtr key_;
  crypto::LogIdentity log_;
};

class KeptLogTest : public testing::Test {
 protected:
  KeptLog log() const { return {folder_.path() / "log", signed_.identity()}; }

  ScratchFolder folder_;
  SignedLog signed_{"log"};
};

TEST_F(KeptLogTest, GoesOnFromTheNewestThatAnyProcessKept) {
  const KeptLog one = log();
  const KeptLog other = log();
  EXPECT_EQ(one.newest().value(), (crypto::TreeState{0, crypto::empty_tree_root()}));
  EXPECT_TRUE(one.keep(signed_.note(5)));
  EXPECT_EQ(other.newest().value().size, 5U);
  EXPECT_TRUE(other.keep(signed_.note(8)));
  EXPECT_TRUE(one.keep(signed_.note(7)));
  EXPECT_EQ(one.newest().value().size, 8U);
}

TEST_F(KeptLogTest, AContradictionStaysUntilItIsAccepted) {
  const KeptLog one = log();
  EXPECT_TRUE(one.keep(signed_.note(5)));
  EXPECT_FALSE(one.is_contradicted());
  EXPECT_TRUE(one.contradict(signed_.note(3)));
  EXPECT_TRUE(one.contradict(signed_.note(2)));
  EXPECT_TRUE(log().is_contradicted());
  EXPECT_EQ(one.newest().value().size, 5U);
  EXPECT_TRUE(one.accept(signed_.note(4)));
  EXPECT_FALSE(log().is_contradicted());
  EXPECT_EQ(log().newest().value().size, 4U);
  // What proves it is there still.
  EXPECT_EQ(folder_.read("log.former"), signed_.note(5));
  EXPECT_EQ(folder_.read("log.accepted"), signed_.note(3));
}

TEST_F(KeptLogTest, AFileOfAnotherLogIsNoBeginning) {
  EXPECT_TRUE(log().keep(SignedLog("log").note(5)));
  EXPECT_FALSE(log().newest());
}

TEST_F(KeptLogTest, IsDueInEachProcessAndAfterAWhile) {
  const KeptLog one = log();
  EXPECT_TRUE(one.is_due(std::chrono::hours(1)));
  one.looked();
  EXPECT_FALSE(one.is_due(std::chrono::hours(1)));
  EXPECT_TRUE(one.is_due(std::chrono::seconds(0)));
}

}  // namespace
}  // namespace signet::sealclient
