// Another PKCS#11 module that misbehaves harms neither its token nor us.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/openssl.h"
#include "pkcs11-client/tls_key.h"

namespace signet::pkcs11 {
namespace {

PinProvider pin(const std::string& text) {
  return [text](const TokenInfo&) -> TokenResult<std::optional<Secret>> {
    return std::optional(Secret(std::string_view(text)));
  };
}

class MisbehavingToken : public testing::Test {
 protected:
  static Uri uri_of(const std::string& token) {
    return Uri::parse("pkcs11:token=" + token + ";object=o?module-path=" + SIGNET_MISBEHAVING_TOKEN)
        .value();
  }

  auto open(const PinProvider& with, const std::string& token = "misbehaving") const {
    return TlsKey::open(uri_of(token), with, public_key_);
  }

  static unsigned logins() {
    void* const library = dlopen(SIGNET_MISBEHAVING_TOKEN, RTLD_NOW | RTLD_LOCAL);
    const auto count = reinterpret_cast<unsigned (*)()>(dlsym(library, "misbehaving_token_logins"));
    return count == nullptr ? 0 : count();
  }

  const PkeyPtr key_{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  const Bytes public_key_ = crypto::der_of(key_.get(), i2d_PUBKEY);
};

TEST_F(MisbehavingToken, IsAskedWithAWrongPinOnceHoweverManyConnectionsBeginTogether) {
  const unsigned before = logins();
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { refused += open(pin("wrong")).has_error() ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(logins(), before + 1);

  EXPECT_TRUE(open(pin("another")).has_error());
  EXPECT_EQ(logins(), before + 2) << "another PIN may be the right one";
}

TEST_F(MisbehavingToken, IsNotBelievedWhereItHasMoreSlotsThanThereIsRoomFor) {
  EXPECT_TRUE(open({}, "elsewhere").has_error());
}

TEST_F(MisbehavingToken, DoesNotSignMoreThanThereIsRoomFor) {
  const auto key = open({});
  ASSERT_TRUE(key.has_value()) << key.error().sentence;
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.value()->get(), nullptr));
  ASSERT_EQ(EVP_PKEY_sign_init(context.get()), 1);
  Bytes signature(256);
  std::size_t size = signature.size();
  EXPECT_NE(EVP_PKEY_sign(context.get(), signature.data(), &size, Bytes(32).data(), 32), 1);
  EXPECT_NE(key.value()->complaint().find("too long"), std::string::npos)
      << key.value()->complaint();
  crypto::openssl_reason();
}

TEST_F(MisbehavingToken, GivesNoValueThatIsLongerThanItSaid) {
  const auto module = Module::load(SIGNET_MISBEHAVING_TOKEN).value();
  const auto session =
      TokenSession::open_public(module, module->token(uri_of("misbehaving")).value()).value();
  EXPECT_EQ(session->attributes(1).bytes(CKA_VALUE), std::nullopt);
}

TEST_F(MisbehavingToken, IsNotFollowedThroughAListWithoutEnd) {
  const auto found = read_certificate(uri_of("misbehaving"), {});
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().sentence.find("does not end"), std::string::npos)
      << found.error().sentence;
}

}  // namespace
}  // namespace signet::pkcs11
