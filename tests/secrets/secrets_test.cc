// No log, no file, no command line and, after C_Logout, no memory of ours holds a password.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "tests/secrets/host_process.h"
#include "tests/secrets/needles.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator_member.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

// Different in every piece that is looked for.
struct Passwords {
  std::string first = "fXq7-TzL0_mVbA4c.RkWe81pGdYhNs52";
  std::string second = "oJ3u+UyC6!wBiE9n=QxKt40zPfSgMv75";
  std::string third = "aH8r~DlF1?jOcZ2b@VmYp63kTnXeWq94";
  std::string wrong = "yG5s%NvR7&hKdU0t*LbJo29wCiMzAx13";
};

enum { kTyped, kFromFile, kFromCommand };  // slots

class Secrets : public testing::TestWithParam<const char*> {
 protected:
  Secrets() {
    write_file(pin_file_, passwords_.first);
    init_emulator(appliance_, pin_file_, {"--key", "ec:P-256:signer"});
    member_.emplace(appliance_, "primary", members_of(appliance_ / "client.toml").front(),
                    outside_ / "emulator.log");
    member_->start();
    output_of({SIGNET_TEST_EMULATOR, "account", appliance_.string(), "seal", "--admin"});
    write_file(outside_ / "third.pin", passwords_.third);
    make_client_certificate();
    write_file(inside_ / "client.toml", configuration());
    use_config(inside_ / "client.toml");
  }

  void set_first_password() const {
    output_of({SIGNET_TEST_EMULATOR, "account", appliance_.string(), "seal", "--password-file",
               pin_file_.string(), "--unlock"});
  }

  void make_client_certificate() const {
    output_of({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=client", "-keyout",
               (outside_ / "client.key").string(), "-out", (outside_ / "client.pem").string()});
  }

  std::string configuration() const {
    const Member member = member_->member();
    std::string text = fmt::format(
        "cache_dir = \"{0}/cache\"\n[log]\nlevel = \"trace\"\nformat = \"{1}\"\nto = \"{0}/log\"\n"
        "[metrics]\ndir = \"{0}/metrics\"\ninterval = \"1s\"\n",
        inside_.path().string(), GetParam());
    const std::string third = (outside_ / "third.pin").string();
    const std::vector<std::string> credentials = {
        "", fmt::format("credential = \"file:{}\"\n", third),
        fmt::format("credential = \"command:/bin/cat {}\"\n", third)};
    for (std::size_t slot = 0; slot < credentials.size(); ++slot) {
      text += fmt::format(
          "[[token]]\nlabel = \"token {0}\"\nuser = \"seal\"\n{1}"
          "client_certificate = \"{2}/client.pem\"\nclient_key = \"{2}/client.key\"\n"
          "[[token.member]]\nurl = \"{3}\"\npins = [\"{4}\"]\n",
          slot, credentials.at(slot), outside_.path().string(), member.url, member.pins.front());
    }
    return text;
  }

  // Logins good and bad, signatures, C_SetPIN, C_InitPIN; logged in at the end.
  void live(HostProcess& host) const {
    const Passwords& p = passwords_;
    EXPECT_EQ(host.tell('l', kTyped, p.wrong), CKR_PIN_INCORRECT);
    EXPECT_EQ(host.tell('l', kTyped, p.first), CKR_OK);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(host.tell('s', kTyped), CKR_OK);
    EXPECT_EQ(host.tell('p', kTyped, p.wrong, p.second), CKR_PIN_INCORRECT);
    EXPECT_EQ(host.tell('p', kTyped, p.first, p.second), CKR_OK);
    EXPECT_EQ(host.tell('s', kTyped), CKR_OK);
    EXPECT_EQ(host.tell('o', kTyped), CKR_OK);
    EXPECT_EQ(host.tell('L', kTyped, p.second), CKR_OK);
    EXPECT_EQ(host.tell('i', kTyped, p.third), CKR_OK);
    EXPECT_EQ(host.tell('o', kTyped), CKR_OK);
    for (const unsigned char slot : {kFromFile, kFromCommand}) {
      EXPECT_EQ(host.tell('l', slot), CKR_OK);
      EXPECT_EQ(host.tell('s', slot), CKR_OK);
    }
  }

  static void log_out(HostProcess& host) {
    for (const unsigned char slot : {kFromFile, kFromCommand}) {
      EXPECT_EQ(host.tell('o', slot), CKR_OK);
    }
  }

  std::vector<Needle> password_needles() const {
    std::vector<Needle> all;
    for (const auto& [name, password] : {std::pair("first PIN", passwords_.first),
                                         {"second PIN", passwords_.second},
                                         {"third PIN", passwords_.third},
                                         {"wrong PIN", passwords_.wrong}}) {
      const auto some = needles_for(name, password);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }

  // The client's own private key: each line of its file, and the number behind it.
  std::vector<Needle> key_needles() const {
    std::istringstream pem(read_file(outside_ / "client.key"));
    std::vector<Needle> needles = {{"a private key", "PRIVATE KEY"}};
    for (std::string line; std::getline(pem, line);) {
      if (!line.starts_with("-") && line.size() >= 12) needles.push_back({"client key, PEM", line});
    }
    return needles;
  }

  const Passwords passwords_;
  ScratchFolder outside_;  // what the test and the administrator keep
  ScratchFolder inside_;   // what the module writes
  std::filesystem::path appliance_ = outside_ / "appliance";
  std::filesystem::path pin_file_ = outside_ / "seal.pin";
  std::optional<EmulatorMember> member_;
};

INSTANTIATE_TEST_SUITE_P(Formats, Secrets, testing::Values("text", "json"));

TEST_P(Secrets, AreInNoFileThatTheModuleWritesAndNoCommandLine) {
  std::vector<Needle> needles = password_needles();
  const auto keys = key_needles();
  needles.insert(needles.end(), keys.begin(), keys.end());
  {
    HostProcess host(inside_ / "stderr");
    live(host);
    for (const char* file : {"cmdline", "environ"}) {
      const std::string path = fmt::format("/proc/{}/{}", host.pid(), file);
      const auto hits = search_text(read_file(path), path, needles);
      EXPECT_TRUE(hits.empty()) << list_of(hits);
    }
    log_out(host);
    EXPECT_EQ(host.tell('f'), CKR_OK);
  }
  const auto hits = search_folder(inside_.path(), {}, needles);
  EXPECT_TRUE(hits.empty()) << list_of(hits);

  // There was something to search, and the search finds what is there.
  EXPECT_NE(read_file(inside_ / "log").find("C_Login: CKR_PIN_INCORRECT"), std::string::npos);
  EXPECT_FALSE(std::filesystem::is_empty(inside_ / "metrics"));
  EXPECT_FALSE(std::filesystem::is_empty(inside_ / "cache"));
  write_file(inside_ / "planted",
             "Basic " + crypto::to_base64(view_of("seal:" + passwords_.third)));
  EXPECT_FALSE(search_folder(inside_.path(), {}, needles).empty());
  EXPECT_FALSE(search_folder(outside_.path(), {}, key_needles()).empty());
}

// What libcurl freed is wiped by way of the allocator, which promises nothing (docs/security.md): a
// copy that stays in one life of many is not what is looked for, one that stays in each is.
TEST_P(Secrets, AreGoneFromTheMemoryAfterCLogout) {
  constexpr int kLives = 3;
  const auto needles = password_needles();
  std::vector<Hit> hits;
  for (int life = 0; life < kLives; ++life) {
    set_first_password();
    HostProcess host(inside_ / "stderr");
    live(host);
    EXPECT_FALSE(search_memory(host.pid(), needles).empty()) << "a login keeps its PIN";
    log_out(host);
    hits = search_memory(host.pid(), needles);

    EXPECT_EQ(host.tell('m', kTyped, passwords_.second), CKR_OK);
    EXPECT_GT(search_memory(host.pid(), needles).size(), hits.size()) << "it finds nothing at all";
    if (hits.empty()) break;
  }
  EXPECT_TRUE(hits.empty()) << list_of(hits);
}

}  // namespace
}  // namespace signet::tests
