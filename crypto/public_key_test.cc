#include "crypto/public_key.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "crypto/der.h"
#include "crypto/spki.h"
#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

constexpr const char* kCurveNames[] = {"P-256", "P-384", "P-521", "ED25519"};

Bytes hex(std::string_view text) {
  return from_hex(text).value_or(Bytes{});
}

TEST(PublicKey, OfRsaShowsItsNumbers) {
  const auto key = TestKey::rsa(2048).public_key();
  ASSERT_TRUE(key);
  EXPECT_EQ(key->type(), KeyType::rsa);
  EXPECT_EQ(key->bits(), 2048U);
  EXPECT_EQ(key->signature_size(), 256U);
  EXPECT_EQ(key->order_size(), 0U);
  EXPECT_EQ(key->curve(), nullptr);
  EXPECT_EQ(key->modulus().size(), 256U);
  EXPECT_EQ(to_hex(key->public_exponent()), "010001");
  EXPECT_TRUE(key->ec_params().empty());
  EXPECT_TRUE(key->ec_point().empty());
}

TEST(PublicKey, OnACurveShowsParametersAndPoint) {
  const auto p521 = TestKey::on_curve("P-521").public_key();
  ASSERT_TRUE(p521);
  EXPECT_EQ(p521->type(), KeyType::ec);
  EXPECT_EQ(p521->bits(), 521U);
  EXPECT_EQ(p521->signature_size(), 132U);
  EXPECT_EQ(p521->order_size(), 66U);
  EXPECT_EQ(to_hex(p521->ec_params()), "06052b81040023");
  EXPECT_EQ(p521->ec_point().size(), 136U);
  EXPECT_EQ(to_hex(p521->ec_point()).substr(0, 8), "04818504");
  EXPECT_TRUE(p521->modulus().empty());

  const auto ed25519 = TestKey::on_curve("ED25519").public_key();
  ASSERT_TRUE(ed25519);
  EXPECT_EQ(ed25519->type(), KeyType::edwards);
  EXPECT_EQ(ed25519->bits(), 255U);
  EXPECT_EQ(ed25519->signature_size(), 64U);
  EXPECT_EQ(to_hex(ed25519->ec_params()), "06032b6570");
  EXPECT_EQ(ed25519->ec_point().size(), 32U);
}

TEST(PublicKey, GivesBackTheSubjectPublicKeyInfoThatOpensslMakes) {
  EXPECT_EQ(TestKey::rsa(2048).public_key()->spki(), TestKey::rsa(2048).spki());
  EXPECT_EQ(TestKey::rsa(1032).public_key()->spki(), TestKey::rsa(1032).spki());
  for (const char* name : kCurveNames) {
    const TestKey& pair = TestKey::on_curve(name);
    ASSERT_TRUE(pair.public_key()) << name;
    EXPECT_EQ(pair.public_key()->spki(), pair.spki()) << name;
  }
}

TEST(PublicKey, IsTheSameFromNumbersWithOrWithoutLeadingZeros) {
  const auto key = TestKey::rsa(2048).public_key();
  const Bytes padded_modulus = der::concat(hex("0000"), key->modulus());
  const auto padded = PublicKey::from_rsa(test_context(), padded_modulus, hex("00010001"));
  const auto exact = PublicKey::from_rsa(test_context(), key->modulus(), hex("010001"));
  ASSERT_TRUE(padded && exact);
  EXPECT_EQ(padded.value()->spki(), key->spki());
  EXPECT_EQ(padded.value()->modulus(), key->modulus());
  EXPECT_EQ(exact.value()->spki(), key->spki());
}

TEST(PublicKey, IsTheSameFromEveryFormOfItsPoint) {
  for (const char* name : kCurveNames) {
    const TestKey& pair = TestKey::on_curve(name);
    const auto key = pair.public_key();
    const ByteView raw = *spki::point_in(*key->curve(), key->ec_point());
    std::vector<Bytes> forms = {der::encode(der::kOctetString, raw), copy_of(raw)};
    if (key->type() == KeyType::ec) {
      forms.push_back(pair.compressed_point());
      forms.push_back(der::encode(der::kOctetString, pair.compressed_point()));
    }
    for (const Bytes& form : forms) {
      const auto again = PublicKey::from_ec(test_context(), key->ec_params(), form);
      ASSERT_TRUE(again) << name << " " << to_hex(form);
      EXPECT_EQ(again.value()->spki(), key->spki()) << name;
      EXPECT_EQ(again.value()->ec_point(), key->ec_point()) << name;
    }
  }
}

TEST(PublicKey, WithACompressedPointInItsSpkiIsShownUncompressed) {
  const TestKey& pair = TestKey::on_curve("P-256");
  const Bytes algorithm = hex("301306072a8648ce3d020106082a8648ce3d030107");
  const Bytes bits = der::concat(hex("00"), pair.compressed_point());
  const Bytes spki =
      der::encode(der::kSequence, der::concat(algorithm, der::encode(der::kBitString, bits)));
  const auto key = PublicKey::from_spki(test_context(), spki);
  ASSERT_TRUE(key);
  EXPECT_EQ(key.value()->spki(), pair.spki());
}

TEST(PublicKey, IsFoundInACertificate) {
  std::vector<const TestKey*> pairs = {&TestKey::rsa(2048)};
  for (const char* name : kCurveNames) pairs.push_back(&TestKey::on_curve(name));
  for (const TestKey* pair : pairs) {
    const auto key = PublicKey::from_certificate(test_context(), pair->certificate());
    ASSERT_TRUE(key);
    EXPECT_EQ(key.value()->spki(), pair->spki());
  }
}

TEST(PublicKey, IsNotReadFromADamagedCertificate) {
  const Bytes good = TestKey::rsa(2048).certificate();
  ASSERT_FALSE(good.empty());
  const auto rv = [](ByteView der) {
    return rv_of(PublicKey::from_certificate(test_context(), der));
  };
  EXPECT_EQ(rv({}), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rv(TestKey::rsa(2048).spki()), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rv(der::concat(good, hex("00"))), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rv(ByteView(good).first(good.size() - 1)), CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(PublicKey, IsNotReadFromATruncatedOrLengthenedSpki) {
  for (const Bytes& good : {TestKey::rsa(1024).spki(), TestKey::on_curve("P-256").spki(),
                            TestKey::on_curve("ED25519").spki()}) {
    for (std::size_t size = 0; size < good.size(); ++size) {
      EXPECT_FALSE(PublicKey::from_spki(test_context(), ByteView(good).first(size)));
    }
    EXPECT_EQ(rv_of(PublicKey::from_spki(test_context(), der::concat(good, hex("00")))),
              CKR_ATTRIBUTE_VALUE_INVALID);
  }
}

// Whatever single byte is changed: no crash, and never the same key.
TEST(PublicKey, IsNeverTheSameFromAChangedSpki) {
  for (const Bytes& good : {TestKey::rsa(1024).spki(), TestKey::on_curve("P-256").spki(),
                            TestKey::on_curve("ED25519").spki()}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const std::uint8_t bit : Bytes{0x01, 0x20, 0x80}) {
        Bytes changed = good;
        changed[i] ^= bit;
        const auto key = PublicKey::from_spki(test_context(), changed);
        EXPECT_FALSE(key && key.assume_value()->spki() == good) << i;
      }
    }
  }
}

TEST(PublicKey, OfAnUnsupportedKindIsRefusedWithTheRightCode) {
  const auto rv = [](std::string_view spki) {
    return rv_of(PublicKey::from_spki(test_context(), hex(spki)));
  };
  // secp256k1, X25519, explicit parameters, Ed25519 with parameters.
  EXPECT_EQ(rv("3019301006072a8648ce3d020106052b8104000a03050004aabbcc"), CKR_CURVE_NOT_SUPPORTED);
  EXPECT_EQ(rv("302a300506032b656e032100" + std::string(64, '1')), CKR_CURVE_NOT_SUPPORTED);
  EXPECT_EQ(rv("3014300e06072a8648ce3d0201300302010103020004"), CKR_CURVE_NOT_SUPPORTED);
  EXPECT_EQ(rv("302c300706032b65700500032100" + std::string(64, '1')), CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(PublicKey, OfRsaHasLimits) {
  const auto rv = [](ByteView modulus, ByteView exponent) {
    return rv_of(PublicKey::from_rsa(test_context(), modulus, exponent));
  };
  const auto modulus = [](std::size_t bits) {  // an odd number of exactly so many bits
    Bytes number((bits + 7) / 8, 0xFF);
    number[0] = static_cast<std::uint8_t>(0xFFU >> (number.size() * 8 - bits));
    return number;
  };
  const Bytes f4 = hex("010001");
  EXPECT_EQ(rv(modulus(1023), f4), CKR_KEY_SIZE_RANGE);
  EXPECT_EQ(rv(modulus(1024), f4), CKR_OK);
  EXPECT_EQ(rv(modulus(16384), f4), CKR_OK);
  EXPECT_EQ(rv(modulus(16385), f4), CKR_KEY_SIZE_RANGE);
  Bytes even = modulus(2048);
  even.back() = 0xFE;
  EXPECT_EQ(rv(even, f4), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rv({}, f4), CKR_ATTRIBUTE_VALUE_INVALID);
  for (const char* exponent : {"", "00", "01", "04", "010000", "01ffffffffffffffff"}) {
    EXPECT_EQ(rv(modulus(2048), hex(exponent)), CKR_ATTRIBUTE_VALUE_INVALID) << exponent;
  }
  for (const char* exponent : {"03", "11", "ffffffffffffffff"}) {
    EXPECT_EQ(rv(modulus(2048), hex(exponent)), CKR_OK) << exponent;
  }
}

TEST(PublicKey, RefusesPointsThatAreNotOnTheCurve) {
  const auto key = TestKey::on_curve("P-256").public_key();
  const auto rv = [&](ByteView point) {
    return rv_of(PublicKey::from_ec(test_context(), key->ec_params(), point));
  };
  const Bytes raw = copy_of(spki::point_in(*key->curve(), key->ec_point()).value_or(ByteView{}));
  Bytes off_curve = raw;
  off_curve.back() ^= 0x01;
  EXPECT_EQ(rv(off_curve), CKR_ATTRIBUTE_VALUE_INVALID);
  Bytes hybrid = raw;
  hybrid[0] = static_cast<std::uint8_t>(0x06U | (raw.back() & 1U));
  EXPECT_EQ(rv(hybrid), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rv(hex("00")), CKR_ATTRIBUTE_VALUE_INVALID);      // infinity
  EXPECT_EQ(rv(hex("040100")), CKR_ATTRIBUTE_VALUE_INVALID);  // infinity in an OCTET STRING
  EXPECT_EQ(rv({}), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rv(ByteView(raw).first(64)), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rv(TestKey::on_curve("P-384").public_key()->ec_point()), CKR_ATTRIBUTE_VALUE_INVALID);
  Bytes too_large = Bytes(65, 0xFF);
  too_large[0] = 0x04;
  EXPECT_EQ(rv(too_large), CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(PublicKey, LeavesTheErrorQueueAsItWas) {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 77);
  EXPECT_FALSE(PublicKey::from_certificate(test_context(), hex("3000")));
  Bytes off_curve(65, 1);
  off_curve[0] = 0x04;
  const auto p256 = TestKey::on_curve("P-256").public_key();
  EXPECT_FALSE(PublicKey::from_ec(test_context(), p256->ec_params(), off_curve));
  const auto rsa = TestKey::rsa(2048).public_key();
  EXPECT_FALSE(rsa->verify_rsa_x509(hex("01"), Bytes(256, 0xFF)));
  EXPECT_FALSE(rsa->verify_pss(Hash::sha256, {Hash::sha256, 32}, Bytes(32, 1), Bytes(256, 0x01)));
  EXPECT_FALSE(p256->verify_ecdsa(Bytes(32, 1), Bytes(64, 0xFF)));
  EXPECT_EQ(ERR_GET_REASON(ERR_get_error()), 77);
  EXPECT_EQ(ERR_get_error(), 0U);
}

}  // namespace
}  // namespace signet::crypto
