// SPML: accounts, by an administrator.
#include <fmt/format.h>

#include "softhsm-backend/sapiws/testing/soap_scene.h"

namespace signet::emulator::sapiws {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kSuccess = "status=\"success\"";

class SpmlTest : public SoapTest {
 protected:
  void SetUp() override {
    SoapTest::SetUp();
    admin = user + "-admin";
    add_user(admin, true);
  }

  static std::string logon(const std::string& name, const std::string& password = kTestPassword) {
    return fmt::format("<CoSignLogonData xmlns=\"{}\" User=\"{}\" Password=\"{}\" Domain=\"\"/>",
                       kSpmlTypes, name, password);
  }
  static std::string id(const std::string& name) { return "<psoID ID=\"" + name + "\"/>"; }
  static std::string record(const std::string& attributes) {
    return fmt::format("<UserRecord xmlns=\"{}\" {}/>", kSpmlTypes, attributes);
  }
  std::string call(const std::string& operation, const std::string& content) const {
    return spml(operation, logon(admin) + content);
  }
  static std::string enumerate(const std::string& name, const std::string& password) {
    return sign(sign_request(identity(name, password), kTypeEnumCertificates, "", ""));
  }

  std::string admin;
};

TEST_F(SpmlTest, IsForAdministratorsAlone) {
  const Answer plain = current->handle(soap_request(
      "/SAPIWS/spml.asmx", "",
      fmt::format(
          "<s:Envelope xmlns:s=\"{}\"><s:Body><lookup xmlns=\"{}\"><lookupRequest xmlns=\"{}\">"
          "{}{}</lookupRequest></lookup></s:Body></s:Envelope>",
          kSoap11, kSpmlOperations, kSpmlCore, logon(user), id(user))));
  EXPECT_EQ(plain.status, 500U);
  EXPECT_THAT(plain.body, HasSubstr("Exception occured"));
  EXPECT_THAT(spml("lookup", id(user)),
              AllOf(HasSubstr("status=\"failure\""), HasSubstr("No password")));
  EXPECT_THAT(spml("lookup", logon(admin, "wrong") + id(user)),
              AllOf(HasSubstr("error=\"customError\""), HasSubstr("err 900201e0")));
  EXPECT_THAT(call("lookup", id(user)), HasSubstr(kSuccess));
}

TEST_F(SpmlTest, SetsPasswords) {
  EXPECT_THAT(
      call("setPassword", id(user) + "<password>set by admin</password>"),
      AllOf(HasSubstr(kSuccess),
            HasSubstr("<setPasswordResponse xmlns=\"urn:oasis:names:tc:SPML:2:0:password\"")));
  EXPECT_THAT(enumerate(user, "set by admin"), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(call("setPassword", id(user) + "<password>abc</password>"),
              HasSubstr("err 900201e6"));
  EXPECT_THAT(call("setPassword", id(user)), HasSubstr("malformedRequest"));
  EXPECT_THAT(call("setPassword", id("nobody") + "<password>set by admin</password>"),
              HasSubstr("error=\"noSuchIdentifier\""));
}

TEST_F(SpmlTest, SetPasswordUnlocks) {
  set("wrong_count = 5");
  EXPECT_THAT(call("setPassword", id(user) + "<password>set by admin</password>"),
              HasSubstr(kSuccess));
  EXPECT_THAT(enumerate(user, "set by admin"), HasSubstr("resultmajor:Success"));
}

TEST_F(SpmlTest, ResetsExpiresAndValidatesPasswords) {
  const std::string fresh = inside(call("resetPassword", id(user)), "password");
  EXPECT_EQ(fresh.size(), 12U);
  EXPECT_THAT(enumerate(user, fresh), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(call("expirePassword", id(user)), HasSubstr(kSuccess));
  EXPECT_THAT(enumerate(user, fresh), HasSubstr("err 900201e3"));
  EXPECT_THAT(call("validatePassword", id(user) + "<password>good one</password>"),
              HasSubstr("valid=\"true\""));
  EXPECT_THAT(call("validatePassword", id(user) + "<password>no</password>"),
              HasSubstr("valid=\"false\""));
  for (const char* operation : {"resetPassword", "expirePassword", "lookup", "delete"}) {
    EXPECT_THAT(call(operation, id("nobody")), HasSubstr("err 90020300")) << operation;
  }
  EXPECT_THAT(call("validatePassword", id("nobody") + "<password>good one</password>"),
              HasSubstr("noSuchIdentifier"));
  EXPECT_THAT(call("validatePassword", id(user)), HasSubstr("malformedRequest"));
}

TEST_F(SpmlTest, AddsChangesAndDeletesUsers) {
  const std::string name = user + "-new";
  const std::string whole = record("UserLoginName=\"" + name +
                                   "\" Password=\"first word\" UserCN=\"A &amp; B\" "
                                   "EmailAddress=\"a@b\" RightsMask=\"1\" UserKind=\"User\"");
  EXPECT_THAT(
      call("add", id(name) + whole),
      AllOf(HasSubstr(kSuccess), HasSubstr("UserCN=\"A &amp; B\""), HasSubstr("RightsMask=\"1\"")));
  EXPECT_THAT(call("add", id(name) + whole), HasSubstr("error=\"alreadyExists\""));
  EXPECT_THAT(enumerate(name, "first word"), HasSubstr("resultmajor:Success"));

  const auto modify = [&](const std::string& mode, const std::string& attributes) {
    return call("modify", id(name) + "<modification modificationMode=\"" + mode + "\">" +
                              record(attributes) + "</modification>");
  };
  EXPECT_THAT(modify("replace",
                     "RightsMask=\"13\" UserCN=\"C\" LoginStatus=\"USER_LOGIN_STATUS_DISABLED\""),
              AllOf(HasSubstr("UserCN=\"C\""), HasSubstr("RightsMask=\"5\""),
                    HasSubstr("STATUS_DISABLED")));
  EXPECT_THAT(enumerate(name, "first word"), HasSubstr("err 900201e4"));
  EXPECT_THAT(
      modify("replace",
             "RightsMask=\"1\" LoginStatus=\"USER_LOGIN_STATUS_ENABLED\" Password=\"next word\""),
      HasSubstr(kSuccess));
  EXPECT_THAT(enumerate(name, "next word"), HasSubstr("resultmajor:Success"));
  EXPECT_THAT(modify("add", "RightsMask=\"1\""), HasSubstr("unsupportedOperation"));
  EXPECT_THAT(modify("replace", "RightsMask=\"x\""), HasSubstr("malformedRequest"));
  EXPECT_THAT(modify("replace", "Password=\"no\""), HasSubstr("err 900201e6"));
  EXPECT_THAT(call("modify", id(name)), HasSubstr("malformedRequest"));

  EXPECT_THAT(call("delete", id(name)), HasSubstr(kSuccess));
  EXPECT_THAT(call("delete", id(name)), HasSubstr("noSuchIdentifier"));
  EXPECT_THAT(enumerate(name, "next word"), HasSubstr("err 900201e0"));
  EXPECT_THAT(call("delete", id(admin)), HasSubstr("customError"));
}

TEST_F(SpmlTest, DeletingAUserDeletesItsKeys) {
  const json key = make_ec_key();
  EXPECT_THAT(call("delete", id(user)), HasSubstr(kSuccess));
  const auto left = appliance->token.key_ids();
  EXPECT_EQ(std::ranges::find(left, value_to<std::string>(key.at("id"))), left.end());
}

TEST_F(SpmlTest, RefusesUsersThatCannotBe) {
  EXPECT_THAT(call("add", id("a b") + record("Password=\"first word\" RightsMask=\"1\"")),
              HasSubstr("invalidIdentifier"));
  EXPECT_THAT(call("add", id("one") + record("UserLoginName=\"two\" Password=\"first word\"")),
              HasSubstr("invalidIdentifier"));
  EXPECT_THAT(call("add", id("one") + record("Password=\"one\"")), HasSubstr("err 900201e6"));
  EXPECT_THAT(call("add", id("one") + record("")), HasSubstr("malformedRequest"));
  EXPECT_THAT(call("add", id("one")), HasSubstr("malformedRequest"));
  EXPECT_THAT(spml("add", ""), HasSubstr("No password"));
}

TEST_F(SpmlTest, SearchesInPages) {
  std::string content = logon(admin);
  std::string seen;
  int users = 0;
  for (int page = 0; page < 100; ++page) {
    const std::string request = fmt::format(
        "<s:Envelope xmlns:s=\"{}\"><s:Body><{} xmlns=\"{}\"><{}Request xmlns=\"{}\" "
        "maxSelect=\"2\" "
        "returnData=\"identifier\">{}</{}Request></{}></s:Body></s:Envelope>",
        kSoap11, page == 0 ? "search" : "iterate", kSpmlOperations,
        page == 0 ? "search" : "iterate", kSpmlSearch, content, page == 0 ? "search" : "iterate",
        page == 0 ? "search" : "iterate");
    const std::string body = current->handle(soap_request("/SAPIWS/spml.asmx", "", request)).body;
    EXPECT_THAT(body, AllOf(HasSubstr(kSuccess), Not(HasSubstr("UserRecord"))));
    for (std::size_t at = body.find("<psoID"); at != std::string::npos;
         at = body.find("<psoID", at + 1)) {
      ++users;
    }
    seen += body;
    const std::size_t iterator = body.find("<iterator ID=\"");
    if (iterator == std::string::npos) break;
    content = logon(admin) + body.substr(iterator, body.find("/>", iterator) + 2 - iterator);
  }
  EXPECT_THAT(seen, AllOf(HasSubstr("ID=\"seal\""), HasSubstr("ID=\"" + admin + "\"")));
  const auto all = appliance->state.read(
      [](Database& database) { return accounts_after(database, "", 1'000).size(); });
  EXPECT_EQ(users, static_cast<int>(all));
  EXPECT_THAT(call("closeIterator", "<iterator ID=\"x\"/>"), HasSubstr(kSuccess));
  EXPECT_THAT(call("listTargets", ""), HasSubstr("targetID=\"CoSign\""));
}

TEST_F(SpmlTest, TheAlternateSetsPasswordsAndChangesNoUsers) {
  const auto ask = [&](const std::string& operation, const std::string& content) {
    const std::string request = fmt::format(
        "<s:Envelope xmlns:s=\"{}\"><s:Body><{} xmlns=\"{}\"><{}Request xmlns=\"{}\" "
        "requestID=\"7\">{}{}"
        "</{}Request></{}></s:Body></s:Envelope>",
        kSoap11, operation, kSpmlOperations, operation, kSpmlCore, logon(admin), content, operation,
        operation);
    return alternate->handle(soap_request("/SAPIWS/spml.asmx", "", request)).body;
  };
  EXPECT_THAT(ask("setPassword", id(user) + "<password>set by admin</password>"),
              AllOf(HasSubstr(kSuccess), HasSubstr("requestID=\"7\"")));
  EXPECT_THAT(ask("delete", id(user)), HasSubstr("ask the primary"));
}

TEST_F(SpmlTest, AsynchronousExecutionIsNotThere) {
  const std::string request = fmt::format(
      "<s:Envelope xmlns:s=\"{}\"><s:Body><lookup xmlns=\"{}\"><lookupRequest xmlns=\"{}\" "
      "executionMode=\"asynchronous\"/></lookup></s:Body></s:Envelope>",
      kSoap11, kSpmlOperations, kSpmlCore);
  EXPECT_THAT(current->handle(soap_request("/SAPIWS/spml.asmx", "", request)).body,
              HasSubstr("error=\"unsupportedExecutionMode\""));
  EXPECT_THAT(spml("lookup", ""), HasSubstr("No password"));
}

}  // namespace
}  // namespace signet::emulator::sapiws
