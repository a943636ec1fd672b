// A signature over more data than anybody wants in memory.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include <iostream>
#include <memory>

#include "tests/process/public_key.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/figures.h"
#include "tests/support/module.h"
#include "tests/support/sanitizers.h"

namespace signet::tests {
namespace {

constexpr std::size_t kPart = 1 << 20;
constexpr std::size_t kMostGrowthKib = 8192;

std::size_t parts() {
  const char* mebibytes = getenv("SIGNET_TEST_STREAM_MIB");
  return mebibytes == nullptr ? 256 : std::stoul(mebibytes);
}

class Sha256 {
 public:
  Sha256() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void update(ByteView data) { EVP_DigestUpdate(context_.get(), data.data(), data.size()); }
  Bytes finish() {
    Bytes digest(32);
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

TEST(StreamTest, IsSignedInConstantMemory) {
  const Emulator emulator({"rsa:2048:rsa"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "rsa", {}});
  const PublicKey public_key(session.attribute(key, CKA_PUBLIC_KEY_INFO));
  CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, nullptr, 0};
  Bytes part(kPart);
  for (std::size_t i = 0; i < part.size(); ++i) part[i] = static_cast<std::uint8_t>(i * 31);
  Sha256 expected;

  ASSERT_EQ(module->C_SignInit(session.handle(), &mechanism, key), CKR_OK);
  const auto before = current_figures();
  std::size_t most = before.resident_kib;
  for (std::size_t i = 0; i < parts(); ++i) {
    part.front() = static_cast<std::uint8_t>(i);
    ASSERT_EQ(module->C_SignUpdate(session.handle(), part.data(), part.size()), CKR_OK);
    expected.update(part);
    most = std::max(most, current_figures().resident_kib);
  }
  Bytes signature(256);
  CK_ULONG size = signature.size();
  ASSERT_EQ(module->C_SignFinal(session.handle(), signature.data(), &size), CKR_OK);
  EXPECT_TRUE(public_key.verifies_digest(expected.finish(), signature));

  std::cout << fmt::format("{} MiB signed, {} KiB more resident at the most\n", parts(),
                           most - before.resident_kib);
#ifndef SIGNET_SANITIZED
  EXPECT_LT(most - before.resident_kib, kMostGrowthKib);
#endif
}

}  // namespace
}  // namespace signet::tests
