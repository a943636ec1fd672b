// However hostile a SOAP service with the right pin is: no call exceeds its limit by more than a second, and the process
// does not grow by more than 128 MiB.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "tests/process/bounded_calls.h"
#include "tests/process/sapiws_peer.h"
#include "tests/support/module.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using https::TestReply;
using https::TestRequest;
using namespace std::chrono_literals;

constexpr std::chrono::seconds kSapiwsLimit = 3s;       // of a call, as configured
constexpr std::chrono::seconds kSapiwsLongLimit = 60s;  // where the answer is to be read to its end
constexpr std::size_t kSapiwsLargestBody = std::size_t{8} * 1024 * 1024;
constexpr std::string_view kEntityBody =
    R"(<e><ResultMajor>urn:oasis:names:tc:dss:1.0:resultmajor:Success</ResultMajor>)"
    R"(<AvailableCertificate>&z;</AvailableCertificate></e>)";

TestReply xml_reply(std::string body) {
  return {.body = std::move(body), .content_type = "text/xml; charset=utf-8"};
}

std::string repeated(std::string_view piece, std::size_t most) {
  std::string text;
  text.reserve(most);
  while (text.size() + piece.size() <= most) text += piece;
  return text;
}

// Pieces that differ by a number, up to so many bytes.
template <typename Piece>
std::string numbered(std::size_t most, Piece piece) {
  std::string text;
  text.reserve(most);
  for (std::size_t i = 0; text.size() + 64 <= most; ++i) text += piece(i);
  return text;
}

// Ten entities, each ten times the one before.
std::string entity_bomb() {
  std::string text = R"(<!ENTITY a "QUFB">)";
  for (char name = 'b'; name <= 'z'; ++name) {
    text += fmt::format("<!ENTITY {} \"{}\">", name,
                        repeated(fmt::format("&{};", static_cast<char>(name - 1)), 30));
  }
  return "<!DOCTYPE e [" + text + "]>" + std::string(kEntityBody);
}

std::string utf16(std::string_view text) {
  std::string wide = "\xFF\xFE";
  for (const char c : text) wide += std::string{c, '\0'};
  return wide;
}

// RFC 2152: what is not plain goes into base64 of UTF-16.
std::string utf7(std::string_view text) {
  std::string coded;
  for (const char c : text) {
    if (c != '<' && c != '&' && c != '!') {
      coded += c;
      continue;
    }
    const std::uint8_t wide[] = {0, static_cast<std::uint8_t>(c)};
    std::string base64 = crypto::to_base64(wide);
    while (base64.ends_with('=')) base64.pop_back();
    coded += "+" + base64 + "-";
  }
  return coded;
}

class HostileSapiwsTest : public testing::Test {
 protected:
  SapiwsPeer peer() const { return SapiwsPeer(key_); }

  // Logs in so often, each time after a logout; the codes that it may answer.
  void hold_to_limits(const SapiwsPeer& peer, int logins, const std::vector<CK_RV>& expected,
                      std::chrono::seconds limit = kSapiwsLimit) {
    const HostileServer server(peer.handler());
    configure(folder_.path(), {.dialect = "sapiws", .call = limit}, server.member("/SAPIWS"));
    EXPECT_TRUE(in_other_process([&] { log_in(logins, expected, limit); }));
    EXPECT_TRUE(is_clean_log(folder_ / "log"));
  }

  // Answers that no service gives: logging in fails, and takes no longer than it may.
  void refuse(TestReply reply, const std::vector<CK_RV>& expected = {CKR_DEVICE_ERROR}) {
    hold_to_limits(peer().on("enum-certificates",
                             [reply = std::move(reply)](const TestRequest&) { return reply; }),
                   1, expected);
  }

  const ScratchFolder folder_;
  const SigningKeyPtr key_ = std::make_shared<SigningKey>(SigningKey::Kind::rsa_2048, "signer");

 private:
  static void log_in(int logins, const std::vector<CK_RV>& expected, std::chrono::seconds limit) {
    const Module module;
    Session session(module);
    const BoundedCalls calls(limit);
    for (int i = 0; i < logins; ++i) {
      const CK_RV answer =
          calls.run("login " + std::to_string(i), [&] { return session.try_login("secret"); });
      EXPECT_TRUE(std::ranges::count(expected, answer) != 0) << std::hex << answer;
      if (answer == CKR_OK) module->C_Logout(session.handle());
    }
  }
};

TEST_F(HostileSapiwsTest, IsOtherwiseHonest) {
  hold_to_limits(peer(), 2, {CKR_OK});
}

TEST_F(HostileSapiwsTest, DeclaresEntities) {
  const std::string_view declaration = R"(<?xml version="1.0" encoding="utf-8"?>)";
  const std::string long_text(5'000'000, 'A');
  for (const std::string& body :
       {entity_bomb(), std::string(declaration) + entity_bomb(),
        "<!DOCTYPE e [<!ENTITY z \"" + long_text + "\">]>" + std::string(kEntityBody),
        "<!DOCTYPE e [<!ENTITY z \"" + long_text + "\">]><e>" + repeated("&z;", 30'000) + "</e>",
        "<!DOCTYPE e [<!ENTITY z SYSTEM \"file:///etc/passwd\">]>" + std::string(kEntityBody),
        "<!DOCTYPE e [<!ENTITY z SYSTEM \"file:///dev/zero\">]>" + std::string(kEntityBody),
        "<!DOCTYPE e SYSTEM \"http://127.0.0.1:1/x.dtd\">" + std::string(kEntityBody),
        "<!DOCTYPE e [<!ENTITY % p SYSTEM \"file:///dev/zero\">%p;]>" + std::string(kEntityBody),
        "<!DOCTYPE e [<!ENTITY z \"&z;\">]>" + std::string(kEntityBody)}) {
    SCOPED_TRACE(body.substr(0, 100));
    refuse(xml_reply(body));
  }
}

// What is looked for in the octets must not be hidden from it by another encoding.
TEST_F(HostileSapiwsTest, DeclaresEntitiesInOtherEncodings) {
  for (const std::string& body :
       {utf16(entity_bomb()), utf16(R"(<?xml version="1.0" encoding="utf-16"?>)" + entity_bomb()),
        R"(<?xml version="1.0" encoding="UTF-7"?>)" + utf7(entity_bomb()),
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>\n" + utf7(entity_bomb()),
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n" + utf16(entity_bomb()).substr(2),
        "<?xml version=\"1.0\" encoding=\"EBCDIC-US\"?>\n" + entity_bomb()}) {
    SCOPED_TRACE(body.substr(0, 100));
    refuse(xml_reply(body));
  }
}

TEST_F(HostileSapiwsTest, NestsWithoutEnd) {
  refuse(xml_reply(repeated("<a>", kSapiwsLargestBody)));
  refuse(xml_reply(repeated("<a>", 200'000)));
  refuse(xml_reply(repeated("<AvailableCertificate>", 250 * 22) + "QUFB" +
                   repeated("</AvailableCertificate>", 250 * 23)));
}

// Each holds the text of all those inside it.
TEST_F(HostileSapiwsTest, NestsCertificates) {
  const std::string base64 = crypto::to_base64(Bytes(24'000, 'x'));
  std::string content;
  for (int i = 0; i < 240; ++i) content += "<AvailableCertificate>" + base64;
  content += repeated("</AvailableCertificate>", 240 * 23);
  ASSERT_LE(content.size(), kSapiwsLargestBody);
  refuse(dss_reply(content));
}

TEST_F(HostileSapiwsTest, HasElementsWithoutEnd) {
  refuse(xml_reply("<e>" + repeated("<a/>", kSapiwsLargestBody - 10) + "</e>"));
  refuse(dss_reply(repeated("<a/>", 390'000)), {CKR_OK, CKR_DEVICE_ERROR});
  refuse(dss_reply(repeated("a<!---->", 790'000)), {CKR_OK, CKR_DEVICE_ERROR});
}

TEST_F(HostileSapiwsTest, HasAttributesWithoutEnd) {
  const auto one = [](std::size_t i) { return fmt::format(" a{}=\"\"", i); };
  refuse(dss_reply("", numbered(kSapiwsLargestBody - 2000, one)));
  refuse(dss_reply("", numbered(1'000'000, one)));
  refuse(dss_reply("<CoSignInfo SerialNumber=\"" + std::string(7'000'000, '1') + "\"/>"),
         {CKR_OK, CKR_DEVICE_ERROR});
}

TEST_F(HostileSapiwsTest, HasAttributesOnEachOfItsElements) {
  std::string element = "<a";
  for (int i = 0; i < 90; ++i) element += fmt::format(" a{}=''", i);
  refuse(dss_reply(repeated(element + "/>", kSapiwsLargestBody - 2000)));
}

TEST_F(HostileSapiwsTest, HasNamespacesWithoutEnd) {
  const auto declaration = [](std::size_t i) { return fmt::format(" xmlns:n{}=\"u:{}\"", i, i); };
  refuse(dss_reply("", numbered(kSapiwsLargestBody - 2000, declaration)));
  refuse(dss_reply(repeated("<n0:a/>", 600'000), numbered(1'000'000, declaration)));
}

// Each name is looked up among all declarations around it.
TEST_F(HostileSapiwsTest, NestsNamespaces) {
  std::string content;
  for (int level = 0; level < 200; ++level) {
    content += "<a";
    for (int i = 0; i < 90; ++i) content += fmt::format(" xmlns:n{}-{}='u'", level, i);
    content += ">";
  }
  content += repeated("<n0-0:a n0-0:b=''/>", 1'800'000) + repeated("</a>", 800);
  refuse(dss_reply(content));
}

// As much of everything as is read at all.
TEST_F(HostileSapiwsTest, HasNamespacesAndAttributesUpToTheBounds) {
  std::string content;
  for (int level = 0; level < 4; ++level) {
    content += "<a";
    for (int i = 0; i < 99; ++i) content += fmt::format(" xmlns:n{}-{}='u'", level, i);
    content += ">";
  }
  content += repeated("<n0-0:a n0-0:b=''/>", 95'000 * 19) + repeated("</a>", 4 * 4);
  refuse(dss_reply(content), {CKR_OK});
  std::string element = "<a";
  for (int i = 0; i < 99; ++i) element += fmt::format(" {}{}=''", std::string(50, 'a'), i);
  refuse(dss_reply(repeated(element + "/>", (element.size() + 2) * 1000)), {CKR_OK});
}

TEST_F(HostileSapiwsTest, HasMoreCertificatesThanMayBe) {
  refuse(dss_reply(repeated("<AvailableCertificate>QUFB</AvailableCertificate>", 49 * 10'001)));
}

TEST_F(HostileSapiwsTest, HasCertificatesThatAreNone) {
  for (const std::string& text : {std::string("QUFB"), std::string("not base64!"), std::string(),
                                  std::string(7'000'000, 'A')}) {
    refuse(dss_reply("<AvailableCertificate>" + text + "</AvailableCertificate>"));
  }
}

// Too many to be read in time, or in the time that is left.
TEST_F(HostileSapiwsTest, HasAsManyCertificatesAsFit) {
  const Bytes certificate = numbered_certificate(ec_public_key(Point::usual));
  std::vector<Bytes> all;
  for (std::size_t i = 0; i < 9'999; ++i) all.push_back(renumbered(certificate, i));
  hold_to_limits(peer().on("enum-certificates", [reply = dss_reply(certificates_xml(all))](
                                                    const TestRequest&) { return reply; }),
                 2, {CKR_OK}, kSapiwsLongLimit);
}

TEST_F(HostileSapiwsTest, HasCertificatesThatTakeLongToCheck) {
  const Bytes slow = numbered_certificate(ec_public_key(Point::slow));
  std::vector<Bytes> all;
  for (std::size_t i = 0; i < 9'999; ++i) all.push_back(renumbered(slow, i));
  hold_to_limits(peer().on("enum-certificates", [reply = dss_reply(certificates_xml(all))](
                                                    const TestRequest&) { return reply; }),
                 1, {CKR_OK, CKR_DEVICE_ERROR});
}

TEST_F(HostileSapiwsTest, ReplacesTheLargestCertificatesByOthers) {
  const auto logins = std::make_shared<std::atomic<std::size_t>>(0);
  const Bytes large = numbered_certificate(ec_public_key(Point::usual), 250'000);
  hold_to_limits(peer().on("enum-certificates",
                           [logins, large](const TestRequest&) {
                             std::vector<Bytes> all;
                             const std::size_t first = 100 * ++*logins;
                             for (std::size_t i = 0; i < 22; ++i) {
                               all.push_back(renumbered(large, first + i));
                             }
                             return dss_reply(certificates_xml(all));
                           }),
                 3, {CKR_OK}, kSapiwsLongLimit);
}

TEST_F(HostileSapiwsTest, SendsABodyWithoutEnd) {
  std::string endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  endless += repeated("400\r\n" + std::string(1024, ' ') + "\r\n", 16 * kSapiwsLargestBody);
  refuse({.raw = endless});
  refuse({.raw = "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\n<"});
  refuse({.raw = "HTTP/1.1 200 OK\r\n" +
                 repeated("X-A: " + std::string(1000, 'x') + "\r\n", 16 * kSapiwsLargestBody)});
  refuse({.raw = repeated("HTTP/1.1 100 Continue\r\n\r\n", 16 * kSapiwsLargestBody)});
}

TEST_F(HostileSapiwsTest, SendsByteAfterByte) {
  refuse({.body = std::string(100'000, ' '), .pause_between_bytes = 50ms});
}

TEST_F(HostileSapiwsTest, SendsElsewhere) {
  for (const int status : {301, 302, 303, 307, 308}) {
    refuse({.status = status, .headers = {{"Location", "/SAPIWS/dss.asmx"}}});
  }
}

TEST_F(HostileSapiwsTest, AsksToWaitForEver) {
  for (const char* const wait :
       {"999999999", "99999999999999999999999", "-1", "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    SCOPED_TRACE(wait);
    refuse({.status = 503, .headers = {{"Retry-After", wait}}});
  }
}

TEST_F(HostileSapiwsTest, SaysWhatMovesCursors) {
  refuse(
      xml_reply("<e><ResultMajor>x:Failure</ResultMajor><ResultMessage>&#x9b;2J\xE2\x80\xAE"
                "</ResultMessage></e>"));
  refuse(xml_reply("<e><ResultMajor>x:Failure</ResultMajor><ResultMessage>" +
                   std::string(5'000'000, 'm') + "</ResultMessage></e>"));
}

}  // namespace
}  // namespace signet::tests
