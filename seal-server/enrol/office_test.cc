#include "seal-server/enrol/office.h"

#include <gtest/gtest.h>

#include <fstream>

#include "common/testing/scratch_folder.h"
#include "crypto/openssl.h"
#include "crypto/testing/key_owner.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {
namespace {

class OfficeTest : public testing::Test {
 protected:
  OfficeTest() {
    std::ofstream(scratch_.path() / "roots.pem")
        << crypto::to_pem("CERTIFICATE", crypto::KeyOwner("P-256").certificate());
  }

  void write(const std::string& text) const {
    std::ofstream(scratch_.path() / "enrol.toml") << text;
  }

  // Empty: it opens.
  std::string refusal() const {
    try {
      Office::open(scratch_.path());
    } catch (const CommandFailure& failure) {
      return failure.what();
    }
    return {};
  }

  static std::string whole() {
    const std::string pin = "\"sha256//" + std::string(43, 'A') + "=\"";
    return "server = \"https://seals.example:8443\"\nserver_pins = [" + pin +
           "]\ncertificate = \"ra.crt\"\nkey = \"ra.key\"\n"
           "authentication_ca = \"/bin/ask authentication\"\nsealing_ca = "
           "\"https://ca.example/s\"\n"
           "roots = \"roots.pem\"\n\n[appliance]\nadministrator = \"admin\"\n"
           "password = \"file:/etc/signet/admin.pin\"\n\n[[appliance.member]]\n"
           "url = \"https://dsa1.example:8081/dsa/v1\"\npins = [" +
           pin + "]\n";
  }

  ScratchFolder scratch_;
};

TEST_F(OfficeTest, ReadsItsSettings) {
  write(whole());
  const Office office = Office::open(scratch_.path());
  EXPECT_EQ(office.settings().server, "https://seals.example:8443");
  EXPECT_EQ(office.settings().administrator.key, (scratch_.path() / "ra.key").string());
  EXPECT_EQ(office.settings().members.at(0).url, "https://dsa1.example:8081/dsa/v1");
  EXPECT_EQ(office.settings().members.at(0).pins.all().size(), 1U);
  EXPECT_EQ(office.settings().roots.size(), 1U);
}

TEST_F(OfficeTest, SaysWhatIsWrongAndWhere) {
  EXPECT_NE(refusal(), "");
  write(whole() + "wrong = 1\n");
  EXPECT_NE(refusal().find("There is no setting wrong"), std::string::npos) << refusal();
  std::string text = whole();
  text.replace(text.find("roots ="), 5, "#oots");
  write(text);
  EXPECT_NE(refusal().find("roots is missing"), std::string::npos) << refusal();
  text = whole();
  text.replace(text.find("sha256//"), 8, "sha1//xx");
  write(text);
  EXPECT_NE(refusal().find("enrol.toml:2: A pin"), std::string::npos) << refusal();
  text = whole();
  text.replace(text.find("https://seals"), 5, "http:");
  write(text);
  EXPECT_NE(refusal().find("server "), std::string::npos) << refusal();
  write("server = ");
  EXPECT_NE(refusal().find("enrol.toml:1"), std::string::npos) << refusal();
}

TEST_F(OfficeTest, IsOneEnrolmentsAtATime) {
  write(whole());
  {
    const Office office = Office::open(scratch_.path());
    EXPECT_NE(refusal().find("Another enrolment"), std::string::npos);
  }
  EXPECT_EQ(refusal(), "");
}

TEST_F(OfficeTest, KeepsItsEnrolmentKey) {
  write(whole());
  const Bytes made = Office::open(scratch_.path()).enrol_key();
  EXPECT_FALSE(made.empty());
  EXPECT_EQ(Office::open(scratch_.path()).enrol_key(), made);
  const auto mode = std::filesystem::status(scratch_.path() / "enrol.key").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::ofstream(scratch_.path() / "enrol.key") << "broken";
  EXPECT_THROW(Office::open(scratch_.path()).enrol_key(), CommandFailure);
}

}  // namespace
}  // namespace signet::sealserver::enrol
