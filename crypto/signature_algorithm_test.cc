#include "crypto/signature_algorithm.h"

#include <gtest/gtest.h>

#include "crypto/der.h"

namespace signet::crypto {
namespace {

Bytes der_of_hex(std::string_view text) {
  return from_hex(text).value_or(Bytes());
}

TEST(SignatureAlgorithm, IsReadFromItsIdentifier) {
  // sha256WithRSAEncryption with NULL
  auto read = read_signature_algorithm(der_of_hex("300d06092a864886f70d01010b0500"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, SignatureKind::rsa_pkcs1);
  EXPECT_EQ(read->hash, Hash::sha256);
  EXPECT_EQ(read->hash_oid, "2.16.840.1.101.3.4.2.1");
  // md5WithRSAEncryption: no row of ours, but a name
  read = read_signature_algorithm(der_of_hex("300d06092a864886f70d0101040500"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->hash, Hash::none);
  EXPECT_EQ(read->hash_oid, "1.2.840.113549.2.5");
  // dsa-with-sha1
  read = read_signature_algorithm(der_of_hex("300906072a8648ce380403"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, SignatureKind::dsa);
  EXPECT_EQ(read->hash, Hash::sha1);
  // ML-DSA-65
  read = read_signature_algorithm(der_of_hex("300b0609608648016503040312"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, SignatureKind::unknown);
  EXPECT_EQ(read->oid, "2.16.840.1.101.3.4.3.18");
}

// RFC 4055, 3.1.
TEST(SignatureAlgorithm, HasTheDefaultsOfPss) {
  const auto read = read_signature_algorithm(der_of_hex("300d06092a864886f70d01010a3000"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, SignatureKind::rsa_pss);
  EXPECT_EQ(read->hash, Hash::sha1);
  EXPECT_EQ(read->mgf_hash, Hash::sha1);
  EXPECT_EQ(read->salt_length, 20U);
}

TEST(SignatureAlgorithm, ReadsEachParameterOfPss) {
  const auto read = read_pss_parameters(der_of_hex(
      "3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d0609608648016503"
      "04020105"
      "00a20302010a"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->hash, Hash::sha512);
  EXPECT_EQ(read->mgf_hash, Hash::sha256);
  EXPECT_EQ(read->salt_length, 10U);
}

TEST(SignatureAlgorithm, RefusesWhatIsNone) {
  EXPECT_FALSE(read_signature_algorithm({}));
  EXPECT_FALSE(read_signature_algorithm(der_of_hex("3000")));
  EXPECT_FALSE(read_signature_algorithm(der_of_hex("300d06092a864886f70d01010b0500ff")));
  EXPECT_FALSE(read_signature_algorithm(der_of_hex("300f06092a864886f70d01010b05000500")));
  EXPECT_FALSE(
      read_signature_algorithm(der_of_hex("300b06092a864886f70d01010a")));  // PSS without any
}

TEST(SignatureAlgorithm, RefusesParametersOfPssThatNobodyMeans) {
  EXPECT_TRUE(read_pss_parameters(der_of_hex("3005a203020114")));
  EXPECT_FALSE(read_pss_parameters(der_of_hex("3005a2030201ff")));    // a negative salt
  EXPECT_FALSE(read_pss_parameters(der_of_hex("3006a20402020201")));  // of 513 bytes
  EXPECT_FALSE(read_pss_parameters(der_of_hex("3005a303020102")));    // trailer 2
  EXPECT_FALSE(
      read_pss_parameters(der_of_hex("300aa2030201140500"
                                     "0500")));                         // something behind
  EXPECT_FALSE(read_pss_parameters(der_of_hex("3007a1053003060100")));  // another generator
}

}  // namespace
}  // namespace signet::crypto
