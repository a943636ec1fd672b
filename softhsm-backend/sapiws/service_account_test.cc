// Who may use the SOAP service, and what becomes of passwords.
#include <fmt/format.h>

#include "softhsm-backend/sapiws/testing/soap_scene.h"

namespace signet::emulator::sapiws {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class AccountTest : public SoapTest {
 protected:
  std::string enumerate(const std::string& password = kTestPassword) const {
    return sign(sign_request(identity(user, password), kTypeEnumCertificates, "", ""));
  }
  std::string change(const std::string& wanted, const std::string& password = kTestPassword) const {
    const std::string more = "<arx:NewLogonPassword>" + wanted + "</arx:NewLogonPassword>";
    return sign(sign_request(identity(user, password, more), kTypeChangePassword, "", ""));
  }
};

TEST_F(AccountTest, ListsTheCertificatesOfRsaKeys) {
  const std::string body = sign(sign_request(seal(), kTypeEnumCertificates, "", ""));
  EXPECT_EQ(base64_inside(body, "AvailableCertificate"), certificate);
  EXPECT_EQ(body.find("AvailableCertificate", body.find("</AvailableCertificate>") + 23),
            std::string::npos)
      << "the issuer's is no key's";
  EXPECT_THAT(body, HasSubstr("RequestID=\"r1\""));
  EXPECT_EQ(inside(enumerate(), "OptionalOutputs"), "");
  EXPECT_THAT(enumerate(), HasSubstr("resultmajor:Success"));
}

TEST_F(AccountTest, AsksForAPassword) {
  const std::string name = "<ClaimedIdentity><Name>" + user + "</Name></ClaimedIdentity>";
  for (const std::string& identity : {std::string(), name}) {
    EXPECT_THAT(sign(sign_request(identity, kTypeEnumCertificates, "", "")),
                AllOf(HasSubstr(">No password<"), HasSubstr("resultminor:InsufficientInformation"),
                      HasSubstr("resultmajor:RequesterError")));
  }
}

TEST_F(AccountTest, TellsTheStatesOfAnAccount) {
  EXPECT_THAT(enumerate("wrong"), AllOf(HasSubstr("Invalid user name or password, err 900201e0"),
                                        HasSubstr("resultminor:AuthenticationError")));
  set("wrong_count = 5");
  EXPECT_THAT(enumerate(), HasSubstr("err 900201e2"));
  set("wrong_count = 0, disabled = 1");
  EXPECT_THAT(enumerate(), HasSubstr("err 900201e4"));
  set("disabled = 0, activated = 0");
  EXPECT_THAT(enumerate(), HasSubstr("err 900201e5"));
  set("activated = 1, password_expires_at = 1");
  EXPECT_THAT(enumerate(), HasSubstr("err 900201e3"));
  user = "nobody";
  EXPECT_THAT(enumerate(), HasSubstr("err 900201e0"));
}

TEST_F(AccountTest, LocksAtTheFifthWrongPassword) {
  for (int i = 0; i < 5; ++i) EXPECT_THAT(enumerate("wrong"), HasSubstr("err 900201e0"));
  EXPECT_THAT(enumerate(), HasSubstr("err 900201e2"));
}

TEST_F(AccountTest, TakesPasswordsInBase64AndWithEscapes) {
  const std::string binary = fmt::format(
      "<ClaimedIdentity><Name>{}</Name><SupportingInfo><arx:LogonPasswordBinary>{}"
      "</arx:LogonPasswordBinary></SupportingInfo></ClaimedIdentity>",
      user, to_base64(view_of(std::string(kTestPassword))));
  EXPECT_THAT(sign(sign_request(binary, kTypeEnumCertificates, "", "")),
              HasSubstr("resultmajor:Success"));
  EXPECT_THAT(change("&lt;&amp;&#x17E;&gt;"), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(enumerate("<![CDATA[<&\xC5\xBE>]]>"), HasSubstr("resultmajor:Success"));
}

TEST_F(AccountTest, ADomainBelongsToTheName) {
  std::string text = identity(user, kTestPassword);
  const auto with_domain = [&](const std::string& domain) {
    std::string named = text;
    named.replace(named.find("NameQualifier=\"\""), 16, "NameQualifier=\"" + domain + "\"");
    return sign(sign_request(named, kTypeEnumCertificates, "", ""));
  };
  EXPECT_THAT(with_domain(" "), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(with_domain("CORP"), HasSubstr("err 900201e0"));
  add_user(user + "@CORP");
  EXPECT_THAT(with_domain("CORP"), HasSubstr("resultmajor:Success"));
}

TEST_F(AccountTest, ChangesItsOwnPassword) {
  EXPECT_THAT(change("another word"), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(enumerate(), HasSubstr("err 900201e0"));
  EXPECT_THAT(enumerate("another word"), HasSubstr("resultmajor:Success"));
  set("password_expires_at = 1");
  EXPECT_THAT(change("a third word", "another word"), HasSubstr("resultmajor:Success"))
      << "an expired password can be changed";
  EXPECT_THAT(enumerate("a third word"), HasSubstr("resultmajor:Success"));
}

TEST_F(AccountTest, HoldsNewPasswordsToThePolicy) {
  EXPECT_THAT(change("abc"), HasSubstr("err 900201e6"));
  EXPECT_THAT(change(std::string(129, 'x')), HasSubstr("err 900201e6"));
  EXPECT_THAT(change(user), HasSubstr("err 900201e6"));
  EXPECT_THAT(change("a\tb cd"), HasSubstr("err 900201e6"));
  EXPECT_THAT(change(kTestPassword), HasSubstr("err 900201a1"));
  EXPECT_THAT(change("another word", "wrong"), HasSubstr("err 900201e0"));
  EXPECT_THAT(sign(sign_request(identity(user, kTestPassword), kTypeChangePassword, "", "")),
              HasSubstr("No new password"));
  EXPECT_THAT(enumerate(), HasSubstr("resultmajor:Success"));
}

class SignPasswordTest : public SoapTest {
 protected:
  void SetUp() override {
    SoapTest::SetUp();
    set_seal("sign_credential = 'password', sign_secret = '" +
             hash_password(Secret(std::string_view("second"))) + "'");
  }
  void TearDown() override {
    set_seal("sign_credential = 'none', sign_secret = '', sign_wrong_count = 0");
  }
  static void set_seal(const std::string& assignment) {
    appliance->state.write([&](Database& database) {
      database.run("UPDATE accounts SET " + assignment + " WHERE user = 'seal'");
    });
  }
  static std::string sign_with(const std::string& more) {
    return sign(sign_request(identity("seal", kTestPassword, more), kTypePkcs1, "",
                             document(Bytes{1, 2, 3})));
  }
  static std::string second(const std::string& password) {
    return "<arx:SignPassword>" + password + "</arx:SignPassword>";
  }
};

TEST_F(SignPasswordTest, SigningNeedsItAndNothingElseDoes) {
  EXPECT_THAT(sign_with(""), AllOf(HasSubstr("No sign password, err 900201ea"),
                                   HasSubstr("resultminor:InsufficientInformation")));
  EXPECT_THAT(sign_with(second("wrong")), HasSubstr("Invalid sign password, err 900201ea"));
  EXPECT_THAT(sign_with(second("second")), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(sign_with("<arx:SignPasswordBinary>" + to_base64(view_of(std::string("second"))) +
                        "</arx:SignPasswordBinary>"),
              HasSubstr("resultmajor:Success"));
  EXPECT_THAT(sign(sign_request(seal(), kTypeEnumCertificates, "", "")),
              HasSubstr("resultmajor:Success"));
}

TEST_F(SignPasswordTest, LocksTheKeyAtTheFifthWrongOne) {
  for (int i = 0; i < 5; ++i) EXPECT_THAT(sign_with(second("wrong")), HasSubstr("err 900201ea"));
  EXPECT_THAT(sign_with(second("second")), HasSubstr("err 900201e1"));
}

TEST_F(SignPasswordTest, AOneTimePasswordServesOnce) {
  const Bytes shared{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  set_seal("sign_credential = 'otp', one_time_last_step = 0, sign_secret = '" + to_hex(shared) +
           "'");
  const std::string now =
      one_time_password(shared, one_time_step(std::chrono::system_clock::now()));
  EXPECT_THAT(sign_with(second(now)), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(sign_with(second(now)), HasSubstr("err 900201ea"));
}

TEST_F(SoapTest, ADisabledKeyIsLocked) {
  const auto set_active = [](const char* value) {
    appliance->state.write([&](Database& database) {
      database.run(std::string("UPDATE keys SET active = ") + value + " WHERE owner = 'seal'");
    });
  };
  set_active("0");
  EXPECT_THAT(sign(sign_request(seal(), kTypePkcs1, "", document(Bytes{1}))),
              HasSubstr("err 900201e1"));
  set_active("1");
}

}  // namespace
}  // namespace signet::emulator::sapiws
