// What other processes change at the appliance becomes visible here, and nobody waits for it.

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "pkcs11-module/edge/testing/certificates.h"
#include "pkcs11-module/edge/testing/module_setup.h"

namespace signet::edge::testing {
namespace {

using Call = transport::FakeAppliance::Call;

class RefreshTest : public ::testing::Test {
 protected:
  RefreshTest() { setup_.login(session_); }

  void store_certificate_elsewhere() {
    const auto key = setup_.appliance().add_ec_key(transport::Curve::p256, {}, {0x07});
    const auto private_key = setup_.appliance().private_key(key.id);
    setup_.appliance().add_certificate(self_signed(private_key.get(), "elsewhere"),
                                       copy_of(view_of("elsewhere")), {0x07});
  }

  std::size_t certificates_found() const {
    CK_OBJECT_CLASS certificate = CKO_CERTIFICATE;
    return ModuleSetup::find_all(session_, {{CKA_CLASS, &certificate, sizeof certificate}}).size();
  }

  void sign() const { (void)ModuleSetup::signature_by_ec_key(session_, Bytes(32, 1)); }

  static void let_the_list_grow_old() { std::this_thread::sleep_for(Milliseconds(1100)); }

  ModuleSetup setup_{"[token.limits]\nrefresh = \"1s\""};
  CK_SESSION_HANDLE session_ = setup_.open();
};

TEST_F(RefreshTest, AnOldListIsReadAgainWithASignature) {
  store_certificate_elsewhere();
  let_the_list_grow_old();
  EXPECT_EQ(certificates_found(), 2U) << "a search alone asks nobody";
  sign();
  EXPECT_EQ(certificates_found(), 3U);
}

TEST(YoungList, IsNotReadAgain) {
  ModuleSetup patient;
  const CK_SESSION_HANDLE session = patient.open();
  patient.login(session);
  const unsigned before = patient.appliance().calls(Call::objects);
  for (int i = 0; i < 10; ++i) (void)ModuleSetup::signature_by_ec_key(session, Bytes(32, 1));
  EXPECT_EQ(patient.appliance().calls(Call::objects), before);
}

TEST_F(RefreshTest, AnOldListIsReadOnceAndNotWithEverySignature) {
  let_the_list_grow_old();
  const unsigned before = setup_.appliance().calls(Call::objects);
  sign();
  sign();
  EXPECT_EQ(setup_.appliance().calls(Call::objects), before + 1);
}

TEST_F(RefreshTest, AListThatCannotBeReadDoesNotSpoilTheSignature) {
  let_the_list_grow_old();
  setup_.appliance().fail_next(Call::objects, transport::Failure::unreachable);
  sign();
  EXPECT_EQ(certificates_found(), 2U) << "the last known objects stay";
}

transport::ApplianceInfo info_of(ModuleSetup& setup) {
  return setup.appliance().info(Deadline::after(Milliseconds(100))).value();
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
  ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  (void)firmware_seen();
  setup.login(session);
  (void)ModuleSetup::signature_by_ec_key(session, Bytes(32, 1));
  EXPECT_EQ(setup.appliance().calls(Call::info), 0U);
}

TEST(ApplianceInfo, IsAskedForOnceWhereMechanismsAreListed) {
  ModuleSetup setup;
  setup.login(setup.open());
  EXPECT_EQ(firmware_seen().major, 0);
  for (int i = 0; i < 2; ++i) list_mechanisms();
  EXPECT_NE(firmware_seen().major, 0);
  EXPECT_EQ(setup.appliance().calls(Call::info), 1U);
}

TEST(ApplianceInfo, IsAskedForBeforeAnUnusualMechanismIsRefused) {
  ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  transport::ApplianceInfo unusual = info_of(setup);
  unusual.algorithms.push_back(transport::Scheme::rsa_raw);
  setup.appliance().set_info(unusual);
  const unsigned before = setup.appliance().calls(Call::info);
  CK_MECHANISM raw{CKM_RSA_X_509, nullptr, 0};
  EXPECT_EQ(C_SignInit(session, &raw, ModuleSetup::find(session, CKO_PRIVATE_KEY, "rsa")), CKR_OK);
  EXPECT_EQ(setup.appliance().calls(Call::info), before + 1);
}

TEST(ApplianceInfo, FromDiskServesTheNextProcessToo) {
  ModuleSetup setup;
  setup.login(setup.open());
  list_mechanisms();
  const CK_BYTE before = firmware_seen().major;
  EXPECT_NE(before, 0);
  setup.restart();
  transport::ApplianceInfo newer = info_of(setup);
  newer.firmware.major = before + 1U;
  setup.appliance().set_info(newer);
  EXPECT_EQ(firmware_seen().major, before);
  setup.login(setup.open());
  EXPECT_EQ(firmware_seen().major, before);
}

TEST(ApplianceInfo, FromDiskCountsForAProgramThatLogsInFirst) {
  ModuleSetup setup;
  transport::ApplianceInfo unusual = info_of(setup);
  unusual.algorithms.push_back(transport::Scheme::rsa_raw);
  setup.appliance().set_info(unusual);
  setup.login(setup.open());
  list_mechanisms();
  setup.restart();
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  CK_MECHANISM raw{CKM_RSA_X_509, nullptr, 0};
  EXPECT_EQ(C_SignInit(session, &raw, ModuleSetup::find(session, CKO_PRIVATE_KEY, "rsa")), CKR_OK);
  EXPECT_EQ(setup.appliance().calls(Call::info), 0U);
}

TEST(ApplianceInfo, IsAskedForWithinTheTimeOfTheCallThatAsksForIt) {
  ModuleSetup setup("[token.limits]\nrefresh = \"1s\"\ncall = \"4s\"\nconnect = \"3s\"");
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  std::this_thread::sleep_for(Milliseconds(1100));
  constexpr Milliseconds busy{2000};
  setup.appliance().on_call([&](Call call) {
    if (call == Call::sign) std::this_thread::sleep_for(busy);
  });
  (void)ModuleSetup::signature_by_ec_key(session, Bytes(32, 1));
  ASSERT_EQ(setup.appliance().calls(Call::info), 1U);
  EXPECT_LE(setup.appliance().time_given(Call::info), Milliseconds(4000) - busy);
}

TEST(ApplianceInfo, IsAskedForByOneWhileTheOthersWaitForItsAnswer) {
  ModuleSetup setup;
  setup.login(setup.open());
  setup.appliance().on_call([](Call) { std::this_thread::sleep_for(Milliseconds(300)); });
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
  EXPECT_EQ(setup.appliance().calls(Call::info), 1U);
}

// It takes SHA-256 only, which nobody knew when the first request went out.
TEST(ApplianceInfo, IsAskedForWhereASignatureIsRefusedForItsForm) {
  ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  transport::ApplianceInfo narrow = info_of(setup);
  narrow.hashes = {transport::Hash::sha256};
  setup.appliance().set_info(narrow);
  setup.appliance().fail_next(Call::sign, transport::Failure::bad_parameter);
  (void)ModuleSetup::signature_by_ec_key(session, Bytes(20, 1));
  EXPECT_EQ(setup.appliance().calls(Call::sign), 2U);
  ASSERT_EQ(setup.appliance().sign_requests().size(), 1U);
  EXPECT_EQ(setup.appliance().sign_requests().front().hash, transport::Hash::sha256);
}

}  // namespace
}  // namespace signet::edge::testing
