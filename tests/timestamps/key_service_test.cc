// The authority "csc:": the service that holds the key. Its tokens come from the test authorities, as its answers would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "tests/timestamps/scene.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;
using crypto::Hash;
using testing::HasSubstr;
using timestamps::Authority;
using timestamps::Defect;
using timestamps::KeyService;
using timestamps::Miss;
using timestamps::StampRequest;
using timestamps::StampResult;

constexpr auto kPolicy = "1.3.6.1.4.1.32473.1";

// The TimeStampResp of a test authority.
Bytes response_of(const std::string& name, const StampRequest& request) {
  const ScratchFolder folder;
  const auto query = folder.write("query", text_of(request.der));
  output_of({"/usr/bin/curl", "--silent", "--fail", "--noproxy", "*", "--header",
             "Content-Type: application/timestamp-query", "--data-binary", "@" + query.string(),
             "--output", (folder / "reply").string(), test_authority().url() + stamp_path(name)});
  return copy_of(view_of(read_file(folder / "reply")));
}

KeyService service_like(const std::string& name) {
  return [name](const StampRequest& request, Deadline) -> Result<Bytes, Miss> {
    auto read = timestamps::parse_answer(stamp_context(), response_of(name, request));
    if (read) return std::move(read).value().der;
    Miss miss;
    miss.kind = Miss::Kind::service;
    miss.sentence = read.error().sentence;
    return miss;
  };
}

KeyService service_giving(const Bytes& token) {
  return [token](const StampRequest&, Deadline) -> Result<Bytes, Miss> { return token; };
}

Authority key_service() {
  Authority authority;
  authority.url = timestamps::kKeyServiceUrl;
  authority.policy = kPolicy;
  authority.trusted = test_anchors();
  return authority;
}

StampResult stamp(timestamps::Client& client, const KeyService& service) {
  return client.stamp(Hash::sha256, digest_of_text("a document"), Deadline::after(60s), service);
}

Miss miss_of(Authority authority, const KeyService& service) {
  const auto client = client_of({std::move(authority)});
  auto result = stamp(*client, service);
  if (result) return {Miss::Kind::http, "", "a time-stamp was given", {}};
  return result.error().misses.front();
}

TEST(KeyServiceTest, GivesATimeStampAsAnyOtherAuthority) {
  const auto client = client_of({key_service()});
  const auto result = stamp(*client, service_like(""));
  ASSERT_TRUE(result) << result.error().sentence;
  EXPECT_EQ(result.value().authority, "csc:");
  EXPECT_EQ(result.value().token.policy, kPolicy);
  EXPECT_TRUE(equal(result.value().token.imprint, digest_of_text("a document")));
  const auto figures = client->statistics()[0];
  EXPECT_EQ(figures.requests, 1U);
  EXPECT_EQ(figures.stamps, 1U);
  EXPECT_EQ(figures.largest_token, result.value().token.der.size());
}

TEST(KeyServiceTest, IsAskedForTheDigestWithANonceOfItsOwn) {
  std::vector<StampRequest> seen;
  const auto client = client_of({key_service()});
  for (int i = 0; i < 2; ++i) {
    (void)stamp(*client, [&](const StampRequest& request, Deadline) -> Result<Bytes, Miss> {
      seen.push_back(request);
      return Miss{};
    });
  }
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].hash, Hash::sha256);
  EXPECT_TRUE(equal(seen[0].imprint, digest_of_text("a document")));
  EXPECT_EQ(seen[0].nonce.size(), 16U);
  EXPECT_NE(seen[0].nonce, seen[1].nonce);
}

// The same checks as over HTTP, whatever brings the token.
TEST(KeyServiceTest, EachBadTokenIsRefusedForWhatItIsRefusedForOverHttp) {
  for (const std::string name :
       {"wrong-nonce", "no-nonce", "wrong-imprint", "wrong-policy", "no-eku", "eku-not-critical",
        "eku-extra", "expired", "foreign", "no-certificates", "wrong-ess", "no-ess", "two-signers",
        "wrong-digest", "no-attributes", "sha1", "broken-signature", "early", "late"}) {
    Authority over_http = authority_named(name);
    over_http.policy = kPolicy;
    const Miss wanted = miss_of(std::move(over_http), {});
    const auto client = client_of({key_service()});
    // What cannot be read as a token with one signer is refused while it is read: it is sent as it is.
    const KeyService service = [&](const StampRequest& request, Deadline) -> Result<Bytes, Miss> {
      const Bytes response = response_of(name, request);
      // Behind PKIStatusInfo, which these authorities write as 30 03 02 01 00, or with an outer length of 2 or 3 bytes.
      const Bytes status = {0x30, 0x03, 0x02, 0x01, 0x00};
      const auto at = std::search(response.begin(), response.end(), status.begin(), status.end());
      if (at == response.end()) return Miss{};
      return Bytes(at + 5, response.end());
    };
    const auto result = stamp(*client, service);
    ASSERT_FALSE(result) << name;
    const Miss& miss = result.error().misses.front();
    EXPECT_EQ(miss.kind, Miss::Kind::bad_token) << name;
    ASSERT_TRUE(miss.defect && wanted.defect) << name << ": " << miss.sentence;
    EXPECT_EQ(*miss.defect, *wanted.defect) << name << ": " << miss.sentence;
    if (*miss.defect != Defect::time) {
      EXPECT_EQ(miss.sentence, wanted.sentence) << name;
    }
  }
}

TEST(KeyServiceTest, WhatIsNoTokenIsRefused) {
  for (const Bytes& bytes : {Bytes{}, Bytes{0x30, 0x00}, Bytes(100, 0xFF), Bytes(70'000, 0x30)}) {
    const Miss miss = miss_of(key_service(), service_giving(bytes));
    EXPECT_EQ(miss.kind, Miss::Kind::bad_token);
    EXPECT_EQ(miss.defect, Defect::malformed) << miss.sentence;
  }
  // A whole TimeStampResp is not what was asked for.
  const Miss whole =
      miss_of(key_service(), [](const StampRequest& request, Deadline) -> Result<Bytes, Miss> {
        return response_of("", request);
      });
  EXPECT_EQ(whole.defect, Defect::malformed) << whole.sentence;
}

TEST(KeyServiceTest, ItsRefusalIsToldAsItSaysIt) {
  const KeyService refuses = [](const StampRequest&, Deadline) -> Result<Bytes, Miss> {
    Miss miss;
    miss.kind = Miss::Kind::not_offered;
    miss.sentence = "none here\x1b[2J";
    return miss;
  };
  const Miss miss = miss_of(key_service(), refuses);
  EXPECT_EQ(miss.kind, Miss::Kind::not_offered);
  EXPECT_EQ(miss.authority, "csc:");
  EXPECT_THAT(miss.sentence, HasSubstr("none here"));
  EXPECT_EQ(miss.sentence.find('\x1b'), std::string::npos);
}

TEST(KeyServiceTest, WithoutOneThereIsASentenceThatSaysWhatToDo) {
  const Miss miss = miss_of(key_service(), {});
  EXPECT_EQ(miss.kind, Miss::Kind::not_offered);
  EXPECT_THAT(miss.sentence, HasSubstr("name the URL of an authority"));
}

TEST(KeyServiceTest, StandsInListsWithOthersInAnyOrder) {
  const KeyService fails = [](const StampRequest&, Deadline) -> Result<Bytes, Miss> {
    return Miss{Miss::Kind::service, "", "it fails", {}};
  };
  const auto first = client_of({key_service(), authority_named("")});
  EXPECT_EQ(stamp(*first, service_like("")).value().authority, "csc:");
  EXPECT_EQ(stamp(*first, fails).value().authority, "sound");
  EXPECT_EQ(stamp(*first, service_like("wrong-nonce")).value().authority, "sound");
  EXPECT_EQ(stamp(*first, {}).value().authority, "sound");
  const auto last = client_of({authority_named("500"), key_service()});
  EXPECT_EQ(stamp(*last, service_like("")).value().authority, "csc:");
  const auto none = stamp(*last, fails);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().misses.size(), 2U);
  EXPECT_THAT(none.error().sentence, HasSubstr("csc:: it fails"));
}

TEST(KeyServiceTest, AnUnreachableOneRestsAsOthersDo) {
  const auto client = client_of({key_service(), authority_named("")});
  int asked = 0;
  const KeyService unreachable = [&](const StampRequest&, Deadline) -> Result<Bytes, Miss> {
    ++asked;
    return Miss{Miss::Kind::unreachable, "", "it cannot be reached", {}};
  };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stamp(*client, unreachable));
  EXPECT_EQ(asked, 1);
}

TEST(KeyServiceTest, GetsTheAuthoritysLimitAtMost) {
  Authority authority = key_service();
  authority.limit = 700ms;
  Milliseconds given{0};
  (void)miss_of(std::move(authority),
                [&](const StampRequest&, Deadline deadline) -> Result<Bytes, Miss> {
                  given = deadline.left();
                  return Miss{};
                });
  EXPECT_LE(given, 700ms);
  EXPECT_GT(given, 0ms);
}

TEST(KeyServiceTest, TakesNothingThatIsForHttp) {
  const auto settings_miss = [](auto change) {
    Authority authority = key_service();
    change(authority);
    return miss_of(std::move(authority), service_giving({}));
  };
  for (const Miss& miss :
       {settings_miss([](Authority& it) { it.url = "csc:other"; }),
        settings_miss([](Authority& it) { it.tls_ca_file = "ca.pem"; }),
        settings_miss([](Authority& it) {
          it.basic.emplace(timestamps::BasicCredentials{"u", Secret(std::string_view("p"))});
        })}) {
    EXPECT_EQ(miss.kind, Miss::Kind::settings);
    EXPECT_THAT(miss.sentence, HasSubstr("\"csc:\""));
  }
}

}  // namespace
}  // namespace signet::tests
