#include "crypto/algorithm_table.h"

#include <gtest/gtest.h>

#include "crypto/der.h"
#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

std::string_view name_of(ByteView params) {
  const auto curve = curve_of_params(params);
  return curve ? curve.assume_value()->name : "refused";
}

Bytes printable(std::string_view name) {
  return der::encode(der::kPrintableString, view_of(name));
}

TEST(Curve, IsFoundByItsOwnObjectIdentifier) {
  for (const CurveRow& curve : kCurves) EXPECT_EQ(name_of(curve.oid), curve.name);
}

TEST(Curve, IsFoundByEachOfItsUsualNames) {
  for (const char* name : {"P-256", "secp256r1", "prime256v1"}) {
    EXPECT_EQ(name_of(printable(name)), "P-256") << name;
  }
  for (const char* name : {"P-384", "secp384r1"}) EXPECT_EQ(name_of(printable(name)), "P-384");
  for (const char* name : {"P-521", "secp521r1"}) EXPECT_EQ(name_of(printable(name)), "P-521");
  for (const char* name : {"edwards25519", "ed25519", "Ed25519"}) {
    EXPECT_EQ(name_of(printable(name)), "Ed25519") << name;
  }
}

TEST(Curve, Ed25519IsFoundByItsFormerObjectIdentifier) {
  EXPECT_EQ(name_of(from_hex("06092b06010401da470f01").value()), "Ed25519");
}

TEST(Curve, OthersAreNotSupported) {
  const Bytes secp256k1 = from_hex("06052b8104000a").value();
  const Bytes explicit_parameters = from_hex("3003020101").value();
  const Bytes inherited = from_hex("0500").value();
  for (const Bytes& params :
       {secp256k1, explicit_parameters, inherited, printable("brainpoolP256r1"), printable("")}) {
    EXPECT_EQ(rv_of(curve_of_params(params)), CKR_CURVE_NOT_SUPPORTED) << to_hex(params);
  }
}

TEST(Curve, WhatIsNoParameterAtAllIsABadValue) {
  for (const char* text : {"", "06", "0608", "06082a8648ce3d0301", "06082a8648ce3d03010700",
                           "0401aa", "1305502d3235"}) {
    EXPECT_EQ(rv_of(curve_of_params(from_hex(text).value())), CKR_ATTRIBUTE_VALUE_INVALID) << text;
  }
}

TEST(AlgorithmTable, FindsHashesByTheirObjectIdentifiers) {
  for (const HashRow& row : kRealHashes) EXPECT_EQ(hash_with_oid(row.oid), row.hash) << row.name;
  EXPECT_EQ(hash_with_oid(row_of(Curve::p256).oid), Hash::none);
  EXPECT_EQ(hash_with_oid({}), Hash::none);
}

}  // namespace
}  // namespace signet::crypto
