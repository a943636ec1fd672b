// The SOAP service of the installed program over real HTTPS: profiles, faults, counters.
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <thread>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/testing/instance.h"
#include "softhsm-backend/testing/server_process.h"

namespace signet::emulator {
namespace {

using json = boost::json::value;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kAction = "SOAPAction: \"http://arx.com/SAPIWS/DSS/1.0/DssVerify\"";

class EmulatorSoapTest : public testing::Test {
 protected:
  EmulatorSoapTest() : dir(make_test_instance(folder)) {}

  static HttpAnswer info(HttpClient& client) {
    return client.send_text(
        "POST", "/SAPIWS/dss.asmx",
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>"
        "<DssVerify xmlns='http://arx.com/SAPIWS/DSS/1.0/'><VerifyRequest "
        "xmlns='urn:oasis:names:tc:dss:1.0:core:schema'><OptionalInputs><SignatureType>"
        "http://arx.com/SAPIWS/DSS/1.0/cosign-info</SignatureType></OptionalInputs></VerifyRequest>"
        "</DssVerify></s:Body></s:Envelope>",
        {"Content-Type: text/xml; charset=utf-8", kAction});
  }
  // For the key "rsa" of "seal".
  static void store_certificate(const ServerProcess& primary) {
    HttpClient client(primary.base());
    const json objects = client.send("GET", "/dsa/v1/objects").json();
    for (const json& key : objects.at("keys").as_array()) {
      if (key.at("type") != "RSA") continue;
      const Bytes public_key = from_base64(value_to<std::string>(key.at("publicKey"))).value();
      const json certificate{
          {"label", ""}, {"ckaId", ""}, {"der", to_base64(certificate_for(public_key, false))}};
      EXPECT_EQ(client.send("POST", "/dsa/v1/certificates", certificate).status, 201);
    }
  }
  static HttpAnswer sign(HttpClient& client) {
    return client.send_text(
        "POST", "/SAPIWS/dss.asmx",
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>"
        "<DssSign xmlns='http://arx.com/SAPIWS/DSS/1.0/'><SignRequest><OptionalInputs>"
        "<ClaimedIdentity><Name>seal</Name><SupportingInfo><LogonPassword>" +
            std::string(kTestPassword) +
            "</LogonPassword></SupportingInfo></ClaimedIdentity><SignatureType>"
            "urn:ietf:rfc:2437:RSASSA-PKCS1-v1_5</SignatureType></OptionalInputs><InputDocuments>"
            "<Document><Base64Data>" +
            random_base64(32) +
            "</Base64Data></Document></InputDocuments></SignRequest></DssSign>" +
            "</s:Body></s:Envelope>",
        {"Content-Type: text/xml"});
  }
  static std::string signature_in(const std::string& body) {
    const std::size_t end = body.find("</Base64Signature>");
    const std::size_t begin = body.rfind('>', end - 1) + 1;
    return end == std::string::npos ? "" : body.substr(begin, end - begin);
  }
  static HttpAnswer under(HttpClient& client, const json& fault) {
    EXPECT_EQ(client.send("POST", "/x-emulator/v1/faults", fault).status, 201);
    return info(client);
  }

  ScratchFolder folder;
  std::filesystem::path dir;
};

TEST_F(EmulatorSoapTest, ServesBothContractsOnOnePort) {
  const ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const HttpAnswer answer = info(client);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/xml; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("Major=\"8\""));
  EXPECT_EQ(client.send("GET", "/dsa/v1/account").status, 200);
  const json counters = client.send("GET", "/x-emulator/v1/counters").json();
  EXPECT_EQ(counters.at("requestsByRoute").at("POST /SAPIWS/dss.asmx DssVerify"), 1);
  EXPECT_EQ(counters.at("requests"), 2);
}

TEST_F(EmulatorSoapTest, TakesLargerBodiesThanTheContract) {
  const ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const auto status = [&](const std::string& path, std::size_t size) {
    return client.send_text("POST", path, std::string(size, ' '), {"Content-Type: text/xml"})
        .status;
  };
  EXPECT_EQ(status("/SAPIWS/dss.asmx", 60UL * 1024 * 1024), 500) << "read, and no XML";
  EXPECT_EQ(status("/SAPIWS/dss.asmx", 65UL * 1024 * 1024), 413);
  EXPECT_EQ(status("/dsa/v1/keys", 2UL * 1024 * 1024), 413);
}

TEST_F(EmulatorSoapTest, FaultsMeetSoapRequests) {
  const ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const HttpAnswer refused =
      under(client, {{"kind", "status"}, {"status", 200}, {"sapiCode", "0x900201E2"}});
  EXPECT_EQ(refused.status, 200);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("DssVerifyResult"), HasSubstr("err 900201e2")));
  const HttpAnswer told = under(client, {{"kind", "status"}, {"detail", "It is so"}});
  EXPECT_THAT(told.body, HasSubstr("It is so"));
  const HttpAnswer busy = under(client, {{"kind", "status"}, {"status", 503}, {"retryAfter", 7}});
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.headers.at("retry-after"), "7");
  EXPECT_THAT(busy.body, HasSubstr("<soap:Fault>"));
  const HttpAnswer bomb = under(client, {{"kind", "xml-bomb"}});
  EXPECT_EQ(bomb.headers.at("content-type"), "text/xml; charset=utf-8");
  EXPECT_THAT(bomb.body, AllOf(HasSubstr("<!DOCTYPE"), HasSubstr("&e10;")));
  EXPECT_LT(bomb.body.size(), 2000U);
  EXPECT_EQ(under(client, {{"kind", "bad-json"}}).body.find("</soap:Envelope>"), std::string::npos);
  EXPECT_EQ(under(client, {{"kind", "cut"}, {"afterBytes", 5}}).error, CURLE_PARTIAL_FILE);
  EXPECT_GT(under(client, {{"kind", "oversize"}}).body.size(), 8U * 1024 * 1024);
  EXPECT_EQ(under(client, {{"kind", "delay"}, {"ms", 1}}).status, 200);
  EXPECT_THAT(under(client, {{"kind", "answer-place"}}).body, HasSubstr("Major=\"8\""));
  EXPECT_EQ(info(client).status, 200);
}

TEST_F(EmulatorSoapTest, NoSignatureThatWasHandedOutIsLostWhenItIsKilled) {
  std::mutex mutex;
  std::vector<std::string> handed_out;
  {
    ServerProcess primary(dir, "primary");
    store_certificate(primary);
    std::atomic<int> count{0};
    std::thread killer([&] {
      while (count < 40) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      primary.end_with(SIGKILL);
    });
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&] {
        HttpClient client(primary.base());
        for (HttpAnswer answer = sign(client); answer.status == 200; answer = sign(client)) {
          const std::lock_guard lock(mutex);
          handed_out.push_back(signature_in(answer.body));
          ++count;
        }
        count = 40;  // whatever ended it
      });
    }
    for (std::thread& client : clients) client.join();
    killer.join();
  }
  std::string journal;
  EXPECT_EQ(run_program({"journal", dir.string(), "--json"}, &journal), 0);
  EXPECT_GE(handed_out.size(), 40U);
  for (const std::string& signature : handed_out) EXPECT_THAT(journal, HasSubstr(signature));
  EXPECT_THAT(journal, HasSubstr("\"dialect\":\"sapiws\""));
}

TEST_F(EmulatorSoapTest, ImitatesTheFirmwareThatItIsTold) {
  const ServerProcess primary(dir, "primary", {"--sapiws-profile", "5.2"});
  HttpClient client(primary.base());
  EXPECT_THAT(info(client).body, HasSubstr("Major=\"5\" Minor=\"2\""));
  EXPECT_EQ(run_program({"run", dir.string(), "--sapiws-profile", "7"}), 2);
  EXPECT_EQ(run_program({"run", dir.string(), "--sapiws-answer", "nowhere"}), 2);
}

}  // namespace
}  // namespace signet::emulator
