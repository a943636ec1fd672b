// What is refused before it is sent, and what answers may take of time and memory.
#include <gtest/gtest.h>

#include "dsa-transport/sapiws/answers.h"
#include "dsa-transport/sapiws/testing/sapiws_scene.h"

namespace signet::transport::sapiws {
namespace {

TEST_F(SapiwsTest, SignsWithoutASelectorOnlyWhereThereIsOneKey) {
  Settings without = settings();
  without.sapiws.selector = config::SapiwsConfig::Selector::none;
  const auto client = make_appliance(without);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(bodies(kPkcs1).front().find("KeySelector"), std::string::npos);
  on(kEnumCertificates, {.body = listed({certificate_, rsa_certificate()})});
  const auto set = client->objects(who_, {}, Deadline::after(10s));
  ASSERT_TRUE(set && set.value());
  SignRequest request;
  request.key_id = set.value()->keys.at(1).id;
  request.digests = {Bytes(32, 1)};
  const auto answer = client->sign(who_, request, Deadline::after(5s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::bad_parameter);
  EXPECT_NE(answer.error().sentence.find("selector = \"certificate\""), std::string::npos);
  EXPECT_EQ(bodies(kPkcs1).size(), 1U);
}

TEST_F(SapiwsTest, RefusesASaltLengthThatTheServiceCannotBeAskedFor) {
  Settings with_pss = settings();
  with_pss.sapiws.pss = true;
  const auto client = make_appliance(with_pss);
  SignRequest request;
  request.key_id = key_id(*client);
  request.algorithm = Scheme::rsa_pss;
  request.digests = {Bytes(32, 1)};
  for (const std::size_t salt : {0U, 20U, 33U}) {
    request.salt_length = salt;
    const auto answer = client->sign(who_, request, Deadline::after(5s));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::bad_parameter);
  }
  EXPECT_TRUE(bodies(kPkcs1).empty());
  request.salt_length = 32;
  EXPECT_TRUE(client->sign(who_, request, Deadline::after(5s)));
}

TEST_F(SapiwsTest, RefusesADigestOfAnotherLengthBeforeItIsSent) {
  const auto client = make_appliance(settings());
  SignRequest request;
  request.key_id = key_id(*client);
  request.digests = {Bytes(32, 1), Bytes(31, 1)};
  const auto answer = client->sign(who_, request, Deadline::after(5s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::digest_length);
  EXPECT_TRUE(bodies(kPkcs1).empty());
}

TEST_F(SapiwsTest, EndsByItsDeadlineHoweverManyCertificatesThereAre) {
  // Different ones; nobody checks their signatures.
  std::vector<Bytes> many;
  for (unsigned i = 0; i < 9'999; ++i) {
    Bytes one = identity_->certificate_der();
    one[one.size() - 10] = static_cast<std::uint8_t>(i);
    one[one.size() - 11] = static_cast<std::uint8_t>(i >> 8);
    many.push_back(std::move(one));
  }
  on(kEnumCertificates, {.body = listed(many)});
  const auto client = make_appliance(settings());
  ASSERT_TRUE(client->info(Deadline::after(10s)));
  const auto whole = client->objects(who_, {}, Deadline::after(120s));
  ASSERT_TRUE(whole && whole.value());
  EXPECT_EQ(whole.value()->certificates.size(), many.size());
  const auto began = std::chrono::steady_clock::now();
  const auto answer = client->objects(who_, {}, Deadline::after(100ms));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 1100ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::timed_out);
  for (const char* const name : {"AvailableCertificate", "CACertificate"}) {
    std::string outputs;
    for (unsigned i = 0; i < 10'001; ++i) {
      outputs += std::string("<") + name + ">AA==</" + name + ">";
    }
    const auto read = read_dss(good(outputs), Deadline::after(10s));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, "there are too many certificates");
  }
}

TEST_F(SapiwsTest, ReadsNothingAfterItsDeadline) {
  const auto read = read_dss(good(""), Deadline::after(0ms));
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().out_of_time);
  EXPECT_FALSE(read_spml("<lookupResponse status=\"success\"/>", Deadline::after(0ms)));
  EXPECT_FALSE(read_fault(fault("Client", "a"), Deadline::after(0ms)));
}

TEST_F(SapiwsTest, RefusesADescriptionOfAnyLength) {
  for (const char* const name : {"SerialNumber", "ClusterID", "Major", "Minor"}) {
    const auto with = [&](std::size_t size) {
      return read_dss(
          good("<CoSignInfo " + std::string(name) + "=\"" + std::string(size, '7') + "\"/>"),
          Deadline::after(5s));
    };
    EXPECT_TRUE(with(64));
    const auto longer = with(65);
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().what, std::string(name) + " of CoSignInfo is too long");
  }
  on(kCosignInfo,
     {.body = good("<CoSignInfo SerialNumber=\"" + std::string(100'000, 'x') + "\"/>")});
  const auto info = make_appliance(settings())->info(Deadline::after(5s));
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().failure, Failure::bad_answer);
}

TEST_F(SapiwsTest, NamesACertificateByIssuerAndSerialNumber) {
  const auto names = issuer_serial_of(certificate_);
  ASSERT_TRUE(names);
  EXPECT_EQ(names->issuer, "CN=jan");
  EXPECT_EQ(names->serial, "4711");
  Bytes broken = certificate_;
  broken.pop_back();
  EXPECT_FALSE(issuer_serial_of(broken));
  EXPECT_FALSE(issuer_serial_of({}));
}

}  // namespace
}  // namespace signet::transport::sapiws
