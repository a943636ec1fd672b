// What `signet doctor` says of algorithms that end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/doctor/doctor_setup.h"

namespace signet::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DoctorOfAlgorithms, AShortRsaKeyIsNamedWithItsLastDayAndIsNoFault) {
  const DoctorSetup setup(DoctorSetup::Members::one, {"rsa:2048:old", "ec:P-256:signer"});
  const Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.status(), 0) << diagnosis.text();
  EXPECT_THAT(diagnosis.results("suite"), ElementsAre("well"));
  EXPECT_THAT(diagnosis.results("algorithms"), ElementsAre("well"));
  EXPECT_THAT(diagnosis.text(),
              HasSubstr("key \"old\" (rsa:2048): by the suite 119312-2.1.1, no certificate for it "
                        "can be issued or renewed after 2026-12-31"));
  EXPECT_THAT(diagnosis.text(), HasSubstr("signet renew --type rsa:3072"));
}

TEST(DoctorOfAlgorithms, TheSuiteIsTheConfigurations) {
  const DoctorSetup setup(DoctorSetup::Members::one, {"rsa:2048:old"});
  setup.configure(setup.members(), "suite = \"119312-1.5.1\"");
  EXPECT_THAT(Diagnosis().text(), HasSubstr("by the suite 119312-1.5.1, no certificate for it can "
                                            "be issued or renewed after 2028-12-31"));
  setup.configure(setup.members(), "suite = \"" + setup.file("none.json").string() + "\"");
  const Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.status(), 1);
  EXPECT_THAT(diagnosis.causes(),
              ElementsAre(HasSubstr("suite: " + setup.file("none.json").string())));
  EXPECT_THAT(diagnosis.results("algorithms"), ElementsAre("not tried"));
}

}  // namespace
}  // namespace signet::tests
