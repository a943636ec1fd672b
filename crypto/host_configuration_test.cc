// In a program of its own: OpenSSL reads its configuration once a process, and the key pairs of the
// other tests are made in ways that read it.
#include <gtest/gtest.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"

namespace signet::crypto {
namespace {

bool was_read = false;

int note_reading(CONF_IMODULE* /*module*/, const CONF* /*configuration*/) {
  was_read = true;
  return 1;
}

Bytes certificate_with(ByteView spki) {
  const auto joined = [](std::initializer_list<ByteView> parts) {
    Bytes whole;
    for (const ByteView part : parts) whole = der::concat(whole, part);
    return whole;
  };
  const Bytes serial = {0x02, 0x01, 0x01};
  const Bytes empty = {0x30, 0x00};
  const Bytes signature = {0x03, 0x01, 0x00};
  const Bytes to_be_signed =
      der::encode(der::kSequence, joined({serial, empty, empty, empty, empty, spki}));
  return der::encode(der::kSequence, joined({to_be_signed, empty, signature}));
}

// The base points of the curves are as good public keys as any (SEC 2).
constexpr struct {
  std::string_view params;
  std::string_view point;
} kPoints[] = {
    {"06082a8648ce3d030107", "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"},
    {"06052b81040022",
     "03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
     "5502f25dbf55296c3a545e3872760ab7"},
    {"06052b81040023",
     "0200c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d"
     "3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"},
    {"06032b6570", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
};

void use_everything_but_verification() {
  const auto context = Context::create();
  ASSERT_TRUE(context);
  for (const HashRow& row : kRealHashes) {
    const Hash hash = row.hash;
    auto digest = Digest::start(context.value(), hash);
    ASSERT_TRUE(digest);
    EXPECT_TRUE(digest.value().update(view_of("abc")));
    EXPECT_TRUE(digest.value().finish());
  }
  const Bytes modulus(256, 0xFF);
  EXPECT_TRUE(PublicKey::from_rsa(context.value(), modulus, Bytes{1, 0, 1}));
  for (const auto& [params, point] : kPoints) {
    const auto key =
        PublicKey::from_ec(context.value(), from_hex(params).value(), from_hex(point).value());
    ASSERT_TRUE(key) << params;
    EXPECT_TRUE(PublicKey::from_spki(context.value(), key.value()->spki()));
    const auto certified =
        PublicKey::from_certificate(context.value(), certificate_with(key.value()->spki()));
    ASSERT_TRUE(certified);
    EXPECT_EQ(certified.value()->spki(), key.value()->spki());
  }
  Bytes random(16);
  EXPECT_TRUE(random_bytes(random));
  EXPECT_FALSE(openssl_is_gone());
}

TEST(HostConfiguration, IsNotReadByDigestsKeysAndCertificates) {
  const std::string path = testing::TempDir() + "signet-openssl." + std::to_string(getpid());
  std::ofstream(path) << "openssl_conf = main\n[main]\nsignet_probe = on\n";
  ASSERT_EQ(setenv("OPENSSL_CONF", path.c_str(), 1), 0);
  ASSERT_EQ(CONF_module_add("signet_probe", &note_reading, nullptr), 1);

  use_everything_but_verification();
  EXPECT_FALSE(was_read);

  // The probe works: asked for, the configuration is read.
  ASSERT_EQ(OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr), 1);
  EXPECT_TRUE(was_read);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace signet::crypto
