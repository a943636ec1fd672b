#include "pkcs11-module/operation/signing.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "crypto/der.h"
#include "crypto/digest_info.h"
#include "crypto/testing/test_key.h"

namespace signet::operation {
namespace {

using crypto::digest_of;
using crypto::Hash;
using crypto::patterned;
using crypto::rv_of;
using crypto::Scheme;
using crypto::test_context;
using crypto::TestKey;
using mechanism::Chosen;
using mechanism::Offer;
using transport::Hash;
using transport::SignRequest;

transport::ApplianceInfo capable() {
  using transport::Curve;
  transport::ApplianceInfo info;
  info.rsa_bits = {1024, 4096};
  info.curves = {Curve::p256, Curve::p384, Curve::p521};
  info.algorithms = {Scheme::rsa_pkcs1, Scheme::rsa_pss, Scheme::rsa_raw, Scheme::ecdsa,
                     Scheme::eddsa};
  info.hashes = {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512};
  info.raw_pkcs1 = true;
  return info;
}

const Offer& offer() {
  static const Offer kOffer(capable(), true);
  return kOffer;
}

Offer offer_without_raw() {
  transport::ApplianceInfo info = capable();
  info.raw_pkcs1 = false;
  return {info, true};
}

Chosen chosen_for(CK_MECHANISM_TYPE type) {
  const crypto::Mechanism* row = crypto::find_mechanism(type);
  return {row, row->hash, {}};
}

Chosen chosen_pss(CK_MECHANISM_TYPE type, Hash hash, std::size_t salt) {
  return {crypto::find_mechanism(type), hash, {hash, salt}};
}

CkResult<Bytes> gathered(const Chosen& chosen, const TestKey& key,
                         const std::vector<Bytes>& parts) {
  BOOST_OUTCOME_TRY(auto message, Message::start(test_context(), chosen, *key.public_key()));
  for (const Bytes& part : parts) {
    BOOST_OUTCOME_TRY(message.update(part));
  }
  return message.finish();
}

CK_RV length_check(CK_MECHANISM_TYPE type, const TestKey& key, std::size_t size) {
  return rv_of(gathered(chosen_for(type), key, {patterned(size)}));
}

CkResult<SignRequest> request_for(CK_MECHANISM_TYPE type, const TestKey& key, ByteView data,
                                  const Offer& of = offer()) {
  return sign_request(chosen_for(type), *key.public_key(), data, of);
}

// What an appliance does with an ECDSA request: it knows only the digest, checks that its length is
// that of the named hash, and signs it.
Bytes appliance_signs_ecdsa(const TestKey& key, const SignRequest& request) {
  const std::map<Hash, std::size_t> lengths = {{Hash::sha1, 20},
                                               {Hash::sha224, 28},
                                               {Hash::sha256, 32},
                                               {Hash::sha384, 48},
                                               {Hash::sha512, 64}};
  const Bytes& digest = request.digests.at(0);
  EXPECT_EQ(request.algorithm, Scheme::ecdsa);
  EXPECT_EQ(digest.size(), lengths.at(request.hash));
  return key.sign_ecdsa(digest);
}

TEST(Message, HashesPartsOnTheWay) {
  const TestKey& key = TestKey::rsa(2048);
  const Bytes whole = digest_of(Hash::sha256, view_of("abc"));
  const Bytes a = {'a'};
  const Bytes bc = {'b', 'c'};
  EXPECT_EQ(gathered(chosen_for(CKM_SHA256_RSA_PKCS), key, {a, {}, bc}).value(), whole);
  EXPECT_EQ(gathered(chosen_for(CKM_SHA256_RSA_PKCS), key, {}).value(),
            digest_of(Hash::sha256, {}));
}

TEST(Message, HasNoLimitWhereItIsHashed) {
  EXPECT_EQ(length_check(CKM_ECDSA_SHA512, TestKey::on_curve("P-256"), 5000000), CKR_OK);
}

TEST(Message, KeepsRawPartsInOrder) {
  const TestKey& key = TestKey::rsa(2048);
  EXPECT_EQ(gathered(chosen_for(CKM_RSA_PKCS), key, {{1, 2}, {}, {3}}).value(), (Bytes{1, 2, 3}));
}

TEST(Message, HoldsTheLengthsOfEachRawMechanism) {
  struct Row {
    CK_MECHANISM_TYPE type;
    const TestKey& key;
    std::size_t least;
    std::size_t most;
  };
  const Row rows[] = {
      {CKM_RSA_PKCS, TestKey::rsa(2048), 0, 245},
      {CKM_RSA_PKCS, TestKey::rsa(1032), 0, 118},
      {CKM_RSA_X_509, TestKey::rsa(2048), 1, 256},
      {CKM_ECDSA, TestKey::on_curve("P-256"), 1, kMaxEcdsaData},
      {CKM_ECDSA, TestKey::on_curve("P-384"), 1, kMaxEcdsaData},
      {CKM_ECDSA, TestKey::on_curve("P-521"), 1, kMaxEcdsaDataP521},
      {CKM_EDDSA, TestKey::on_curve("ED25519"), 0, kMaxEddsaMessage},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(length_check(row.type, row.key, row.least), CKR_OK) << row.type;
    EXPECT_EQ(length_check(row.type, row.key, row.most), CKR_OK) << row.type;
    EXPECT_EQ(length_check(row.type, row.key, row.most + 1), CKR_DATA_LEN_RANGE) << row.type;
    if (row.least > 0) {
      EXPECT_EQ(length_check(row.type, row.key, row.least - 1), CKR_DATA_LEN_RANGE) << row.type;
    }
  }
}

TEST(Message, OfRawPssIsExactlyADigest) {
  const auto rv = [](Hash hash, std::size_t size) {
    return rv_of(
        gathered(chosen_pss(CKM_RSA_PKCS_PSS, hash, 0), TestKey::rsa(2048), {patterned(size)}));
  };
  EXPECT_EQ(rv(Hash::sha256, 32), CKR_OK);
  EXPECT_EQ(rv(Hash::sha256, 31), CKR_DATA_LEN_RANGE);
  EXPECT_EQ(rv(Hash::sha256, 33), CKR_DATA_LEN_RANGE);
  EXPECT_EQ(rv(Hash::sha1, 20), CKR_OK);
  EXPECT_EQ(rv(Hash::sha512, 0), CKR_DATA_LEN_RANGE);
}

TEST(Message, RefusesTooMuchAtOnceInsteadOfKeepingIt) {
  auto message = Message::start(test_context(), chosen_for(CKM_EDDSA),
                                *TestKey::on_curve("ED25519").public_key())
                     .value();
  const Bytes half(kMaxEddsaMessage / 2 + 1, 1);
  EXPECT_TRUE(message.update(half));
  EXPECT_EQ(rv_of(message.update(half)), CKR_DATA_LEN_RANGE);
}

TEST(Message, TakesAndGivesNothingUnlessItIsStarted) {
  Message message;
  EXPECT_EQ(rv_of(message.update(Bytes(1))), CKR_DATA_LEN_RANGE);
  EXPECT_EQ(rv_of(message.finish()), CKR_DATA_LEN_RANGE);

  message = Message::start(test_context(), chosen_for(CKM_ECDSA),
                           *TestKey::on_curve("P-256").public_key())
                .value();
  ASSERT_TRUE(message.update(Bytes(32)));
  ASSERT_EQ(message.finish().value().size(), 32U);
  EXPECT_EQ(rv_of(message.finish()), CKR_DATA_LEN_RANGE);
}

TEST(SignRequest, OfAHashedPkcs1IsHashAndDigest) {
  const Bytes digest = digest_of(Hash::sha384, view_of("abc"));
  const auto request = request_for(CKM_SHA384_RSA_PKCS, TestKey::rsa(2048), digest);
  ASSERT_TRUE(request);
  EXPECT_EQ(request.value().algorithm, Scheme::rsa_pkcs1);
  EXPECT_EQ(request.value().hash, Hash::sha384);
  EXPECT_EQ(request.value().digests, std::vector<Bytes>{digest});
}

TEST(SignRequest, OfAHashThatTheApplianceLacksIsAReadyDigestInfo) {
  const Bytes digest = digest_of(Hash::sha224, view_of("abc"));
  const auto request = request_for(CKM_SHA224_RSA_PKCS, TestKey::rsa(2048), digest);
  ASSERT_TRUE(request);
  EXPECT_EQ(request.value().hash, Hash::none);
  EXPECT_EQ(request.value().digests.at(0), encode_digest_info(Hash::sha224, digest));
  EXPECT_EQ(
      rv_of(request_for(CKM_SHA224_RSA_PKCS, TestKey::rsa(2048), digest, offer_without_raw())),
      CKR_DATA_INVALID);
}

TEST(SignRequest, OfARawDigestInfoIsHashAndDigestEvenWhereRawIsOffered) {
  for (const Hash hash : {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512}) {
    const Bytes digest = digest_of(hash, view_of("abc"));
    const Bytes info = encode_digest_info(hash, digest);
    for (const Offer& of : {offer(), offer_without_raw()}) {
      const auto request = request_for(CKM_RSA_PKCS, TestKey::rsa(2048), info, of);
      ASSERT_TRUE(request);
      EXPECT_EQ(request.value().hash, hash);
      EXPECT_EQ(request.value().digests.at(0), digest);
    }
  }
}

TEST(SignRequest, OfAnyOtherRawPkcs1DataNeedsAnApplianceThatPadsAnything) {
  const Bytes sha256_info = encode_digest_info(Hash::sha256, Bytes(32, 1));
  Bytes no_null = sha256_info;  // 0500 taken out, both lengths less by two
  no_null.erase(no_null.begin() + 15, no_null.begin() + 17);
  no_null[1] = static_cast<std::uint8_t>(no_null[1] - 2);
  no_null[3] = static_cast<std::uint8_t>(no_null[3] - 2);
  ASSERT_TRUE(der::only(der::kSequence, no_null));
  for (const Bytes& data : {Bytes{}, patterned(36), no_null, Bytes(245, 0xFF),
                            encode_digest_info(Hash::sha3_256, Bytes(32, 1))}) {
    const auto request = request_for(CKM_RSA_PKCS, TestKey::rsa(2048), data);
    ASSERT_TRUE(request);
    EXPECT_EQ(request.value().algorithm, Scheme::rsa_pkcs1);
    EXPECT_EQ(request.value().hash, Hash::none);
    EXPECT_EQ(request.value().digests.at(0), data);
    EXPECT_EQ(rv_of(request_for(CKM_RSA_PKCS, TestKey::rsa(2048), data, offer_without_raw())),
              CKR_DATA_INVALID);
  }
}

TEST(SignRequest, OfPssCarriesTheSaltLength) {
  for (const auto type : {CKM_RSA_PKCS_PSS, CKM_SHA512_RSA_PKCS_PSS}) {
    const Chosen chosen = chosen_pss(type, Hash::sha512, 21);
    const auto request =
        sign_request(chosen, *TestKey::rsa(2048).public_key(), patterned(64), offer());
    ASSERT_TRUE(request);
    EXPECT_EQ(request.value().algorithm, Scheme::rsa_pss);
    EXPECT_EQ(request.value().hash, Hash::sha512);
    EXPECT_EQ(request.value().salt_length, 21U);
    EXPECT_EQ(request.value().digests.at(0), patterned(64));
  }
}

TEST(SignRequest, OfAnUnpaddedBlockIsPaddedWithZerosAndBelowTheModulus) {
  const TestKey& key = TestKey::rsa(2048);
  const auto request = request_for(CKM_RSA_X_509, key, Bytes{5, 6});
  ASSERT_TRUE(request);
  EXPECT_EQ(request.value().algorithm, Scheme::rsa_raw);
  EXPECT_EQ(request.value().hash, Hash::none);
  Bytes expected(256, 0);
  expected[254] = 5;
  expected[255] = 6;
  EXPECT_EQ(request.value().digests.at(0), expected);
  const Bytes modulus = key.public_key()->modulus();
  EXPECT_EQ(rv_of(request_for(CKM_RSA_X_509, key, modulus)), CKR_DATA_INVALID);
  EXPECT_EQ(rv_of(request_for(CKM_RSA_X_509, key, Bytes(256, 0xFF))), CKR_DATA_INVALID);
  Bytes below = modulus;
  below.back() = static_cast<std::uint8_t>(below.back() - 1);
  EXPECT_EQ(rv_of(request_for(CKM_RSA_X_509, key, below)), CKR_OK);
}

TEST(SignRequest, OfEddsaIsTheMessage) {
  const auto request = request_for(CKM_EDDSA, TestKey::on_curve("ED25519"), patterned(1000));
  ASSERT_TRUE(request);
  EXPECT_EQ(request.value().algorithm, Scheme::eddsa);
  EXPECT_EQ(request.value().hash, Hash::none);
  EXPECT_EQ(request.value().digests.at(0), patterned(1000));
}

// For every length: the appliance's signature of what it was sent is right for what the caller
// gave.
TEST(SignRequest, OfRawEcdsaKeepsTheSignedNumberAtEveryLength) {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    const TestKey& key = TestKey::on_curve(curve);
    const std::size_t most = std::string(curve) == "P-521" ? 64 : 130;
    for (std::size_t size = 1; size <= most; ++size) {
      Bytes data = patterned(size);
      data[0] |= 0x80U;  // the highest bit counts
      const auto request = request_for(CKM_ECDSA, key, data);
      ASSERT_TRUE(request) << curve << " " << size;
      const Bytes signature = appliance_signs_ecdsa(key, request.value());
      EXPECT_TRUE(verify(chosen_for(CKM_ECDSA), *key.public_key(), data, signature))
          << curve << " " << size;
    }
    EXPECT_EQ(rv_of(request_for(CKM_ECDSA, key, {})), CKR_DATA_LEN_RANGE);
  }
  EXPECT_EQ(rv_of(request_for(CKM_ECDSA, TestKey::on_curve("P-521"), patterned(65))),
            CKR_DATA_LEN_RANGE);
}

TEST(SignRequest, OfRawEcdsaUsesTheHashOfTheDatasLengthUnchanged) {
  const std::map<std::size_t, Hash> hashes = {
      {20, Hash::sha1}, {32, Hash::sha256}, {48, Hash::sha384}, {64, Hash::sha512}};
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    for (const auto& [size, hash] : hashes) {
      const auto request = request_for(CKM_ECDSA, TestKey::on_curve(curve), patterned(size));
      ASSERT_TRUE(request) << curve << " " << size;
      EXPECT_EQ(request.value().hash, hash) << curve << " " << size;
      EXPECT_EQ(request.value().digests.at(0), patterned(size)) << curve << " " << size;
    }
  }
}

TEST(SignRequest, OfHashedEcdsaIsRightForEveryHashAndCurve) {
  const std::map<CK_MECHANISM_TYPE, Hash> types = {{CKM_ECDSA_SHA1, Hash::sha1},
                                                   {CKM_ECDSA_SHA224, Hash::sha224},
                                                   {CKM_ECDSA_SHA256, Hash::sha256},
                                                   {CKM_ECDSA_SHA384, Hash::sha384},
                                                   {CKM_ECDSA_SHA512, Hash::sha512}};
  transport::ApplianceInfo info = capable();
  info.hashes = {Hash::sha256, Hash::sha384, Hash::sha512};
  const Offer without_sha1(info, true);
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    const TestKey& key = TestKey::on_curve(curve);
    for (const auto& [type, hash] : types) {
      for (const Offer& of : {offer(), without_sha1}) {
        const Bytes digest = digest_of(hash, view_of("abc"));
        const auto request = request_for(type, key, digest, of);
        ASSERT_TRUE(request) << curve << " " << type;
        EXPECT_TRUE(verify(chosen_for(type), *key.public_key(), digest,
                           appliance_signs_ecdsa(key, request.value())))
            << curve << " " << type;
      }
    }
  }
}

TEST(SignRequest, OfEcdsaThatNoHashCanCarryIsRefused) {
  transport::ApplianceInfo info = capable();
  info.hashes = {Hash::sha512};
  const Offer only_sha512(info, true);
  EXPECT_EQ(rv_of(request_for(CKM_ECDSA, TestKey::on_curve("P-256"), patterned(20), only_sha512)),
            CKR_DATA_LEN_RANGE);
  EXPECT_EQ(rv_of(request_for(CKM_ECDSA, TestKey::on_curve("P-521"), patterned(20), only_sha512)),
            CKR_OK);
}

TEST(SignRequest, OfADigestMechanismIsRefused) {
  EXPECT_EQ(rv_of(request_for(CKM_SHA256, TestKey::rsa(2048), patterned(32))),
            CKR_MECHANISM_INVALID);
}

TEST(Verify, WorksForEverySchemeOnWhatFinishGives) {
  const TestKey& rsa = TestKey::rsa(2048);
  const TestKey& ec = TestKey::on_curve("P-384");
  const TestKey& ed25519 = TestKey::on_curve("ED25519");
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Bytes info = encode_digest_info(Hash::sha256, digest);
  const Chosen pss = chosen_pss(CKM_RSA_PKCS_PSS, Hash::sha256, 32);
  struct Row {
    Chosen chosen;
    const TestKey& key;
    Bytes data;
    Bytes signature;
  };
  const Row rows[] = {
      {chosen_for(CKM_RSA_PKCS), rsa, info, rsa.sign_pkcs1(Hash::sha256, digest)},
      {chosen_for(CKM_SHA256_RSA_PKCS), rsa, digest, rsa.sign_pkcs1(Hash::sha256, digest)},
      {pss, rsa, digest, rsa.sign_pss(Hash::sha256, Hash::sha256, 32, digest)},
      {chosen_for(CKM_RSA_X_509), rsa, Bytes{7}, rsa.sign_unpadded([] {
         Bytes block(256, 0);
         block[255] = 7;
         return block;
       }())},
      {chosen_for(CKM_ECDSA_SHA256), ec, digest, ec.sign_ecdsa(digest)},
      {chosen_for(CKM_EDDSA), ed25519, patterned(99), ed25519.sign_eddsa(patterned(99))},
  };
  for (const Row& row : rows) {
    const auto key = row.key.public_key();
    EXPECT_TRUE(verify(row.chosen, *key, row.data, row.signature)) << row.chosen.mechanism->name;
    Bytes other = row.data;
    other.back() ^= 1U;
    EXPECT_FALSE(verify(row.chosen, *key, other, row.signature)) << row.chosen.mechanism->name;
    EXPECT_FALSE(verify(row.chosen, *key, row.data, {})) << row.chosen.mechanism->name;
  }
  EXPECT_FALSE(verify(chosen_for(CKM_SHA256), *rsa.public_key(), digest, Bytes(256, 1)));
}

}  // namespace
}  // namespace signet::operation
