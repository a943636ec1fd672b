#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "crypto/testing/test_key.h"
#include "dsa-transport/native/wire_objects.h"
#include "pkcs11-module/mechanism/offer.h"

namespace signet::mechanism {
namespace {

using crypto::Hash;
using crypto::rv_of;
using crypto::TestKey;

const Offer& offer() {
  static const Offer kOffer(transport::native::contract_minimum(), true);
  return kOffer;
}

CK_RV choose_plain(CK_MECHANISM_TYPE type, CK_FLAGS use, const TestKey& key,
                   CK_VOID_PTR parameter = nullptr, CK_ULONG size = 0) {
  return rv_of(choose(offer(), {type, parameter, size}, use, *key.public_key()));
}

CkResult<Chosen> choose_pss(CK_MECHANISM_TYPE type, CK_RSA_PKCS_PSS_PARAMS parameters, CK_FLAGS use,
                            std::size_t bits = 2048) {
  const CK_MECHANISM mechanism = {type, &parameters, sizeof parameters};
  return choose(offer(), mechanism, use, *TestKey::rsa(bits).public_key());
}

TEST(Choose, GivesTheRowAndItsHash) {
  const auto chosen = choose(offer(), {CKM_SHA384_RSA_PKCS, nullptr, 0}, CKF_SIGN,
                             *TestKey::rsa(2048).public_key());
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen.value().mechanism, crypto::find_mechanism(CKM_SHA384_RSA_PKCS));
  EXPECT_EQ(chosen.value().digest_hash, Hash::sha384);
}

// A page that nobody may read shows that nothing is read there.
TEST(Choose, PassesOverAParameterWhereTheMechanismHasNone) {
  void* const nowhere = reinterpret_cast<void*>(std::uintptr_t{16});
  for (const crypto::Mechanism& row : crypto::mechanisms()) {
    if (!row.scheme || *row.scheme == crypto::Scheme::rsa_pss ||
        *row.scheme == crypto::Scheme::eddsa)
      continue;
    const TestKey& key =
        row.key_type == crypto::KeyType::rsa ? TestKey::rsa(2048) : TestKey::on_curve("P-256");
    for (const CK_ULONG size : {CK_ULONG{0}, CK_ULONG{1}, CK_ULONG{1} << 31U, ~CK_ULONG{0}}) {
      EXPECT_EQ(choose_plain(row.type, CKF_VERIFY, key, nowhere, size), CKR_OK) << row.name;
      EXPECT_EQ(choose_plain(row.type, CKF_VERIFY, key, nullptr, size), CKR_OK) << row.name;
    }
  }
  EXPECT_EQ(choose_plain(CKM_ECDSA, CKF_SIGN, TestKey::on_curve("P-256"), nowhere, 5), CKR_OK);
}

// A context or a prehash would be another signature than is made.
TEST(Choose, RefusesTheParameterOfEddsa) {
  const TestKey& key = TestKey::on_curve("ED25519");
  std::array<std::uint8_t, 3 * sizeof(CK_ULONG)> params{};
  EXPECT_EQ(choose_plain(CKM_EDDSA, CKF_VERIFY, key), CKR_OK);
  EXPECT_EQ(choose_plain(CKM_EDDSA, CKF_VERIFY, key, params.data(), params.size()),
            CKR_MECHANISM_PARAM_INVALID);
}

TEST(Choose, RefusesAKeyOfAnotherType) {
  const TestKey& rsa = TestKey::rsa(2048);
  const TestKey& ec = TestKey::on_curve("P-256");
  const TestKey& ed25519 = TestKey::on_curve("ED25519");
  EXPECT_EQ(choose_plain(CKM_ECDSA, CKF_SIGN, ec), CKR_OK);
  EXPECT_EQ(choose_plain(CKM_ECDSA, CKF_SIGN, rsa), CKR_KEY_TYPE_INCONSISTENT);
  EXPECT_EQ(choose_plain(CKM_ECDSA, CKF_SIGN, ed25519), CKR_KEY_TYPE_INCONSISTENT);
  EXPECT_EQ(choose_plain(CKM_RSA_PKCS, CKF_VERIFY, ec), CKR_KEY_TYPE_INCONSISTENT);
  EXPECT_EQ(choose_plain(CKM_EDDSA, CKF_VERIFY, ec), CKR_KEY_TYPE_INCONSISTENT);
  EXPECT_EQ(choose_plain(CKM_EDDSA, CKF_VERIFY, ed25519), CKR_OK);
}

TEST(Choose, ChecksTheKeysSizeForSigningOnly) {
  const TestKey& small = TestKey::rsa(1024);
  EXPECT_EQ(choose_plain(CKM_SHA256_RSA_PKCS, CKF_SIGN, small), CKR_KEY_SIZE_RANGE);
  EXPECT_EQ(choose_plain(CKM_SHA256_RSA_PKCS, CKF_MESSAGE_SIGN, small), CKR_KEY_SIZE_RANGE);
  EXPECT_EQ(choose_plain(CKM_SHA256_RSA_PKCS, CKF_VERIFY, small), CKR_OK);
  transport::ApplianceInfo info;
  info.curves = {transport::Curve::p256};
  info.algorithms = {transport::Scheme::ecdsa};
  info.hashes = {transport::Hash::sha256};
  const Offer narrow(info, false);
  EXPECT_EQ(rv_of(choose(narrow, {CKM_ECDSA, nullptr, 0}, CKF_SIGN,
                         *TestKey::on_curve("P-384").public_key())),
            CKR_KEY_SIZE_RANGE);
}

TEST(Choose, ChecksMechanismThenParameterThenTypeThenSize) {
  std::uint8_t byte = 0;
  const TestKey& ec = TestKey::on_curve("P-256");
  EXPECT_EQ(choose_plain(CKM_AES_CBC, CKF_SIGN, ec, &byte, 1), CKR_MECHANISM_INVALID);
  EXPECT_EQ(choose_plain(CKM_SHA256, CKF_SIGN, ec, &byte, 1), CKR_MECHANISM_INVALID);
  EXPECT_EQ(choose_plain(CKM_RSA_PKCS_PSS, CKF_SIGN, ec, &byte, 1), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(choose_plain(CKM_RSA_PKCS, CKF_SIGN, ec), CKR_KEY_TYPE_INCONSISTENT);
  EXPECT_EQ(rv_of(choose_pss(CKM_RSA_PKCS_PSS, {CKM_SHA256, CKG_MGF1_SHA256, 500}, CKF_SIGN, 1024)),
            CKR_KEY_SIZE_RANGE);
}

TEST(ChoosePss, TakesEveryHashOfTheAppliance) {
  struct Row {
    CK_MECHANISM_TYPE type;
    CK_MECHANISM_TYPE hash;
    CK_RSA_PKCS_MGF_TYPE mgf;
    Hash expected;
  };
  const Row rows[] = {
      {CKM_SHA1_RSA_PKCS_PSS, CKM_SHA_1, CKG_MGF1_SHA1, Hash::sha1},
      {CKM_SHA256_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, Hash::sha256},
      {CKM_SHA384_RSA_PKCS_PSS, CKM_SHA384, CKG_MGF1_SHA384, Hash::sha384},
      {CKM_SHA512_RSA_PKCS_PSS, CKM_SHA512, CKG_MGF1_SHA512, Hash::sha512},
  };
  for (const Row& row : rows) {
    for (const CK_MECHANISM_TYPE type : {row.type, CK_MECHANISM_TYPE{CKM_RSA_PKCS_PSS}}) {
      const auto chosen = choose_pss(type, {row.hash, row.mgf, 17}, CKF_SIGN);
      ASSERT_TRUE(chosen) << type;
      EXPECT_EQ(chosen.value().digest_hash, row.expected);
      EXPECT_EQ(chosen.value().pss.mgf_hash, row.expected);
      EXPECT_EQ(chosen.value().pss.salt_length, 17U);
    }
  }
}

TEST(ChoosePss, TakesSaltsFromNothingToWhatTheKeyCanHold) {
  const auto rv = [](CK_ULONG salt, std::size_t bits, CK_FLAGS use) {
    return rv_of(
        choose_pss(CKM_SHA256_RSA_PKCS_PSS, {CKM_SHA256, CKG_MGF1_SHA256, salt}, use, bits));
  };
  EXPECT_EQ(rv(0, 2048, CKF_SIGN), CKR_OK);
  EXPECT_EQ(rv(222, 2048, CKF_SIGN), CKR_OK);
  EXPECT_EQ(rv(223, 2048, CKF_SIGN), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(~CK_ULONG{0}, 2048, CKF_SIGN), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(223, 2048, CKF_VERIFY), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(94, 1025, CKF_VERIFY), CKR_OK);  // 1025 bits hold a block of 128 bytes
  EXPECT_EQ(rv(95, 1025, CKF_VERIFY), CKR_MECHANISM_PARAM_INVALID);
}

TEST(ChoosePss, RefusesEveryContradiction) {
  const auto rv = [](CK_MECHANISM_TYPE type, CK_RSA_PKCS_PSS_PARAMS parameters, CK_FLAGS use) {
    return rv_of(choose_pss(type, parameters, use));
  };
  for (const CK_FLAGS use : {CK_FLAGS{CKF_SIGN}, CK_FLAGS{CKF_VERIFY}}) {
    // Another hash than the mechanism's, no hash at all, no mask at all.
    EXPECT_EQ(rv(CKM_SHA256_RSA_PKCS_PSS, {CKM_SHA512, CKG_MGF1_SHA512, 32}, use),
              CKR_MECHANISM_PARAM_INVALID);
    EXPECT_EQ(rv(CKM_RSA_PKCS_PSS, {CKM_RSA_PKCS, CKG_MGF1_SHA256, 32}, use),
              CKR_MECHANISM_PARAM_INVALID);
    EXPECT_EQ(rv(CKM_RSA_PKCS_PSS, {CKM_SHA256_RSA_PKCS, CKG_MGF1_SHA256, 32}, use),
              CKR_MECHANISM_PARAM_INVALID);
    EXPECT_EQ(rv(CKM_RSA_PKCS_PSS, {0, CKG_MGF1_SHA256, 32}, use), CKR_MECHANISM_PARAM_INVALID);
    EXPECT_EQ(rv(CKM_RSA_PKCS_PSS, {CKM_SHA256, 0, 32}, use), CKR_MECHANISM_PARAM_INVALID);
    EXPECT_EQ(rv(CKM_RSA_PKCS_PSS, {CKM_SHA256, 99, 32}, use), CKR_MECHANISM_PARAM_INVALID);
  }
}

TEST(ChoosePss, VerifiesWhatTheApplianceCannotSign) {
  const auto rv = [](CK_RSA_PKCS_PSS_PARAMS parameters, CK_FLAGS use) {
    return rv_of(choose_pss(CKM_RSA_PKCS_PSS, parameters, use));
  };
  const CK_RSA_PKCS_PSS_PARAMS mixed = {CKM_SHA256, CKG_MGF1_SHA1, 32};
  EXPECT_EQ(rv(mixed, CKF_SIGN), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(mixed, CKF_VERIFY), CKR_OK);
  const CK_RSA_PKCS_PSS_PARAMS sha224 = {CKM_SHA224, CKG_MGF1_SHA224, 28};
  EXPECT_EQ(rv(sha224, CKF_SIGN), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(sha224, CKF_VERIFY), CKR_OK);
  const CK_RSA_PKCS_PSS_PARAMS sha3 = {CKM_SHA3_256, CKG_MGF1_SHA3_256, 32};
  EXPECT_EQ(rv(sha3, CKF_SIGN), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(sha3, CKF_VERIFY), CKR_OK);
}

TEST(ChoosePss, NeedsAParameterOfTheRightLength) {
  CK_RSA_PKCS_PSS_PARAMS good = {CKM_SHA256, CKG_MGF1_SHA256, 32};
  const TestKey& rsa = TestKey::rsa(2048);
  const auto rv = [&](CK_VOID_PTR parameter, CK_ULONG size) {
    return choose_plain(CKM_SHA256_RSA_PKCS_PSS, CKF_SIGN, rsa, parameter, size);
  };
  EXPECT_EQ(rv(&good, sizeof good), CKR_OK);
  EXPECT_EQ(rv(nullptr, 0), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(nullptr, sizeof good), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(&good, 0), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(&good, sizeof good - 1), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(rv(&good, sizeof good + 1), CKR_MECHANISM_PARAM_INVALID);
}

TEST(ChoosePss, ReadsAParameterAtAnyAddress) {
  const CK_RSA_PKCS_PSS_PARAMS good = {CKM_SHA256, CKG_MGF1_SHA256, 32};
  std::vector<std::uint8_t> memory(sizeof good + 8);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    std::memcpy(memory.data() + offset, &good, sizeof good);
    EXPECT_EQ(choose_plain(CKM_SHA256_RSA_PKCS_PSS, CKF_SIGN, TestKey::rsa(2048),
                           memory.data() + offset, sizeof good),
              CKR_OK)
        << offset;
  }
}

}  // namespace
}  // namespace signet::mechanism
