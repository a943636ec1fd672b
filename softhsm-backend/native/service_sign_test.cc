// The contract without sockets: signatures.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "softhsm-backend/native/testing/service_scene.h"
#include "tests/support/sanitizers.h"

#ifdef SIGNET_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace signet::emulator {
namespace {

TEST_F(ServiceTest, SignsWithEveryAlgorithmAndHash) {
  const json rsa = make_key({{"type", "RSA"}, {"size", 2048}});
  for (const HashRow& hash : kHashes) {
    for (const std::string_view algorithm : {kRsaPkcs1, kRsaPss}) {
      const Bytes digest = random_bytes(digest_size(hash.hash));
      const Answer answer =
          call("POST", signatures_path(rsa),
               {{"algorithm", algorithm}, {"hash", hash.name}, {"digests", {to_base64(digest)}}});
      ASSERT_EQ(answer.status, 200U) << answer.body;
      const Bytes signature = bytes_in(boost::json::parse(answer.body).at("signatures").at(0));
      EXPECT_TRUE(verifies(bytes_in(rsa.at("publicKey")), algorithm, hash.name, digest, signature))
          << algorithm << hash.name;
    }
  }
}

TEST_F(ServiceTest, PadsReadyContentWhereTheHashIsNone) {
  const json rsa = make_key({{"type", "RSA"}, {"size", 2048}});
  const auto sign = [&](const Bytes& content) {
    return call("POST", signatures_path(rsa),
                {{"algorithm", kRsaPkcs1}, {"hash", "none"}, {"digests", {to_base64(content)}}});
  };
  const Bytes content = random_bytes(245);
  const Answer answer = sign(content);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_TRUE(verifies(bytes_in(rsa.at("publicKey")), kRsaPkcs1, "none", content,
                       bytes_in(boost::json::parse(answer.body).at("signatures").at(0))));
  EXPECT_EQ(code(sign(random_bytes(246))), "0x90030384");
  EXPECT_EQ(code(sign({})), "0x90030384");
}

TEST_F(ServiceTest, SignsOnEveryCurveWithFixedSizes) {
  for (const auto& [curve, size] : {std::pair("P-256", 64U), {"P-384", 96U}, {"P-521", 132U}}) {
    const json key = make_key({{"type", "EC"}, {"curve", curve}});
    for (int i = 0; i < 4; ++i) {
      const Bytes digest = random_bytes(64);
      const Answer answer =
          call("POST", signatures_path(key),
               {{"algorithm", "ECDSA"}, {"hash", "SHA-512"}, {"digests", {to_base64(digest)}}});
      const Bytes signature = bytes_in(boost::json::parse(answer.body).at("signatures").at(0));
      EXPECT_EQ(signature.size(), size);
      EXPECT_TRUE(verifies(bytes_in(key.at("publicKey")), "ECDSA", "SHA-512", digest, signature));
    }
  }
}

TEST_F(ServiceTest, SignsMessagesWithEd25519) {
#ifdef SIGNET_ADDRESS_SANITIZER
  // SoftHSMv2 2.6.1 loses 37 bytes of a decoded key at each C_SignInit with CKM_EDDSA.
  const __lsan::ScopedDisabler softhsm_leaks;
#endif
  const json key = make_key({{"type", "Ed25519"}});
  EXPECT_FALSE(key.as_object().contains("curve"));
  const auto sign = [&](const Bytes& message, const char* hash) {
    return call("POST", signatures_path(key),
                {{"algorithm", "Ed25519"}, {"hash", hash}, {"digests", {to_base64(message)}}});
  };
  for (const std::size_t size : {0U, 1U, 65536U}) {
    const Bytes message = random_bytes(size);
    const Answer answer = sign(message, "none");
    ASSERT_EQ(answer.status, 200U) << answer.body;
    const Bytes signature = bytes_in(boost::json::parse(answer.body).at("signatures").at(0));
    EXPECT_EQ(signature.size(), 64U);
    EXPECT_TRUE(verifies(bytes_in(key.at("publicKey")), "Ed25519", "none", message, signature));
  }
  EXPECT_EQ(code(sign(random_bytes(65537), "none")), "0x90030384");
  EXPECT_EQ(code(sign(random_bytes(32), "SHA-256")), "0x90030702");
}

TEST_F(ServiceTest, SignsManyDigestsInTheirOrderAndJournalsEach) {
  const json key = make_ec_key();
  json body = sign_body();
  body.as_object()["digests"] = boost::json::array();
  body.as_object()["reference"] = "file 7/2026";
  for (int i = 0; i < 100; ++i) body.at("digests").as_array().emplace_back(random_base64(32));
  const json signatures =
      boost::json::parse(call("POST", signatures_path(key), body).body).at("signatures");
  ASSERT_EQ(signatures.as_array().size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_TRUE(verifies(bytes_in(key.at("publicKey")), "ECDSA", "SHA-256",
                         bytes_in(body.at("digests").at(i)), bytes_in(signatures.at(i))));
  }
  EXPECT_EQ(journal_entries(), 100);
  body.at("digests").as_array().emplace_back(random_base64(32));
  EXPECT_EQ(call("POST", signatures_path(key), body).status, 422U);
}

TEST_F(ServiceTest, RefusesOrdersThatDoNotFitTheKey) {
  const json key = make_ec_key();
  const auto sign = [&](const boost::json::object& changes) {
    json body = sign_body();
    for (const auto& [name, value] : changes) body.as_object()[name] = value;
    return call("POST", signatures_path(key), body);
  };
  EXPECT_EQ(code(sign({{"hash", "SHA-384"}})), "0x90030384");
  EXPECT_EQ(code(sign({{"algorithm", "RSASSA-PSS"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"algorithm", "RSA-RAW"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"hash", "MD5"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"hash", "none"}})), "0x90030702");
  EXPECT_EQ(code(sign({{"digests", boost::json::array()}})), "0x90030702");
  EXPECT_EQ(code(sign({{"digests", {7}}})), "0x90030702");
  EXPECT_EQ(code(sign({{"digests", {"AA"}}})), "0x90030702");
  EXPECT_EQ(code(sign({{"reference", 7}})), "0x90030702");
  EXPECT_EQ(call("POST", "/keys/" + new_uuid() + "/signatures", sign_body()).status, 404U);
  EXPECT_EQ(journal_entries(), 0);
}

TEST_F(ServiceTest, RefusesDisabledKeys) {
  const json key = make_ec_key();
  appliance->state.write([&](Database& database) {
    set_key_active(database, user, value_to<std::string>(key.at("id")), false);
  });
  EXPECT_EQ(code(call("POST", signatures_path(key), sign_body())), "0x900201E1");
}

TEST_F(ServiceTest, GivesTheSameAnswerUnderTheSameIdempotencyKey) {
  const json key = make_ec_key();
  const Request first = request("POST", signatures_path(key), sign_body());
  const Answer answer = send(first);
  EXPECT_EQ(send(first).body, answer.body);
  EXPECT_EQ(appliance->alternate.handle(first).body, answer.body);
  EXPECT_EQ(journal_entries(), 1);

  Request other = first;
  other.body = boost::json::serialize(sign_body());
  EXPECT_EQ(send(other).status, 422U);
  other = first;
  other.set_header("Idempotency-Key", "not a UUID");
  EXPECT_EQ(send(other).status, 400U);
}

TEST_F(ServiceTest, DoesASimultaneousRequestOfBothMembersOnce) {
  const json key = make_ec_key();
  for (int round = 0; round < 10; ++round) {
    const Request same = request("POST", signatures_path(key), sign_body());
    std::vector<Answer> answers(8);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      Service& member = i % 2 == 0 ? appliance->primary : appliance->alternate;
      threads.emplace_back(
          [&member, &same, &answer = answers[i]] { answer = member.handle(same); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Answer& answer : answers) EXPECT_EQ(answer.body, answers.front().body);
    EXPECT_EQ(answers.front().status, 200U);
  }
  EXPECT_EQ(journal_entries(), 10);
}

TEST_F(ServiceTest, OneIdempotencyKeyServesOneRequestAlsoAtBothMembers) {
  const json key = make_ec_key();
  const Request sign = request("POST", signatures_path(key), sign_body());
  Request make =
      request("POST", "/keys", {{"type", "RSA"}, {"size", 3072}, {"label", ""}, {"ckaId", ""}});
  make.set_header("Idempotency-Key", std::string(sign.header("Idempotency-Key")));
  Answer made;
  std::thread maker([&] { made = send(make); });  // takes long; the signature comes in between
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const Answer signature = appliance->alternate.handle(sign);
  maker.join();
  EXPECT_THAT((std::vector{made.status, signature.status}),
              testing::AnyOf(testing::ElementsAre(422U, 200U), testing::ElementsAre(201U, 422U)))
      << made.body;
}

TEST_F(ServiceTest, GuessesAtTheSameTimeDoNotOutrunTheLockOfOneTimePasswords) {
  const json key = make_ec_key();
  set("sign_credential = 'otp', sign_secret = '" + to_hex(random_bytes(20)) + "'");
  json body = sign_body();
  body.as_object()["signPassword"] = "no digits";
  std::vector<std::string> codes(32);
  std::vector<std::thread> threads;
  for (std::string& seen : codes) {
    threads.emplace_back([&] { seen = code(call("POST", signatures_path(key), body)); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(codes, "0x900201EA"), kWrongPasswordsToLock);
  EXPECT_EQ(std::ranges::count(codes, "0x900201E1"), 32 - kWrongPasswordsToLock);
}

TEST_F(ServiceTest, WantsTheSignPasswordWhereTheAccountHasOne) {
  const json key = make_ec_key();
  set("sign_credential = 'password', sign_secret = '" +
      hash_password(Secret(std::string_view("second"))) + "'");
  const auto sign = [&](const json& credential) {
    json body = sign_body();
    if (!credential.is_null()) body.as_object()["signPassword"] = credential;
    return call("POST", signatures_path(key), body);
  };
  EXPECT_EQ(code(sign(nullptr)), "0x900201EA");
  EXPECT_EQ(sign("second").status, 200U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code(sign("wrong")), "0x900201EA");
  EXPECT_EQ(code(sign("second")), "0x900201E1");
  EXPECT_EQ(call("GET", "/account").status, 200U);
}

TEST_F(ServiceTest, TakesEachOneTimePasswordOnce) {
  const json key = make_ec_key();
  const Bytes secret = random_bytes(20);
  set("sign_credential = 'otp', sign_secret = '" + to_hex(secret) + "'");
  json body = sign_body();
  body.as_object()["signPassword"] =
      one_time_password(secret, one_time_step(std::chrono::system_clock::now()));
  const Request first = request("POST", signatures_path(key), body);
  EXPECT_EQ(send(first).status, 200U);
  EXPECT_EQ(send(first).status, 200U) << "the same request again is no second use";
  EXPECT_EQ(code(call("POST", signatures_path(key), body)), "0x900201EA");
}

TEST_F(ServiceTest, SpoilsSignaturesWhenAFaultAsksForIt) {
  const json keys[] = {make_ec_key(), make_key({{"type", "RSA"}, {"size", 2048}})};
  for (const json& key : keys) {
    const std::string_view algorithm = key.at("type") == "EC" ? kEcdsa : kRsaPss;
    const std::size_t size = key.at("type") == "EC" ? 64 : 256;
    for (const auto fault : {SignatureFault::bit_flip, SignatureFault::other_key,
                             SignatureFault::other_digest, SignatureFault::too_short}) {
      json body = sign_body();
      body.as_object()["algorithm"] = algorithm;
      Request made = request("POST", signatures_path(key), body);
      made.signature_fault = fault;
      const Bytes signature = bytes_in(boost::json::parse(send(made).body).at("signatures").at(0));
      EXPECT_EQ(signature.size(), fault == SignatureFault::too_short ? size - 1 : size);
      EXPECT_FALSE(verifies(bytes_in(key.at("publicKey")), algorithm, "SHA-256",
                            bytes_in(body.at("digests").at(0)), signature));
    }
  }
}

}  // namespace
}  // namespace signet::emulator
