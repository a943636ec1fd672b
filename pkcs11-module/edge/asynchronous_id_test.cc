// Calls that outlive their session by an id (PKCS#11 3.2, C_AsyncGetID and C_AsyncJoin): what is asked for, and how often.

#include <array>
#include <cstring>

#include "pkcs11-module/edge/testing/asynchronous.h"

namespace signet::edge::testing {
namespace {

class AsynchronousId : public AsynchronousSession {
 protected:
  CK_RV get_id(const char* function) { return C_AsyncGetID(session_, name_of(function), &id_); }
  CK_RV join(CK_SESSION_HANDLE session, const char* function) {
    return C_AsyncJoin(session, name_of(function), id_, joined_.data(), joined_.size());
  }

  CK_RV generate(CK_SESSION_HANDLE session) {
    CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    Bytes p256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
    Bytes label = copy_of(view_of("late"));
    CK_BBOOL yes = CK_TRUE;
    CK_ATTRIBUTE curve{CKA_EC_PARAMS, p256.data(), p256.size()};
    std::array<CK_ATTRIBUTE, 2> names{
        {{CKA_LABEL, label.data(), label.size()}, {CKA_TOKEN, &yes, sizeof yes}}};
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    return C_GenerateKeyPair(session, &mechanism, &curve, 1, names.data(), names.size(),
                             &public_key, &private_key);
  }

  std::size_t keys_called(std::string label) const {
    CK_OBJECT_CLASS object_class = CKO_PRIVATE_KEY;
    return ModuleSetup::find_all(usual_, {{CKA_CLASS, &object_class, sizeof object_class},
                                          {CKA_LABEL, label.data(), label.size()}})
        .size();
  }

  CK_ULONG id_ = 0;
  Bytes joined_ = Bytes(64);
};

TEST_F(AsynchronousId, ASignatureIsFetchedByAnotherSession) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  ASSERT_EQ(get_id("C_Sign"), CKR_OK);
  const Bytes untouched = signature_;
  ASSERT_EQ(C_CloseSession(session_), CKR_OK);
  const CK_SESSION_HANDLE other = setup_.open(CKF_ASYNC_SESSION);
  ASSERT_EQ(join(other, "C_Sign"), CKR_OK);
  CK_ASYNC_DATA data{};
  EXPECT_EQ(complete(other, "C_Sign", &data), CKR_PENDING);
  setup_.appliance().let_go(Call::sign);
  ASSERT_EQ(await(other, "C_Sign", &data), CKR_OK);
  EXPECT_EQ(data.pValue, joined_.data());
  expect_good(data);
  EXPECT_EQ(signature_, untouched) << "the first buffer may be gone";
  EXPECT_EQ(setup_.appliance().sign_requests().size(), 1U) << "it was signed once";
}

TEST_F(AsynchronousId, ItGoesOnBesideOtherSignaturesOfItsSession) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  ASSERT_EQ(get_id("C_Sign"), CKR_OK);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  setup_.appliance().let_go(Call::sign);
  CK_ASYNC_DATA data{};
  ASSERT_EQ(await(session_, "C_Sign", &data), CKR_OK);
  EXPECT_EQ(data.pValue, signature_.data());
  ASSERT_EQ(join(session_, "C_Sign"), CKR_OK);
  ASSERT_EQ(await(session_, "C_Sign", &data), CKR_OK);
  EXPECT_EQ(data.pValue, joined_.data());
  expect_good(data);
  EXPECT_EQ(setup_.appliance().sign_requests().size(), 2U);
}

TEST_F(AsynchronousId, WhatWasJoinedCanBeLeftAgain) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(get_id("C_Sign"), CKR_OK);
    ASSERT_EQ(join(session_, "C_Sign"), CKR_OK);
  }
  setup_.appliance().let_go(Call::sign);
  CK_ASYNC_DATA data{};
  ASSERT_EQ(await(session_, "C_Sign", &data), CKR_OK);
  expect_good(data);
  EXPECT_EQ(setup_.appliance().sign_requests().size(), 1U);
}

TEST_F(AsynchronousId, EachWayOfSigningIsJoinedByItsName) {
  CK_ASYNC_DATA data{};
  begin(session_);
  ASSERT_EQ(C_SignUpdate(session_, digest_.data(), digest_.size()), CKR_OK);
  size_ = 64;
  ASSERT_EQ(C_SignFinal(session_, signature_.data(), &size_), CKR_PENDING);
  ASSERT_EQ(get_id("C_SignFinal"), CKR_OK);
  EXPECT_EQ(join(session_, "C_Sign"), CKR_SAVED_STATE_INVALID);
  ASSERT_EQ(join(session_, "C_SignFinal"), CKR_OK);
  ASSERT_EQ(await(session_, "C_SignFinal", &data), CKR_OK);
  expect_good(data);
  CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
  ASSERT_EQ(C_MessageSignInit(session_, &ecdsa, ec_), CKR_OK);
  ASSERT_EQ(C_SignMessage(session_, nullptr, 0, digest_.data(), digest_.size(), signature_.data(),
                          &size_),
            CKR_PENDING);
  ASSERT_EQ(get_id("C_SignMessage"), CKR_OK);
  ASSERT_EQ(join(session_, "C_SignMessage"), CKR_OK);
  ASSERT_EQ(await(session_, "C_SignMessage", &data), CKR_OK);
  expect_good(data);
}

TEST_F(AsynchronousId, AKeyPairIsMadeOnce) {
  setup_.appliance().hold(Call::generate_key);
  ASSERT_EQ(generate(session_), CKR_PENDING);
  ASSERT_EQ(get_id("C_GenerateKeyPair"), CKR_OK);
  ASSERT_EQ(C_CloseSession(session_), CKR_OK);
  setup_.appliance().let_go(Call::generate_key);
  const CK_SESSION_HANDLE other = setup_.open(CKF_RW_SESSION | CKF_ASYNC_SESSION);
  ASSERT_EQ(C_AsyncJoin(other, name_of("C_GenerateKeyPair"), id_, nullptr, 0), CKR_OK);
  CK_ASYNC_DATA data{};
  ASSERT_EQ(await(other, "C_GenerateKeyPair", &data), CKR_OK);
  EXPECT_EQ(data.pValue, nullptr);
  EXPECT_NE(data.hObject, data.hAdditionalObject);
  EXPECT_EQ(attribute(usual_, data.hAdditionalObject, CKA_LABEL), copy_of(view_of("late")));
  EXPECT_EQ(keys_called("late"), 1U);
}

TEST_F(AsynchronousId, AWrongSignatureIsNotHandedOutHereEither) {
  setup_.appliance().hold(Call::sign);
  setup_.appliance().spoil_next_signature(transport::FakeAppliance::Spoil::bit_flip);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  ASSERT_EQ(get_id("C_Sign"), CKR_OK);
  ASSERT_EQ(join(session_, "C_Sign"), CKR_OK);
  setup_.appliance().let_go(Call::sign);
  const Bytes before = joined_;
  CK_ASYNC_DATA data{};
  EXPECT_EQ(await(session_, "C_Sign", &data), CKR_DEVICE_ERROR);
  EXPECT_EQ(joined_, before);
}

}  // namespace
}  // namespace signet::edge::testing
