// The installed program over real HTTPS: the command line, a pair, faults, load, and sudden death.
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/testing/instance.h"
#include "softhsm-backend/testing/server_process.h"

namespace signet::emulator {
namespace {

using json = boost::json::value;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

const json kNewEcKey{{"type", "EC"}, {"curve", "P-256"}, {"label", ""}, {"ckaId", ""}};

json sign_body() {
  return {{"algorithm", "ECDSA"}, {"hash", "SHA-256"}, {"digests", {random_base64(32)}}};
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<json> journal_of(const std::filesystem::path& dir) {
  std::string output;
  EXPECT_EQ(run_program({"journal", dir.string(), "--json"}, &output), 0);
  std::istringstream lines(output);
  std::vector<json> entries;
  for (std::string line; std::getline(lines, line);) entries.push_back(boost::json::parse(line));
  return entries;
}

// Runs `work(index)` in so many threads.
template <typename Work>
void in_parallel(int count, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : threads) thread.join();
}

class EmulatorTest : public testing::Test {
 protected:
  EmulatorTest() : dir(make_test_instance(folder)) {}

  static std::string ec_path(HttpClient& client) {
    const json objects = client.send("GET", "/dsa/v1/objects").json();
    for (const json& key : objects.at("keys").as_array()) {
      if (key.at("type") == "EC")
        return "/dsa/v1/keys/" + value_to<std::string>(key.at("id")) + "/signatures";
    }
    return {};
  }

  static void add_fault(HttpClient& client, const json& fault) {
    EXPECT_EQ(client.send("POST", "/x-emulator/v1/faults", fault).status, 201);
  }

  // The pins of client.toml: live and backup of the primary, then of the alternate.
  std::vector<std::string> pins() const {
    const std::string text = content_of(dir / "client.toml");
    std::vector<std::string> found;
    for (std::size_t at = text.find("sha256//"); at != std::string::npos;
         at = text.find("sha256//", at + 1)) {
      found.push_back(text.substr(at, text.find('"', at) - at));
    }
    return found;
  }

  ScratchFolder folder;
  std::filesystem::path dir;
};

TEST_F(EmulatorTest, InitWritesFilesForTheirOwnerAlone) {
  using std::filesystem::perms;
  for (const char* name :
       {"client.toml", "seal.pin", "softhsm.pin", "state.db", "tls/primary-live.key"}) {
    const perms mode = std::filesystem::status(dir / name).permissions();
    EXPECT_EQ(mode, perms::owner_read | perms::owner_write) << name;
  }
  EXPECT_EQ(content_of(dir / "seal.pin"), std::string(kTestPassword) + "\n");
  EXPECT_EQ(pins().size(), 4U);
  EXPECT_THAT(content_of(dir / "client.toml"), HasSubstr("label = \"seal\""));
}

TEST_F(EmulatorTest, SaysWhatIsWrongWithItsCommandLine) {
  EXPECT_EQ(run_program({"init", dir.string()}), 1);
  EXPECT_EQ(run_program({"run", folder.path().string()}), 1);
  EXPECT_EQ(run_program({"init", (folder.path() / "x").string(), "--key", "rsa:1024:x"}), 2);
  EXPECT_EQ(run_program({"nothing"}), 2);
  const std::string second = (folder.path() / "second").string();
  EXPECT_EQ(run_program({"init", second, "--softhsm", "/nonexistent.so"}), 1);
  EXPECT_EQ(run_program({"init", second, "--listen", "127.0.0.1:0"}), 0)
      << "it cannot be tried again";
  std::string help;
  EXPECT_EQ(run_program({"--help"}, &help), 0);
  EXPECT_THAT(help, HasSubstr("init"));
}

TEST_F(EmulatorTest, OneOfTwoInitsAtTheSameMomentMakesTheFolder) {
  const auto fresh = folder.path("fresh");
  std::array<int, 2> statuses{};
  in_parallel(2, [&](int init) {
    statuses.at(static_cast<std::size_t>(init)) =
        run_program({"init", fresh.string(), "--listen", "127.0.0.1:0"});
  });
  EXPECT_THAT(statuses, testing::UnorderedElementsAre(0, 1));
  EXPECT_NO_THROW(ServerProcess(fresh, "primary"));
}

TEST_F(EmulatorTest, OneMemberOfARoleServesAFolder) {
  ServerProcess primary(dir, "primary");
  EXPECT_EQ(run_program({"run", dir.string()}), 1);
  EXPECT_EQ(primary.end_with(SIGTERM), 0);
  EXPECT_THROW(HttpClient(primary.base()).send("GET", "/dsa/v1/appliance").json(), std::exception);
}

TEST_F(EmulatorTest, APairIsOneState) {
  ServerProcess primary(dir, "primary");
  ServerProcess alternate(dir, "alternate");
  HttpClient first(primary.base(), pins()[0]);
  HttpClient second(alternate.base(), pins()[2]);
  EXPECT_EQ(second.send("GET", "/dsa/v1/appliance").json().at("role"), "alternate");
  const HttpAnswer misdirected = second.send("POST", "/dsa/v1/keys", kNewEcKey);
  EXPECT_EQ(misdirected.status, 421);
  EXPECT_EQ(misdirected.json().at("primary").as_string(), primary.base() + "/dsa/v1");

  const json key = first.send("POST", "/dsa/v1/keys", kNewEcKey).json();
  const std::string path = "/dsa/v1/keys/" + value_to<std::string>(key.at("id")) + "/signatures";
  const json body = sign_body();
  const std::string id = new_uuid();
  const HttpAnswer signature = second.send("POST", path, body, id);
  ASSERT_EQ(signature.status, 200) << signature.body;
  EXPECT_EQ(first.send("POST", path, body, id).body, signature.body);
  const auto journal = journal_of(dir);
  ASSERT_EQ(journal.size(), 1U);
  EXPECT_EQ(journal[0].at("role"), "alternate");
  EXPECT_EQ(journal[0].at("digest"), body.at("digests").at(0));
  EXPECT_EQ(journal[0].at("requestId").as_string(), signature.headers.at("x-request-id"));
}

// SIGNET_PAIR_STARTS: how often.
TEST_F(EmulatorTest, APairStartedAtTheSameMomentServes) {
  const char* wanted = std::getenv("SIGNET_PAIR_STARTS");
  const int starts = wanted == nullptr ? 10 : std::stoi(wanted);
  int served = 0;
  for (int i = 0; i < starts; ++i) {
    const std::vector<std::string> roles{"primary", "alternate"};
    std::vector<std::unique_ptr<ServerProcess>> members(roles.size());
    in_parallel(2, [&](int member) {
      try {
        const auto at = static_cast<std::size_t>(member);
        members[at] = std::make_unique<ServerProcess>(dir, roles[at]);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    });
    for (const auto& member : members) {
      if (!member) continue;
      HttpClient client(member->base());
      EXPECT_EQ(client.send("POST", ec_path(client), sign_body()).status, 200);
      ++served;
    }
  }
  EXPECT_EQ(served, 2 * starts);
}

TEST_F(EmulatorTest, AccountsChangeWhileServersRun) {
  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const auto status_after = [&](const std::string& flag) {
    EXPECT_EQ(run_program({"account", dir.string(), "seal", flag}), 0);
    return client.send("GET", "/dsa/v1/account").status;
  };
  EXPECT_EQ(status_after("--lock"), 403);
  EXPECT_EQ(status_after("--unlock"), 200);
  EXPECT_EQ(status_after("--disable"), 403);
  EXPECT_EQ(status_after("--enable"), 200);
  EXPECT_EQ(run_program({"account", dir.string(), "nobody", "--lock"}), 1);
}

TEST_F(EmulatorTest, AccountsChangeAsAWholeOrNotAtAll) {
  const auto account = [&](std::vector<std::string> words, std::string* shown = nullptr) {
    words.insert(words.begin(), {"account", dir.string()});
    return run_program(words, shown);
  };
  EXPECT_EQ(account({"seal", "--disable-key", new_uuid()}), 1) << "there is no such key";
  EXPECT_EQ(account({"seal", "--lock", "--sign-credential", "password"}), 1);
  std::string shown;
  EXPECT_EQ(account({"seal"}, &shown), 0);
  EXPECT_EQ(boost::json::parse(shown).at("locked"), false) << "half of a change was made";
  EXPECT_EQ(account({"seal", "--expires-in-days", "100000000"}), 2);
  const std::string password = (dir / "seal.pin").string();
  EXPECT_EQ(account({"no:body", "--add", "--password-file", password}), 2)
      << "HTTP Basic knows no such user";
}

TEST_F(EmulatorTest, SaysThatItsOutputIsLost) {
  const std::string command =
      SIGNET_EMULATOR_PROGRAM " account " + dir.string() + " seal 2>&1 >/dev/full";
  FILE* said = popen(command.c_str(), "r");
  std::string text(1024, '\0');
  text.resize(fread(text.data(), 1, text.size(), said));
  EXPECT_EQ(WEXITSTATUS(pclose(said)), 1);
  EXPECT_THAT(text, HasSubstr("cannot write the output"));
}

TEST_F(EmulatorTest, AWrongPinSeesNoRequest) {
  ServerProcess primary(dir, "primary");
  HttpClient pinned(primary.base(), pins()[1]);
  EXPECT_EQ(pinned.send("GET", "/dsa/v1/account").error, CURLE_SSL_PINNEDPUBKEYNOTMATCH);
  HttpClient client(primary.base());
  const json counters = client.send("GET", "/x-emulator/v1/counters").json();
  EXPECT_EQ(counters.at("requests"), 0);
  EXPECT_EQ(counters.at("requestBytes"), 0);
  EXPECT_EQ(counters.at("connections"), 2);

  add_fault(client, {{"kind", "certificate"}, {"variant", "backup"}});
  EXPECT_EQ(pinned.send("GET", "/dsa/v1/account").status, 200);
  add_fault(client, {{"kind", "certificate"}, {"variant", "foreign"}});
  HttpClient both(primary.base(), pins()[0] + ";" + pins()[1]);
  EXPECT_EQ(both.send("GET", "/dsa/v1/account").error, CURLE_SSL_PINNEDPUBKEYNOTMATCH);
  EXPECT_EQ(both.send("GET", "/dsa/v1/account").status, 200);
}

TEST_F(EmulatorTest, FaultsMeetTheNextRequest) {
  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  HttpClient control(primary.base());
  const auto meet = [&](const json& fault) {
    add_fault(control, fault);
    return client.send("GET", "/dsa/v1/account");
  };
  const HttpAnswer busy =
      meet({{"kind", "status"}, {"status", 503}, {"retryAfter", 7}, {"sapiCode", "0x90020113"}});
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.headers.at("retry-after"), "7");
  EXPECT_EQ(busy.json().at("sapiCode"), "0x90020113");
  EXPECT_EQ(meet({{"kind", "cut"}, {"afterBytes", 5}}).error, CURLE_PARTIAL_FILE);
  EXPECT_EQ(meet({{"kind", "stall"}, {"ms", 50}}).error, CURLE_GOT_NOTHING);
  EXPECT_THAT(meet({{"kind", "reset"}}).error, testing::AnyOf(CURLE_RECV_ERROR, CURLE_GOT_NOTHING));
  EXPECT_THROW(meet({{"kind", "bad-json"}}).json(), std::exception);
  EXPECT_GT(meet({{"kind", "oversize"}}).body.size(), 8U * 1024 * 1024);
  EXPECT_EQ(meet({{"kind", "drip"}, {"ms", 1}}).json().at("user"), "seal");
  EXPECT_EQ(meet({{"kind", "close"}}).status, 200);
  const auto begin = steady_clock::now();
  EXPECT_EQ(meet({{"kind", "delay"}, {"ms", 300}}).status, 200);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(300));
  EXPECT_EQ(client.send("GET", "/dsa/v1/account").status, 200);
  EXPECT_EQ(control.send("GET", "/x-emulator/v1/faults").json().as_array().size(), 0U);
}

TEST_F(EmulatorTest, TellsHowLongAnswersTook) {
  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  HttpClient control(primary.base());
  const auto service = [&] {
    return control.send("GET", "/x-emulator/v1/counters").json().at("service");
  };
  EXPECT_EQ(service().at("answers"), 0) << "what is asked of the control interface is not counted";
  EXPECT_EQ(client.send("GET", "/dsa/v1/account").status, 200);
  const json prompt = service();
  EXPECT_EQ(prompt.at("answers"), 1);
  EXPECT_GT(prompt.at("microseconds").as_int64(), 0);
  add_fault(control, {{"kind", "delay"}, {"ms", 300}});
  EXPECT_EQ(client.send("GET", "/dsa/v1/account").status, 200);
  EXPECT_EQ(service().at("answers"), 2);
  EXPECT_GE(value_to<int>(service().at("microseconds")) - value_to<int>(prompt.at("microseconds")),
            300'000);
}

TEST_F(EmulatorTest, CountsHandshakesByProtocolAndCipher) {
  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const json counters = client.send("GET", "/x-emulator/v1/counters").json();
  const auto& ciphers = counters.at("handshakesByCipher").as_object();
  ASSERT_EQ(ciphers.size(), 1U);
  EXPECT_TRUE(ciphers.begin()->key().starts_with("TLSv1.3 TLS_"));
  EXPECT_EQ(ciphers.begin()->value(), counters.at("handshakes").at("full"));
}

TEST_F(EmulatorTest, AnAnswerLostAfterProcessingIsGivenAgain) {
  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const std::string path = ec_path(client);
  add_fault(client, {{"kind", "reset"},
                     {"after_processing", true},
                     {"match", {{"method", "POST"}, {"path_prefix", path}}}});
  const json body = sign_body();
  const std::string id = new_uuid();
  // A connection of its own: libcurl repeats a request by itself where a kept one was reset.
  EXPECT_NE(HttpClient(primary.base()).send("POST", path, body, id).error, CURLE_OK);
  EXPECT_EQ(client.send("POST", path, body, id).status, 200);
  EXPECT_EQ(journal_of(dir).size(), 1U);
}

TEST_F(EmulatorTest, RefusesWhatIsNoRequestWithoutHarm) {
  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const std::string big(2 * 1024 * 1024, 'x');
  EXPECT_EQ(
      client.send_text("POST", "/dsa/v1/keys", big, {"Content-Type: application/json"}).status,
      413);
  EXPECT_EQ(client.send_text("GET", "/dsa/v1/account", "", {"X-Long: " + std::string(20'000, 'x')})
                .status,
            431);
  EXPECT_EQ(client.send_text("GET", "/dsa/v1/account", "", {"Content-Length: nonsense"}).status,
            400);
  EXPECT_EQ(client.send_text("BREW", "/dsa/v1/account", "", {}).status, 405);
  const HttpAnswer answer = client.send("GET", "/dsa/v1/nothing");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  EXPECT_TRUE(canonical_uuid(answer.headers.at("x-request-id")));
}

TEST_F(EmulatorTest, HundredsOfConnectionsSignAtOnce) {
  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  const std::string path = ec_path(client);
  constexpr int kConnections = 200;
  constexpr int kEach = 5;
  std::atomic<int> good{0};
  in_parallel(kConnections, [&](int) {
    HttpClient own(primary.base());
    for (int i = 0; i < kEach; ++i)
      good += own.send("POST", path, sign_body()).status == 200 ? 1 : 0;
  });
  EXPECT_EQ(good, kConnections * kEach);
  EXPECT_EQ(client.send("GET", "/x-emulator/v1/counters").json().at("handshakes").at("full"),
            kConnections + 1);
  EXPECT_EQ(journal_of(dir).size(), static_cast<std::size_t>(kConnections * kEach));
}

TEST_F(EmulatorTest, NothingAcknowledgedIsLostWhenItIsKilled) {
  std::mutex mutex;
  std::set<std::string> keys;
  std::set<std::string> signatures;
  for (int round = 0; round < 3; ++round) {
    ServerProcess primary(dir, "primary");
    HttpClient client(primary.base());
    const std::string path = ec_path(client);
    std::atomic<int> acknowledged{0};
    std::thread killer([&] {
      while (acknowledged < 40) std::this_thread::yield();
      primary.end_with(SIGKILL);
    });
    in_parallel(40, [&](int index) {
      HttpClient own(primary.base());
      for (int i = 0; i < 200; ++i) {
        const bool make = (index + i) % 2 == 0;
        const HttpAnswer answer = make ? own.send("POST", "/dsa/v1/keys", kNewEcKey)
                                       : own.send("POST", path, sign_body());
        if (answer.error != CURLE_OK) return;
        ASSERT_EQ(answer.status, make ? 201 : 200) << answer.body;
        const std::lock_guard lock(mutex);
        if (make) keys.insert(value_to<std::string>(answer.json().at("id")));
        if (!make) signatures.insert(value_to<std::string>(answer.json().at("signatures").at(0)));
        ++acknowledged;
      }
    });
    killer.join();
  }

  ServerProcess primary(dir, "primary");
  HttpClient client(primary.base());
  std::set<std::string> journalled;
  for (const json& entry : journal_of(dir))
    journalled.insert(value_to<std::string>(entry.at("signature")));
  for (const std::string& signature : signatures) EXPECT_TRUE(journalled.contains(signature));
  for (const std::string& key : keys) {
    EXPECT_EQ(client.send("POST", "/dsa/v1/keys/" + key + "/signatures", sign_body()).status, 200);
  }
  EXPECT_GE(keys.size() + signatures.size(), 120U);
}

}  // namespace
}  // namespace signet::emulator
