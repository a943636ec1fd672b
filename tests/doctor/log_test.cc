// The log as a machine reads it: each part of a failure is a field of its own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "tests/doctor/doctor_setup.h"
#include "tests/support/files.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

class StructuredLog : public testing::Test {
 protected:
  StructuredLog() { configure(setup_.members()); }

  void configure(const std::vector<Member>& members) const {
    setup_.configure(members,
                     fmt::format("[log]\nlevel = \"trace\"\nformat = \"json\"\nto = \"{}\"\n",
                                 setup_.file("log").string()));
  }

  // The first entry with this member of this value; throws where a line is no JSON.
  boost::json::object entry_with(const std::string& name, const boost::json::value& value) const {
    std::istringstream lines(read_file(setup_.file("log")));
    for (std::string line; std::getline(lines, line);) {
      auto entry = boost::json::parse(line).as_object();
      for (const char* always : {"time", "level", "program", "pid", "message"}) {
        EXPECT_TRUE(entry.contains(always)) << line;
      }
      const auto* const member = entry.if_contains(name);
      if (member != nullptr && *member == value) return entry;
    }
    ADD_FAILURE() << "no entry with " << name << " = " << value << " in\n"
                  << read_file(setup_.file("log"));
    return {};
  }

  DoctorSetup setup_;
};

TEST_F(StructuredLog, ARefusedPinHasFunctionCodeMemberStatusCodesAndTime) {
  {
    const Module module;
    Session session(module);
    EXPECT_EQ(session.try_login("wrong horse"), CKR_PIN_INCORRECT);
  }
  const std::string member = setup_.members()[0].url;
  for (const auto& entry : {entry_with("function", "C_Login"), entry_with("call", "account")}) {
    EXPECT_EQ(entry.at("member").as_string(), member);
    EXPECT_EQ(entry.at("http_status"), 401) << "a number";
    EXPECT_EQ(entry.at("sapi_code"), "0x900201E0");
    EXPECT_FALSE(entry.at("request_id").as_string().empty());
    EXPECT_GE(entry.at("milliseconds").as_int64(), 0);
    EXPECT_EQ(entry.at("level"), "warn");
  }
  EXPECT_EQ(entry_with("function", "C_Login").at("code"), "CKR_PIN_INCORRECT");
}

TEST_F(StructuredLog, AnApplianceThatFailsIsNamedWithItsRequest) {
  setup_.primary().queue_faults(
      R"({"match":{"path_prefix":"/dsa/v1/account"},"kind":"status","status":500,
          "sapiCode":"0x90010001","times":0})");
  {
    const Module module;
    Session session(module);
    EXPECT_EQ(session.try_login(setup_.pin()), CKR_DEVICE_ERROR);
  }
  const auto entry = entry_with("code", "CKR_DEVICE_ERROR");
  EXPECT_EQ(entry.at("function"), "C_Login");
  EXPECT_EQ(entry.at("http_status"), 500);
  EXPECT_EQ(entry.at("sapi_code"), "0x90010001");
  EXPECT_FALSE(entry.at("request_id").as_string().empty());
  EXPECT_EQ(entry.at("level"), "error");
}

TEST_F(StructuredLog, AWrongSignatureIsNamedWithItsMemberAndRequest) {
  setup_.primary().queue_faults(
      R"({"match":{"method":"POST"},"kind":"wrong-signature","variant":"bit-flip","times":0})");
  {
    const Module module;
    Session session(module);
    session.login(setup_.pin());
    const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
    EXPECT_THROW(session.sign(CKM_ECDSA_SHA256, key, view_of("document")), CryptokiError);
  }
  const auto entry = entry_with("function", "C_Sign");
  EXPECT_EQ(entry.at("member").as_string(), setup_.members()[0].url);
  EXPECT_FALSE(entry.at("request_id").as_string().empty());
  EXPECT_EQ(entry.at("level"), "error");
}

TEST_F(StructuredLog, AMemberThatCannotBeReachedIsNamedWithoutAnAnswer) {
  const Member gone = setup_.members()[0];
  setup_.primary().kill();
  {
    const Module module;
    Session session(module);
    EXPECT_EQ(session.try_login(setup_.pin()), CKR_DEVICE_REMOVED);
  }
  const auto entry = entry_with("code", "CKR_DEVICE_REMOVED");
  EXPECT_EQ(entry.at("member").as_string(), gone.url);
  EXPECT_FALSE(entry.contains("http_status"));
  EXPECT_FALSE(entry.contains("request_id"));
  EXPECT_TRUE(entry.contains("milliseconds"));
}

}  // namespace
}  // namespace signet::tests
