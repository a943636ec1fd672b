// What an account is and has: its rights, keys and certificates, those of issuers, and the appliance's clock.
#include <gtest/gtest.h>

#include "dsa-transport/sapiws/answers.h"
#include "dsa-transport/sapiws/testing/sapiws_scene.h"

namespace signet::transport::sapiws {
namespace {

std::string issuer_told(const Bytes& certificate) {
  return good("<OptionalOutputs><CAInfo><CACertificate>" + crypto::to_base64(certificate) +
              "</CACertificate></CAInfo></OptionalOutputs>");
}

std::string record(const std::string& attributes) {
  return "<lookupResponse status=\"success\"><pso><UserRecord " + attributes +
         "/></pso></lookupResponse>";
}

TEST_F(SapiwsTest, KeepsTheIssuersWhereTheyCannotBeHadForOnce) {
  on(kCaInfoGet, {.body = issuer_told(rsa_certificate())});
  const auto client = make_appliance(settings());
  const auto first = client->objects(who_, {}, Deadline::after(10s));
  ASSERT_TRUE(first && first.value());
  EXPECT_EQ(first.value()->certificates.size(), 2U);
  on(kCaInfoGet, {.status = 500});
  const auto unchanged = client->objects(who_, first.value()->etag, Deadline::after(10s));
  ASSERT_TRUE(unchanged);
  EXPECT_FALSE(unchanged.value());
  const auto again = client->objects(who_, {}, Deadline::after(10s));
  ASSERT_TRUE(again && again.value());
  EXPECT_EQ(again.value()->certificates.size(), 2U);
}

TEST_F(SapiwsTest, TakesNoIssuersCertificateForOneOfTheAccount) {
  on(kEnumCertificates, {.body = issuer_told(rsa_certificate())});
  on(kCaInfoGet, {.body = listed({rsa_certificate()})});
  const auto answer = make_appliance(settings())->objects(who_, {}, Deadline::after(10s));
  ASSERT_TRUE(answer && answer.value());
  EXPECT_TRUE(answer.value()->keys.empty());
  EXPECT_TRUE(answer.value()->certificates.empty());
}

TEST_F(SapiwsTest, ShowsOneKeyWithItsTwoCertificatesAndSignsWithThatWhichEndsLast) {
  const PkeyPtr key(EVP_RSA_gen(2048));
  const Bytes older = rsa_certificate(key.get(), 3600);
  const Bytes newer = rsa_certificate(key.get(), 400L * 24 * 3600);
  for (const auto& list : {std::vector{older, newer, older}, std::vector{newer, older}}) {
    on(kEnumCertificates, {.body = listed(list)});
    const auto client = make_appliance(settings());
    const auto answer = client->objects(who_, {}, Deadline::after(10s));
    ASSERT_TRUE(answer && answer.value());
    ASSERT_EQ(answer.value()->keys.size(), 1U);
    ASSERT_EQ(answer.value()->certificates.size(), 2U);
    for (const CertificateInfo& certificate : answer.value()->certificates) {
      EXPECT_EQ(certificate.key_id, answer.value()->keys[0].id);
      EXPECT_EQ(certificate.cka_id, answer.value()->keys[0].cka_id);
    }
    ASSERT_TRUE(sign(*client));
    EXPECT_NE(bodies(kPkcs1).back().find(crypto::to_base64(newer)), std::string::npos);
  }
}

TEST_F(SapiwsTest, KnowsAnAdministratorByItsRights) {
  struct Row {
    std::string attributes;
    bool administrator;
  };
  const Credential other{"ann", Secret(std::string_view("word"))};
  const auto client = make_appliance(settings());
  for (const Row& row : {Row{"RightsMask=\"1\"", false}, Row{"RightsMask=\"3\"", false},
                         Row{"RightsMask=\"5\"", true}, Row{"RightsMask=\"9\"", true},
                         Row{"RightsMask=\"5x\"", false}, Row{"UserCN=\"Ann\"", false}}) {
    on("lookupRequest", {.body = record(row.attributes)});
    const auto account = client->account(other, Deadline::after(5s));
    ASSERT_TRUE(account) << row.attributes;
    EXPECT_EQ(account.value().administrator, row.administrator) << row.attributes;
  }
}

TEST_F(SapiwsTest, LetsAnotherAccountInThatMayNotManageUsers) {
  const Credential other{"ann", Secret(std::string_view("word"))};
  on("lookupRequest", {.status = 500, .body = fault("Server", "Exception occured")});
  const auto client = make_appliance(settings());
  const auto account = client->account(other, Deadline::after(5s));
  ASSERT_TRUE(account);
  EXPECT_FALSE(account.value().administrator);
  EXPECT_EQ(bodies(kEnumCertificates).size(), 1U);
  on(kEnumCertificates, {.body = result("RequesterError", "AuthenticationError", "")});
  EXPECT_EQ(client->account(other, Deadline::after(5s)).error().failure, Failure::wrong_password);
}

TEST_F(SapiwsTest, NamesTheMemberThatAnsweredAndItsRequest) {
  Settings pair = settings();
  const std::string answering = pair.members.front().url;
  pair.members.insert(pair.members.begin(),
                      {"https://127.0.0.1:" + std::to_string(https::closed_port()) + "/SAPIWS",
                       pinning::PinSet({identity_->pin()}),
                       {}});
  on(kPkcs1, {.body = signature(256), .headers = {{"X-Request-Id", "r-1"}}});
  const auto client = make_appliance(pair);
  const auto answer = sign(*client);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().trace.member, answering);
  EXPECT_EQ(answer.value().trace.request_id, "r-1");
  EXPECT_EQ(client->account(who_, Deadline::after(5s)).value().trace.member, answering);
}

TEST_F(SapiwsTest, ReadsAClockWithItsOffsetAndElseTheHttpServers) {
  const auto noon = moment_of("2026-02-11T12:00:00Z");
  const auto date = moment_of("2026-02-11T16:08:32Z");
  ASSERT_TRUE(noon && date);
  EXPECT_EQ(moment_of("2026-02-11T16:00:00+04:00"), noon);
  EXPECT_EQ(moment_of("2026-02-11T06:30:00.000-05:30"), noon);
  for (const char* const text : {"", "+04:00", "2026-02-11T16:00:00", "2026-02-11T16:00:00+15:00",
                                 "2026-02-11T16:00:00+04:60", "2026-02-11T16:00:00+0a:00"}) {
    EXPECT_FALSE(moment_of(text)) << text;
  }
  const std::map<std::string, std::string> headers = {{"Date", "Wed, 11 Feb 2026 16:08:32 GMT"}};
  const auto client = make_appliance(settings());
  on(kTimeGet,
     {.body = good("<SAPITime>2026-02-11T16:00:00+04:00</SAPITime>"), .headers = headers});
  EXPECT_EQ(client->info(Deadline::after(5s)).value().clock, noon);
  on(kTimeGet, {.body = good("<SAPITime>2026-02-11T16:00:00</SAPITime>"), .headers = headers});
  EXPECT_EQ(client->info(Deadline::after(5s)).value().clock, date);
}

}  // namespace
}  // namespace signet::transport::sapiws
