#include "pkcs11-module/token/capabilities.h"

#include <gtest/gtest.h>

#include "dsa-transport/testing/fake_appliance.h"

namespace signet::token {
namespace {

using Call = transport::FakeAppliance::Call;
using Wanted = Capabilities::Wanted;
using namespace std::chrono_literals;

class CapabilitiesTest : public testing::Test {
 protected:
  bool learn(Wanted wanted) { return capabilities_.learn(wanted, Deadline::after(5s)); }

  static transport::ApplianceInfo info_with_model(std::string model) {
    transport::ApplianceInfo info;
    info.model = std::move(model);
    return info;
  }

  transport::FakeAppliance appliance_;
  Capabilities capabilities_{appliance_, "seal", false};
};

TEST_F(CapabilitiesTest, OfferTheMinimumBeforeTheApplianceWasAsked) {
  EXPECT_FALSE(capabilities_.info());
  EXPECT_TRUE(capabilities_.offer()->for_use(CKM_ECDSA, CKF_SIGN));
  EXPECT_EQ(appliance_.calls(), 0U);
}

TEST_F(CapabilitiesTest, AreAskedForOnceWithinTheHour) {
  EXPECT_TRUE(learn(Wanted::anything));
  EXPECT_FALSE(learn(Wanted::anything));
  EXPECT_FALSE(learn(Wanted::fresh));
  EXPECT_EQ(appliance_.calls(Call::info), 1U);
}

TEST_F(CapabilitiesTest, AreNotAskedForAgainShortlyAfterAFailure) {
  appliance_.fail_next(Call::info, transport::Failure::unreachable);
  EXPECT_FALSE(learn(Wanted::anything));
  EXPECT_FALSE(learn(Wanted::anything));
  EXPECT_EQ(appliance_.calls(Call::info), 1U);
  capabilities_.reconfigure(false);
  EXPECT_TRUE(learn(Wanted::anything)) << "the configuration has changed: maybe for that reason";
}

TEST_F(CapabilitiesTest, OfAnEarlierProcessAreTakenWhereNothingIsKnown) {
  const auto now = std::chrono::system_clock::now();
  capabilities_.recall({info_with_model("recalled"), now - 2h});
  EXPECT_EQ(capabilities_.info()->model, "recalled");
  EXPECT_FALSE(learn(Wanted::anything));
  EXPECT_TRUE(learn(Wanted::fresh)) << "two hours old";
  capabilities_.recall({info_with_model("recalled"), now});
  EXPECT_NE(capabilities_.info()->model, "recalled");
}

TEST_F(CapabilitiesTest, RecalledFromTheFutureAreNotFresh) {
  capabilities_.recall({info_with_model("recalled"), std::chrono::system_clock::now() + 1h});
  EXPECT_TRUE(learn(Wanted::fresh));
}

TEST_F(CapabilitiesTest, OfFormerMembersAreDropped) {
  appliance_.on_call([&](Call) { capabilities_.reconfigure(true); });
  EXPECT_FALSE(learn(Wanted::anything));
  EXPECT_FALSE(capabilities_.info());
}

}  // namespace
}  // namespace signet::token
