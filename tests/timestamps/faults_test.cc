// Every fault of an authority: alone, before a sound one, and between two others. Which authority's time-stamp is used, how
// many requests each of them gets, and what the failure says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/timestamps/scene.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using timestamps::Defect;
using timestamps::Miss;
using Kind = Miss::Kind;

struct Fault {
  std::string name;
  Kind kind;
  std::optional<Defect> defect;
  std::string says;
  std::uint64_t requests = 1;
  Milliseconds limit = 10s;
};

Fault bad(std::string name, Defect defect, std::string says) {
  return {std::move(name), Kind::bad_token, defect, std::move(says)};
}

Fault rejects(const std::string& failure, const std::string& advice) {
  return {"reject-" + failure, Kind::rejected, Defect::rejected,
          "the authority refuses (rejection, " + failure + ": " + advice};
}

Fault http(std::string name, Kind kind, std::string says) {
  return {std::move(name), kind, std::nullopt, std::move(says)};
}

std::vector<Fault> faults() {
  std::vector<Fault> all = {
      bad("malformed", Defect::malformed, "not a TimeStampResp (RFC 3161)"),
      bad("empty", Defect::malformed, "not a TimeStampResp (RFC 3161)"),
      bad("no-token", Defect::malformed, "granted and has no token"),
      bad("critical-extension", Defect::malformed, "a critical extension that is not known here"),
      bad("wrong-imprint", Defect::imprint, "for another digest than the one sent"),
      bad("wrong-nonce", Defect::nonce, "another nonce than the request"),
      bad("no-nonce", Defect::nonce, "lacks the nonce of the request"),
      bad("two-signers", Defect::signers, "has 2 signatures, not one"),
      bad("no-signer", Defect::signers, "has 0 signatures, not one"),
      bad("no-certificates", Defect::no_certificate, "lacks its signer's certificate"),
      bad("no-eku", Defect::key_purpose, "no extended key usage"),
      bad("eku-not-critical", Defect::key_purpose, "is not critical"),
      bad("eku-extra", Defect::key_purpose, "not for time-stamps alone"),
      bad("no-signing", Defect::key_purpose, "does not allow signatures"),
      bad("wrong-ess", Defect::certificate_id, "names another certificate than the signer's"),
      bad("no-ess", Defect::certificate_id, "does not name its signer's certificate"),
      bad("wrong-digest", Defect::signed_attributes, "that of another content"),
      bad("wrong-attribute", Defect::signed_attributes, "content-type"),
      bad("no-attributes", Defect::certificate_id, "does not name its signer's certificate"),
      bad("sha1", Defect::algorithm, "less than 256 bits (SHA-1 among them)"),
      bad("no-digest", Defect::algorithm, "does not name the digest of its signature"),
      bad("small-rsa", Defect::algorithm, "RSA key has 1024 bits, fewer than 2048"),
      bad("broken-signature", Defect::signature, "not that of its signer"),
      bad("expired", Defect::chain, "certificate has expired"),
      bad("foreign", Defect::chain, "check the CA file of the authority"),
      bad("early", Defect::time, "behind the clock here, and 300 s is allowed"),
      bad("late", Defect::time, "ahead of the clock here, and 300 s is allowed"),
      rejects("badAlg", "it does not take this digest algorithm; use another hash"),
      rejects("badRequest", "it does not permit or support such a request"),
      rejects("badDataFormat", "it cannot read the request"),
      rejects("timeNotAvailable", "its time source is not available; try again later"),
      rejects("unacceptedPolicy", "it does not offer the policy that was asked for"),
      rejects("unacceptedExtension", "it does not support an extension"),
      rejects("addInfoNotAvailable", "it cannot give what was asked for in addition"),
      rejects("systemFailure",
              "it failed internally; try again later); it says \"not today\\x1b[31m\""),
      {"waiting", Kind::rejected, Defect::rejected, "refuses (waiting); it says \"come back\""},
      http("wrong-type", Kind::http, "content type \"text/html\", not application/timestamp-reply"),
      http("too-large", Kind::http, "larger than 64 KiB"),
      http("redirect", Kind::http, "redirects (HTTP 302), which is not followed"),
      http("404", Kind::http, "answers with HTTP 404; check that the URL"),
      http("500", Kind::http, "failed (HTTP 500); try again later"),
      http("basic", Kind::credentials, "wants credentials (HTTP 401), and none are configured"),
      http("client-certificate", Kind::credentials, "wants credentials (HTTP 403)"),
      http("429", Kind::busy, "busy (HTTP 429)"),
      http("503", Kind::busy, "busy (HTTP 503)"),
      http("429-long", Kind::busy, "asks for 3600 s of patience"),
      http("503-long", Kind::busy, "asks for 3600 s of patience"),
      http("drop", Kind::unreachable, "Empty reply from server; try again later"),
  };
  all.push_back({"503-always", Kind::busy, std::nullopt, "busy (HTTP 503)", 3});
  all.push_back({"slow", Kind::unreachable, std::nullopt, "no complete answer", 1, 500ms});
  return all;
}

class FaultTest : public testing::TestWithParam<Fault> {
 protected:
  void SetUp() override {
    for (const auto& name : {std::string(), std::string("good"), GetParam().name}) {
      before_[name] = test_authority().count(stamp_path(name)).requests;
    }
  }

  std::uint64_t requests_to(const std::string& name) {
    return test_authority().count(stamp_path(name)).requests - before_.at(name);
  }

  static timestamps::StampResult stamp_by(const std::vector<std::string>& names) {
    std::vector<timestamps::Authority> authorities;
    for (const auto& name : names) {
      authorities.push_back(authority_named(name));
      if (name == GetParam().name) authorities.back().limit = GetParam().limit;
    }
    const auto client = client_of(std::move(authorities));
    auto result =
        client->stamp(crypto::Hash::sha256, digest_of_text("a document"), Deadline::after(60s));
    statistics_ = client->statistics();
    return result;
  }

  std::map<std::string, std::uint64_t> before_;
  static inline std::vector<timestamps::AuthorityStatistics> statistics_;
};

TEST_P(FaultTest, AloneItIsNamed) {
  const auto result = stamp_by({GetParam().name});
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().misses.size(), 1U);
  const Miss& miss = result.error().misses.front();
  EXPECT_EQ(miss.kind, GetParam().kind) << miss.sentence;
  EXPECT_EQ(miss.defect, GetParam().defect) << miss.sentence;
  EXPECT_THAT(miss.sentence, HasSubstr(GetParam().says));
  EXPECT_THAT(result.error().sentence, HasSubstr(GetParam().name + ": " + miss.sentence));
  EXPECT_EQ(requests_to(GetParam().name), GetParam().requests);
  EXPECT_EQ(statistics_[0].requests, GetParam().requests);
  EXPECT_EQ(statistics_[0].misses, 1U);
  EXPECT_EQ(statistics_[0].stamps, 0U);
}

TEST_P(FaultTest, TheNextAuthorityIsUsed) {
  const auto result = stamp_by({GetParam().name, ""});
  ASSERT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(result.value().authority, "sound");
  EXPECT_EQ(requests_to(GetParam().name), GetParam().requests);
  EXPECT_EQ(requests_to(""), 1U);
  EXPECT_EQ(statistics_[1].stamps, 1U);
}

TEST_P(FaultTest, AmongThreeTheFirstThatIsSoundIsUsedAndTheLastNotAsked) {
  const auto first = stamp_by({"good", GetParam().name, ""});
  ASSERT_TRUE(first) << first.error().sentence;
  EXPECT_EQ(first.value().authority, "good");
  EXPECT_EQ(requests_to(GetParam().name), 0U);
  EXPECT_EQ(requests_to(""), 0U);
  // The fault twice, then a sound one.
  const auto last = stamp_by({GetParam().name, "500", ""});
  ASSERT_TRUE(last) << last.error().sentence;
  EXPECT_EQ(last.value().authority, "sound");
  EXPECT_EQ(requests_to(""), 1U);
}

TEST_P(FaultTest, WhereAllFailEachSaysWhy) {
  const auto result = stamp_by({"reject-badAlg", GetParam().name, "wrong-nonce"});
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().misses.size(), 3U);
  EXPECT_EQ(result.error().misses[1].kind, GetParam().kind);
  EXPECT_THAT(result.error().sentence, HasSubstr("reject-badAlg: the authority refuses"));
  EXPECT_THAT(result.error().sentence, HasSubstr("; " + GetParam().name + ": "));
  EXPECT_THAT(result.error().sentence,
              HasSubstr("; wrong-nonce: the time-stamp has another nonce"));
}

INSTANTIATE_TEST_SUITE_P(Each, FaultTest, testing::ValuesIn(faults()), [](const auto& instance) {
  std::string name = instance.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace signet::tests
