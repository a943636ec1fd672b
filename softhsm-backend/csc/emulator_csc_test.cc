// The CSC API of the installed program over real HTTPS: a pair, and sudden death, under one authorisation.
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/testing/instance.h"
#include "softhsm-backend/testing/server_process.h"

namespace signet::emulator {
namespace {

using boost::json::array;
using boost::json::object;
using json = boost::json::value;
using testing::AnyOf;
using testing::HasSubstr;

class EmulatorCscTest : public testing::Test {
 protected:
  EmulatorCscTest() : dir_(make_test_instance(folder_)) {
    EXPECT_EQ(run_program({"account", dir_.string(), "seal", "--csc-multisign", "1000"}), 0);
  }

  // Stores a certificate for the key "ec", which is then a credential, and fetches an access token.
  void prepare(const ServerProcess& primary) {
    HttpClient client(primary.base());
    const json objects = client.send("GET", "/dsa/v1/objects").json();
    for (const json& key : objects.at("keys").as_array()) {
      if (key.at("type") != "EC") continue;
      const Bytes public_key = from_base64(value_to<std::string>(key.at("publicKey"))).value();
      const json certificate{
          {"label", ""}, {"ckaId", ""}, {"der", to_base64(certificate_for(public_key, false))}};
      EXPECT_EQ(client.send("POST", "/dsa/v1/certificates", certificate).status, 201);
      credential_ = value_to<std::string>(key.at("id"));
    }
    std::string secret;
    std::getline(std::ifstream(dir_ / "seal.client-secret") >> std::ws, secret);
    const HttpAnswer answer =
        client.send_text("POST", "/csc/v2/oauth2/token", "grant_type=client_credentials",
                         {"Authorization: " + basic("seal", secret),
                          "Content-Type: application/x-www-form-urlencoded"});
    ASSERT_EQ(answer.status, 200) << answer.body;
    token_ = value_to<std::string>(answer.json().at("access_token"));
  }

  HttpAnswer call(HttpClient& client, const std::string& method, object body) const {
    body["credentialID"] = credential_;
    return client.send_text("POST", "/csc/v2/" + method, boost::json::serialize(body),
                            {"Authorization: Bearer " + token_, "Content-Type: application/json"});
  }

  std::string authorize(const ServerProcess& member, const array& hashes) const {
    HttpClient client(member.base());
    const HttpAnswer answer = call(client, "credentials/authorize",
                                   {{"numSignatures", hashes.size()},
                                    {"hashes", hashes},
                                    {"hashAlgorithmOID", "2.16.840.1.101.3.4.2.1"},
                                    {"authData", {{{"id", "PIN"}, {"value", kTestPassword}}}}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return value_to<std::string>(answer.json().at("SAD"));
  }

  HttpAnswer sign(HttpClient& client, const std::string& sad, const json& hash) const {
    return call(client, "signatures/signHash",
                {{"SAD", sad}, {"hashes", array{hash}}, {"signAlgo", "1.2.840.10045.4.3.2"}});
  }

  // How often each digest was signed.
  std::map<std::string, int> journal() const {
    std::string output;
    EXPECT_EQ(run_program({"journal", dir_.string(), "--json"}, &output), 0);
    std::istringstream lines(output);
    std::map<std::string, int> counts;
    for (std::string line; std::getline(lines, line);) {
      const json entry = boost::json::parse(line);
      EXPECT_EQ(entry.at("dialect"), "csc");
      ++counts[value_to<std::string>(entry.at("digest"))];
    }
    return counts;
  }

  static array make_hashes(int count) {
    constexpr std::size_t size = 32;
    array hashes;
    for (int i = 0; i < count; ++i) hashes.emplace_back(random_base64(size));
    return hashes;
  }

  ScratchFolder folder_;
  std::filesystem::path dir_;
  std::string credential_;
  std::string token_;
};

TEST_F(EmulatorCscTest, TwoMembersSignAnAuthorisedHashOnce) {
  const ServerProcess primary(dir_, "primary");
  const ServerProcess alternate(dir_, "alternate");
  prepare(primary);
  const array hashes = make_hashes(20);
  const std::string sad = authorize(primary, hashes);
  std::vector<std::atomic<int>> signed_by(hashes.size());
  std::vector<std::thread> clients;
  for (const ServerProcess* const member : {&primary, &alternate, &primary, &alternate}) {
    clients.emplace_back([&, member] {
      HttpClient client(member->base());
      for (std::size_t i = 0; i < hashes.size(); ++i) {
        const HttpAnswer answer = sign(client, sad, hashes[i]);
        if (answer.status == 200) {
          ++signed_by[i];
          continue;
        }
        EXPECT_EQ(answer.status, 400);
        EXPECT_THAT(answer.body, AnyOf(HasSubstr("Hash is not authorized by the SAD"),
                                       HasSubstr("Invalid parameter SAD")));
      }
    });
  }
  for (std::thread& client : clients) client.join();
  for (const auto& count : signed_by) EXPECT_EQ(count, 1);
  const auto counts = journal();
  EXPECT_EQ(counts.size(), hashes.size());
  for (const auto& [digest, count] : counts) EXPECT_EQ(count, 1) << digest;
}

// What was handed out is in the journal, and what may have been signed is not signed again.
TEST_F(EmulatorCscTest, NoAuthorisedHashIsSignedTwiceWhenItIsKilled) {
  constexpr int threads = 4;
  constexpr std::size_t most = 100;  // in one authorisation
  constexpr std::size_t before_the_kill = 40;
  const array hashes = make_hashes(most);
  std::string sad;
  std::mutex mutex;
  std::map<std::string, std::string> handed_out;  // digest and signature
  {
    ServerProcess primary(dir_, "primary");
    prepare(primary);
    sad = authorize(primary, hashes);
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> done{0};
    std::thread killer([&] {
      while (done < before_the_kill) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      primary.end_with(SIGKILL);
    });
    std::vector<std::thread> clients;
    for (int i = 0; i < threads; ++i) {
      clients.emplace_back([&] {
        HttpClient client(primary.base());
        for (std::size_t at = next++; at < hashes.size(); at = next++) {
          const HttpAnswer answer = sign(client, sad, hashes[at]);
          if (answer.error != CURLE_OK) break;
          EXPECT_EQ(answer.status, 200) << answer.body;
          const std::lock_guard lock(mutex);
          handed_out[value_to<std::string>(hashes[at])] = answer.body;
          ++done;
        }
        if (next >= hashes.size()) done = before_the_kill;
      });
    }
    for (std::thread& client : clients) client.join();
    done = before_the_kill;  // whatever ended them
    killer.join();
  }
  EXPECT_GE(handed_out.size(), before_the_kill);
  const auto before = journal();
  for (const auto& [digest, answer] : handed_out) EXPECT_EQ(before.count(digest), 1U) << digest;

  const ServerProcess again(dir_, "primary");
  HttpClient client(again.base());
  for (const json& hash : hashes) {
    const HttpAnswer answer = sign(client, sad, hash);
    const auto digest = value_to<std::string>(hash);
    EXPECT_EQ(answer.status == 200 && handed_out.contains(digest), false) << digest;
    if (answer.status != 200) {
      EXPECT_THAT(answer.body, AnyOf(HasSubstr("Hash is not authorized by the SAD"),
                                     HasSubstr("Invalid parameter SAD")));
    }
  }
  const auto after = journal();
  EXPECT_GE(after.size(), hashes.size() - threads) << "those under way are lost at most";
  for (const auto& [digest, count] : after) EXPECT_EQ(count, 1) << digest;
}

TEST_F(EmulatorCscTest, AClientIsLockedAndUnlocked) {
  const ServerProcess primary(dir_, "primary");
  prepare(primary);
  HttpClient client(primary.base());
  const auto fetch = [&](const std::string& secret) {
    return client
        .send_text("POST", "/csc/v2/oauth2/token",
                   "grant_type=client_credentials&client_id=seal&client_secret=" + secret,
                   {"Content-Type: application/x-www-form-urlencoded"})
        .status;
  };
  std::ofstream(dir_ / "secret") << "known\n";
  const auto account = [&](std::vector<std::string> words) {
    std::string output;
    words.insert(words.begin(), {"account", dir_.string(), "seal"});
    EXPECT_EQ(run_program(words, &output), 0);
    return boost::json::parse(output).at("csc").at("clientLocked").as_bool();
  };
  EXPECT_FALSE(account({"--csc-secret-file", (dir_ / "secret").string()}));
  EXPECT_EQ(fetch("known"), 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fetch("wrong"), 401);
  EXPECT_EQ(fetch("known"), 401);
  EXPECT_TRUE(account({}));
  EXPECT_FALSE(account({"--unlock"}));
  EXPECT_EQ(fetch("known"), 200);
}

}  // namespace
}  // namespace signet::emulator
