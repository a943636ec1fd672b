#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/digest_info.h"
#include "crypto/public_key.h"
#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

using Check = std::function<bool(ByteView signature)>;

// Right as it is; wrong truncated, lengthened, with any byte changed, empty, all zeros or all ones.
void expect_only_this_signature(const Bytes& good, const Check& verify, const std::string& what) {
  ASSERT_FALSE(good.empty()) << what;
  EXPECT_TRUE(verify(good)) << what;
  EXPECT_FALSE(verify({})) << what;
  EXPECT_FALSE(verify(ByteView(good).first(good.size() - 1))) << what;
  EXPECT_FALSE(verify(ByteView(good).last(good.size() - 1))) << what;
  EXPECT_FALSE(verify(Bytes(good.size(), 0x00))) << what;
  EXPECT_FALSE(verify(Bytes(good.size(), 0xFF))) << what;
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(verify(longer)) << what;
  longer = good;
  longer.insert(longer.begin(), 0);
  EXPECT_FALSE(verify(longer)) << what;
  for (std::size_t i = 0; i < good.size(); i += 7) {
    Bytes changed = good;
    changed[i] ^= 0x10;
    EXPECT_FALSE(verify(changed)) << what << " byte " << i;
  }
}

TEST(VerifyPkcs1, TakesOnlyTheSignatureOfEveryHash) {
  const TestKey& pair = TestKey::rsa(2048);
  const auto key = pair.public_key();
  for (const HashRow& row : kRealHashes) {
    const Hash hash = row.hash;
    const Bytes digest = digest_of(hash, view_of("abc"));
    expect_only_this_signature(
        pair.sign_pkcs1(hash, digest),
        [&](ByteView signature) { return key->verify_pkcs1_digest(hash, digest, signature); },
        hash_name(hash));
    EXPECT_FALSE(key->verify_pkcs1_digest(hash, digest_of(hash, view_of("abd")),
                                          pair.sign_pkcs1(hash, digest)));
  }
}

TEST(VerifyPkcs1, TellsHashesOfEqualLengthApart) {
  const TestKey& pair = TestKey::rsa(2048);
  const Bytes digest(32, 5);
  const Bytes signature = pair.sign_pkcs1(Hash::sha256, digest);
  const auto key = pair.public_key();
  EXPECT_TRUE(key->verify_pkcs1_digest(Hash::sha256, digest, signature));
  EXPECT_FALSE(key->verify_pkcs1_digest(Hash::sha3_256, digest, signature));
  EXPECT_FALSE(key->verify_pkcs1_digest(Hash::none, digest, signature));
  EXPECT_FALSE(key->verify_pkcs1_digest(Hash::sha384, digest, signature));
}

TEST(VerifyPkcs1, OfRawDataWorksFromNothingToTheLimit) {
  const TestKey& pair = TestKey::rsa(1024);
  const auto key = pair.public_key();
  for (const std::size_t size : {0U, 1U, 20U, 116U, 117U}) {
    const Bytes data = patterned(size);
    EXPECT_TRUE(key->verify_pkcs1_raw(data, pair.sign_pkcs1_raw(data))) << size;
  }
  EXPECT_FALSE(key->verify_pkcs1_raw(patterned(118), Bytes(128, 1)));
  EXPECT_FALSE(key->verify_pkcs1_raw(patterned(5000), Bytes(128, 1)));
}

// The private key signs blocks that look right to a careless parser.
TEST(VerifyPkcs1, RefusesPaddingThatIsNotExact) {
  const TestKey& pair = TestKey::rsa(1024);
  const auto key = pair.public_key();
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Bytes info = encode_digest_info(Hash::sha256, digest);
  const auto block = [&](std::size_t padding, ByteView behind) {
    Bytes made = {0x00, 0x01};
    made.insert(made.end(), padding, 0xFF);
    made.push_back(0x00);
    made.insert(made.end(), info.begin(), info.end());
    made.insert(made.end(), behind.begin(), behind.end());
    return made;
  };
  const auto accepted = [&](const Bytes& made) {
    EXPECT_EQ(made.size(), 128U);
    return key->verify_pkcs1_digest(Hash::sha256, digest, pair.sign_unpadded(made));
  };
  const std::size_t room = 128 - 3 - info.size();
  EXPECT_TRUE(accepted(block(room, {})));
  EXPECT_FALSE(accepted(block(8, patterned(room - 8))));  // bytes behind the DigestInfo
  Bytes type_two = block(room, {});
  type_two[1] = 0x02;
  EXPECT_FALSE(accepted(type_two));
  Bytes gap = block(room, {});
  gap[10] = 0xFE;
  EXPECT_FALSE(accepted(gap));
}

TEST(VerifyRsaX509, ComparesTheWholeBlockPaddedWithZeros) {
  const TestKey& pair = TestKey::rsa(1024);
  const auto key = pair.public_key();
  Bytes block = patterned(128);
  block[0] = 0;
  block[1] = 0;
  const Bytes signature = pair.sign_unpadded(block);
  expect_only_this_signature(
      signature, [&](ByteView s) { return key->verify_rsa_x509(block, s); }, "X.509");
  EXPECT_TRUE(key->verify_rsa_x509(ByteView(block).subspan(2), signature));
  EXPECT_FALSE(key->verify_rsa_x509(ByteView(block).subspan(3), signature));
  EXPECT_FALSE(key->verify_rsa_x509(Bytes(129, 0), signature));
}

TEST(VerifyRsa, RefusesASignatureThatIsNotBelowTheModulus) {
  const TestKey& pair = TestKey::rsa(1024);
  const auto key = pair.public_key();
  EXPECT_FALSE(key->verify_rsa_x509({}, key->modulus()));
}

TEST(VerifyPss, TakesOnlyTheSignatureOfEveryHashAndSaltLength) {
  const TestKey& pair = TestKey::rsa(2048);
  const auto key = pair.public_key();
  for (const HashRow& row : kRealHashes) {
    const Hash hash = row.hash;
    const Bytes digest = digest_of(hash, view_of("abc"));
    const auto longest = static_cast<int>(256 - digest.size() - 2);
    for (const int salt : {0, 1, static_cast<int>(digest.size()), longest}) {
      const PssParameters pss = {hash, static_cast<std::size_t>(salt)};
      expect_only_this_signature(
          pair.sign_pss(hash, hash, salt, digest),
          [&](ByteView s) { return key->verify_pss(hash, pss, digest, s); },
          std::string(hash_name(hash)) + " salt " + std::to_string(salt));
    }
  }
}

TEST(VerifyPss, TakesAMaskOfAnotherHash) {
  const TestKey& pair = TestKey::rsa(2048);
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Bytes signature = pair.sign_pss(Hash::sha256, Hash::sha1, 32, digest);
  const auto key = pair.public_key();
  EXPECT_TRUE(key->verify_pss(Hash::sha256, {Hash::sha1, 32}, digest, signature));
  EXPECT_FALSE(key->verify_pss(Hash::sha256, {Hash::sha256, 32}, digest, signature));
}

TEST(VerifyPss, RefusesAnyOtherSaltLengthAndDigestLength) {
  const TestKey& pair = TestKey::rsa(2048);
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Bytes signature = pair.sign_pss(Hash::sha256, Hash::sha256, 32, digest);
  const auto key = pair.public_key();
  for (const std::size_t salt : {std::size_t{0}, std::size_t{31}, std::size_t{33}, std::size_t{222},
                                 std::size_t{223}, std::size_t{100000}, SIZE_MAX}) {
    EXPECT_FALSE(key->verify_pss(Hash::sha256, {Hash::sha256, salt}, digest, signature));
  }
  EXPECT_FALSE(
      key->verify_pss(Hash::sha256, {Hash::sha256, 32}, ByteView(digest).first(31), signature));
  EXPECT_FALSE(key->verify_pss(Hash::none, {Hash::sha256, 32}, digest, signature));
  EXPECT_FALSE(key->verify_pss(Hash::sha256, {Hash::none, 32}, digest, signature));
}

TEST(VerifyPss, WorksWhereTheModulusIsOneBitOverWholeBytes) {
  const TestKey& pair = TestKey::rsa(1025);  // the encoded block is a byte shorter than the modulus
  const auto key = pair.public_key();
  ASSERT_TRUE(key);
  ASSERT_EQ(key->signature_size(), 129U);
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const PssParameters pss = {Hash::sha256, 94};
  expect_only_this_signature(
      pair.sign_pss(Hash::sha256, Hash::sha256, 94, digest),
      [&](ByteView s) { return key->verify_pss(Hash::sha256, pss, digest, s); }, "1025 bits");
}

TEST(VerifyEcdsa, TakesOnlyTheSignatureOnEveryCurveAndDigestLength) {
  for (const char* name : {"P-256", "P-384", "P-521"}) {
    const TestKey& pair = TestKey::on_curve(name);
    const auto key = pair.public_key();
    for (const std::size_t size : {1U, 20U, 28U, 32U, 40U, 48U, 64U, 66U, 100U}) {
      const Bytes digest = patterned(size);
      expect_only_this_signature(
          pair.sign_ecdsa(digest), [&](ByteView s) { return key->verify_ecdsa(digest, s); },
          std::string(name) + " " + std::to_string(size));
    }
  }
}

TEST(VerifyEcdsa, TakesLeadingZerosInBothHalves) {
  const TestKey& pair = TestKey::on_curve("P-256");
  const auto key = pair.public_key();
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  bool r_seen = false;
  bool s_seen = false;
  // One in 256 has either; 20,000 signatures without one do not happen.
  for (int i = 0; i < 20000 && !(r_seen && s_seen); ++i) {
    const Bytes signature = pair.sign_ecdsa(digest);
    const bool zero_r = signature[0] == 0;
    const bool zero_s = signature[32] == 0;
    if (!zero_r && !zero_s) continue;
    ASSERT_TRUE(key->verify_ecdsa(digest, signature)) << to_hex(signature);
    r_seen = r_seen || zero_r;
    s_seen = s_seen || zero_s;
  }
  EXPECT_TRUE(r_seen);
  EXPECT_TRUE(s_seen);
}

TEST(VerifyEcdsa, RefusesZeroAndOversizedNumbers) {
  const TestKey& pair = TestKey::on_curve("P-256");
  const auto key = pair.public_key();
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Bytes good = pair.sign_ecdsa(digest);
  for (const std::size_t half : {0U, 32U}) {
    for (const std::uint8_t fill : Bytes{0x00, 0xFF}) {
      Bytes bad = good;
      std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(half), 32, fill);
      EXPECT_FALSE(key->verify_ecdsa(digest, bad));
    }
  }
  EXPECT_FALSE(key->verify_ecdsa({}, good));
}

TEST(VerifyEddsa, TakesOnlyTheSignatureOfTheWholeMessage) {
  const TestKey& pair = TestKey::on_curve("ED25519");
  const auto key = pair.public_key();
  for (const std::size_t size : {0U, 1U, 1000U}) {
    const Bytes message = patterned(size);
    expect_only_this_signature(
        pair.sign_eddsa(message), [&](ByteView s) { return key->verify_eddsa(message, s); },
        std::to_string(size));
  }
  EXPECT_FALSE(key->verify_eddsa(patterned(999), pair.sign_eddsa(patterned(1000))));
}

TEST(Verify, WithAKeyOfAnotherTypeIsFalse) {
  const auto rsa = TestKey::rsa(2048).public_key();
  const auto ec = TestKey::on_curve("P-256").public_key();
  const auto ed25519 = TestKey::on_curve("ED25519").public_key();
  const Bytes digest(32, 1);
  for (const auto& key : {ec, ed25519}) {
    const Bytes signature(key->signature_size(), 1);
    EXPECT_FALSE(key->verify_pkcs1_digest(Hash::sha256, digest, signature));
    EXPECT_FALSE(key->verify_pkcs1_raw(digest, signature));
    EXPECT_FALSE(key->verify_rsa_x509(digest, signature));
    EXPECT_FALSE(key->verify_pss(Hash::sha256, {Hash::sha256, 0}, digest, signature));
  }
  EXPECT_FALSE(rsa->verify_ecdsa(digest, Bytes(256, 1)));
  EXPECT_FALSE(rsa->verify_eddsa(digest, Bytes(256, 1)));
  EXPECT_FALSE(ed25519->verify_ecdsa(digest, Bytes(64, 1)));
  EXPECT_FALSE(ec->verify_eddsa(digest, Bytes(64, 1)));
}

TEST(Verify, WorksInManyThreadsWithOneKey) {
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const TestKey& rsa_pair = TestKey::rsa(2048);
  const TestKey& ec_pair = TestKey::on_curve("P-256");
  const auto rsa = rsa_pair.public_key();
  const auto ec = ec_pair.public_key();
  const Bytes pss = rsa_pair.sign_pss(Hash::sha256, Hash::sha256, 32, digest);
  const Bytes pkcs1 = rsa_pair.sign_pkcs1(Hash::sha256, digest);
  const Bytes ecdsa = ec_pair.sign_ecdsa(digest);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        wrong += rsa->verify_pkcs1_digest(Hash::sha256, digest, pkcs1) ? 0 : 1;
        wrong += rsa->verify_pss(Hash::sha256, {Hash::sha256, 32}, digest, pss) ? 0 : 1;
        wrong += ec->verify_ecdsa(digest, ecdsa) ? 0 : 1;
        wrong += ec->verify_ecdsa(digest, Bytes(64, 9)) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace signet::crypto
