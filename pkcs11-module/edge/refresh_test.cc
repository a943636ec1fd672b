// What other processes change at the appliance becomes visible here, and nobody waits for it.

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "pkcs11-module/edge/testing/certificates.h"
#include "pkcs11-module/edge/testing/scene.h"

namespace signet::edge::testing {
namespace {

using Call = transport::FakeAppliance::Call;

class RefreshTest : public ::testing::Test {
 protected:
  RefreshTest() { scene_.login(session_); }

  void store_certificate_elsewhere() {
    const auto key = scene_.appliance().add_ec_key(transport::Curve::p256, {}, {0x07});
    const auto private_key = scene_.appliance().private_key(key.id);
    scene_.appliance().add_certificate(self_signed(private_key.get(), "elsewhere"),
                                       copy_of(view_of("elsewhere")), {0x07});
  }

  std::size_t certificates_found() const {
    CK_OBJECT_CLASS certificate = CKO_CERTIFICATE;
    return Scene::find_all(session_, {{CKA_CLASS, &certificate, sizeof certificate}}).size();
  }

  void sign() const { (void)Scene::signature_by_ec_key(session_, Bytes(32, 1)); }

  static void let_the_list_grow_old() { std::this_thread::sleep_for(Milliseconds(1100)); }

  Scene scene_{"[token.limits]\nrefresh = \"1s\""};
  CK_SESSION_HANDLE session_ = scene_.open();
};

TEST_F(RefreshTest, AnOldListIsReadAgainWithASignature) {
  store_certificate_elsewhere();
  let_the_list_grow_old();
  EXPECT_EQ(certificates_found(), 2U) << "a search alone asks nobody";
  sign();
  EXPECT_EQ(certificates_found(), 3U);
}

TEST(YoungList, IsNotReadAgain) {
  Scene patient;
  const CK_SESSION_HANDLE session = patient.open();
  patient.login(session);
  const unsigned before = patient.appliance().calls(Call::objects);
  for (int i = 0; i < 10; ++i) (void)Scene::signature_by_ec_key(session, Bytes(32, 1));
  EXPECT_EQ(patient.appliance().calls(Call::objects), before);
}

TEST_F(RefreshTest, AnOldListIsReadOnceAndNotWithEverySignature) {
  let_the_list_grow_old();
  const unsigned before = scene_.appliance().calls(Call::objects);
  sign();
  sign();
  EXPECT_EQ(scene_.appliance().calls(Call::objects), before + 1);
}

TEST_F(RefreshTest, AListThatCannotBeReadDoesNotSpoilTheSignature) {
  let_the_list_grow_old();
  scene_.appliance().fail_next(Call::objects, transport::Failure::unreachable);
  sign();
  EXPECT_EQ(certificates_found(), 2U) << "the last known objects stay";
}

transport::ApplianceInfo info_of(Scene& scene) {
  return scene.appliance().info(Deadline::after(Milliseconds(100))).value();
}

CK_VERSION firmware_seen() {
  CK_TOKEN_INFO info{};
  EXPECT_EQ(C_GetTokenInfo(kSlot, &info), CKR_OK);
  return info.firmwareVersion;
}

// The question that wants to know what the appliance offers.
void list_mechanisms() {
  CK_ULONG count = 0;
  EXPECT_EQ(C_GetMechanismList(kSlot, nullptr, &count), CKR_OK);
}

TEST(ApplianceInfo, CostsNoRequestBeforeTheFirstSignature) {
  Scene scene;
  const CK_SESSION_HANDLE session = scene.open();
  (void)firmware_seen();
  scene.login(session);
  (void)Scene::signature_by_ec_key(session, Bytes(32, 1));
  EXPECT_EQ(scene.appliance().calls(Call::info), 0U);
}

TEST(ApplianceInfo, IsAskedForOnceWhereMechanismsAreListed) {
  Scene scene;
  scene.login(scene.open());
  EXPECT_EQ(firmware_seen().major, 0);
  for (int i = 0; i < 2; ++i) list_mechanisms();
  EXPECT_NE(firmware_seen().major, 0);
  EXPECT_EQ(scene.appliance().calls(Call::info), 1U);
}

TEST(ApplianceInfo, IsAskedForBeforeAnUnusualMechanismIsRefused) {
  Scene scene;
  const CK_SESSION_HANDLE session = scene.open();
  scene.login(session);
  transport::ApplianceInfo unusual = info_of(scene);
  unusual.algorithms.push_back(transport::Scheme::rsa_raw);
  scene.appliance().set_info(unusual);
  const unsigned before = scene.appliance().calls(Call::info);
  CK_MECHANISM raw{CKM_RSA_X_509, nullptr, 0};
  EXPECT_EQ(C_SignInit(session, &raw, Scene::find(session, CKO_PRIVATE_KEY, "rsa")), CKR_OK);
  EXPECT_EQ(scene.appliance().calls(Call::info), before + 1);
}

TEST(ApplianceInfo, FromDiskServesTheNextProcessToo) {
  Scene scene;
  scene.login(scene.open());
  list_mechanisms();
  const CK_BYTE before = firmware_seen().major;
  EXPECT_NE(before, 0);
  scene.restart();
  transport::ApplianceInfo newer = info_of(scene);
  newer.firmware.major = before + 1U;
  scene.appliance().set_info(newer);
  EXPECT_EQ(firmware_seen().major, before);
  scene.login(scene.open());
  EXPECT_EQ(firmware_seen().major, before);
}

TEST(ApplianceInfo, FromDiskCountsForAProgramThatLogsInFirst) {
  Scene scene;
  transport::ApplianceInfo unusual = info_of(scene);
  unusual.algorithms.push_back(transport::Scheme::rsa_raw);
  scene.appliance().set_info(unusual);
  scene.login(scene.open());
  list_mechanisms();
  scene.restart();
  const CK_SESSION_HANDLE session = scene.open();
  scene.login(session);
  CK_MECHANISM raw{CKM_RSA_X_509, nullptr, 0};
  EXPECT_EQ(C_SignInit(session, &raw, Scene::find(session, CKO_PRIVATE_KEY, "rsa")), CKR_OK);
  EXPECT_EQ(scene.appliance().calls(Call::info), 0U);
}

TEST(ApplianceInfo, IsAskedForWithinTheTimeOfTheCallThatAsksForIt) {
  Scene scene("[token.limits]\nrefresh = \"1s\"\ncall = \"4s\"\nconnect = \"3s\"");
  const CK_SESSION_HANDLE session = scene.open();
  scene.login(session);
  std::this_thread::sleep_for(Milliseconds(1100));
  constexpr Milliseconds busy{2000};
  scene.appliance().on_call([&](Call call) {
    if (call == Call::sign) std::this_thread::sleep_for(busy);
  });
  (void)Scene::signature_by_ec_key(session, Bytes(32, 1));
  ASSERT_EQ(scene.appliance().calls(Call::info), 1U);
  EXPECT_LE(scene.appliance().time_given(Call::info), Milliseconds(4000) - busy);
}

TEST(ApplianceInfo, IsAskedForByOneWhileTheOthersWaitForItsAnswer) {
  Scene scene;
  scene.login(scene.open());
  scene.appliance().on_call([](Call) { std::this_thread::sleep_for(Milliseconds(300)); });
  std::array<CK_BYTE, 4> seen{};
  std::vector<std::thread> threads;
  for (CK_BYTE& major : seen) {
    threads.emplace_back([&] {
      list_mechanisms();
      major = firmware_seen().major;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const CK_BYTE major : seen) EXPECT_NE(major, 0);
  EXPECT_EQ(scene.appliance().calls(Call::info), 1U);
}

// It takes SHA-256 only, which nobody knew when the first request went out.
TEST(ApplianceInfo, IsAskedForWhereASignatureIsRefusedForItsForm) {
  Scene scene;
  const CK_SESSION_HANDLE session = scene.open();
  scene.login(session);
  transport::ApplianceInfo narrow = info_of(scene);
  narrow.hashes = {transport::Hash::sha256};
  scene.appliance().set_info(narrow);
  scene.appliance().fail_next(Call::sign, transport::Failure::bad_parameter);
  (void)Scene::signature_by_ec_key(session, Bytes(20, 1));
  EXPECT_EQ(scene.appliance().calls(Call::sign), 2U);
  ASSERT_EQ(scene.appliance().sign_requests().size(), 1U);
  EXPECT_EQ(scene.appliance().sign_requests().front().hash, transport::Hash::sha256);
}

}  // namespace
}  // namespace signet::edge::testing
