#include "pkcs11-client/session.h"

#include <gtest/gtest.h>

#include "crypto/openssl.h"
#include "pkcs11-client/testing/softhsm_token.h"

namespace signet::pkcs11 {
namespace {

class OnToken : public testing::Test {
 protected:
  Key make(const std::string& label, const Bytes& id, const std::string& type = "ec:P-256") {
    return token_->generate({KeyType::parse(type).value(), label, id}).value();
  }

  SoftHsmToken token_;
};

TEST_F(OnToken, AnotherMakersTokenTakesNoReference) {
  EXPECT_EQ(token_.module()->vendor(), nullptr);
  const auto taken = token_->set_reference("order 4711");
  ASSERT_TRUE(taken);
  EXPECT_FALSE(taken.value());
  EXPECT_EQ(token_->last_request_id(), "");
}

TEST_F(OnToken, AnotherMakersTokenGivesNoTimeStamps) {
  const auto stamp =
      token_->time_stamp(crypto::Hash::sha256, Bytes(32, 1), Bytes{1}, Milliseconds(1000));
  ASSERT_FALSE(stamp);
  EXPECT_EQ(stamp.error().reason, Reason::not_supported);
  EXPECT_NE(stamp.error().sentence.find("name the URL of an authority"), std::string::npos);
}

TEST_F(OnToken, AKeyIsFoundByLabelIdAndPublicKey) {
  const Key made = make("seal", {1}, "rsa:2048");
  make("other", {2});
  token_.reopen();
  const auto found = token_->key({"seal", std::nullopt});
  ASSERT_TRUE(found) << found.error().sentence;
  EXPECT_EQ(found.value().id, Bytes{1});
  EXPECT_EQ(found.value().type.text(), "rsa:2048");
  EXPECT_EQ(found.value().public_key, made.public_key);
  EXPECT_TRUE(found.value().can_sign);
  EXPECT_EQ(token_->key({std::nullopt, Bytes{2}}).value().label, "other");
  EXPECT_EQ(token_->key_of(made.public_key).value()->label, "seal");
  EXPECT_FALSE(token_->key_of(Bytes{0x30, 0x00}).value());
  EXPECT_EQ(token_->key({"nobody", std::nullopt}).error().reason, Reason::not_found);
}

TEST_F(OnToken, NamesChangeForBothHalves) {
  const Key key = make("old", {1});
  ASSERT_TRUE(token_->set_label(key, "new"));
  ASSERT_TRUE(token_->set_id(key, Bytes{7, 8}));
  token_.reopen();
  const Key found = token_->key({"new", Bytes{7, 8}}).value();
  EXPECT_EQ(found.public_key, key.public_key);
  const Attributes half = token_->attributes(found.public_handle);
  EXPECT_EQ(half.bytes(CKA_LABEL), copy_of(view_of("new")));
  EXPECT_EQ(half.bytes(CKA_ID), (Bytes{7, 8}));
}

TEST_F(OnToken, DestroyingTwiceIsNoFailure) {
  const Key key = make("seal", {1});
  EXPECT_TRUE(token_->destroy(key));
  EXPECT_TRUE(token_->destroy(key));
  EXPECT_TRUE(token_->keys().value().empty());
}

// The public key of an object that does not show it whole is put together here.
TEST_F(OnToken, APublicKeyIsWhatOpenSslMakesOfIt) {
  std::uint8_t id = 0;
  for (const char* type : {"rsa:2048", "ec:P-384"}) {
    const Key key = make(type, {++id}, type);
    const std::uint8_t* in = key.public_key.data();
    const PkeyPtr read(d2i_PUBKEY(nullptr, &in, static_cast<long>(key.public_key.size())));
    ASSERT_TRUE(read) << type;
    EXPECT_EQ(crypto::der_of(read.get(), i2d_PUBKEY), key.public_key) << type;
    EXPECT_EQ(key.type.text(), type);
  }
}

TEST_F(OnToken, AWrongPinIsTriedOnce) {
  int asked = 0;
  const auto wrong = [&](const TokenInfo&) -> TokenResult<std::optional<Secret>> {
    ++asked;
    return std::optional(Secret(std::string_view("wrong")));
  };
  const TokenInfo info = token_->info();
  token_.close();
  for (const char* words : {"CKR_PIN_INCORRECT", "not tried again"}) {
    const auto session = TokenSession::open(token_.module(), info, wrong);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().reason, Reason::pin);
    EXPECT_NE(session.error().sentence.find(words), std::string::npos) << session.error().sentence;
  }
  EXPECT_EQ(asked, 2);
  token_.reopen();
}

}  // namespace
}  // namespace signet::pkcs11
