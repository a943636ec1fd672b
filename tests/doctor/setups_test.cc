// Broken set-ups, each with what doctor says of it, and cured as its advice says.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <ostream>
#include <thread>

#include "dsa-transport/testing/test_server.h"
#include "tests/doctor/bench.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using Words = std::vector<std::string>;
using namespace std::chrono_literals;

struct BrokenCase {
  const char* name;
  void (*spoil)(Bench&);
  int status;
  const char* sentence;  // "check: what is wrong"
  const char* advice;
  void (*cure)(Bench&, const Verdict&);
  Words before = {};                                        // starts the command while it is broken
  Words (*words)(Bench&) = [](Bench&) { return Words(); };  // of the cured command
};

void PrintTo(const BrokenCase& setup, std::ostream* out) {
  *out << setup.name;
}

void restore(Bench& bench, const Verdict&) {
  bench.restore_config();
}

void run_advice(Bench&, const Verdict& verdict) {
  carry_out(verdict);
}

void write_pin(Bench& bench, const Verdict&) {
  bench.scene().set_pin(bench.pin());
}

std::string file(Bench& bench, std::string_view name) {
  return bench.scene().file(name).string();
}

// The key that was last signed with.
std::string key_id(Bench& bench) {
  return bench.scene().journal().back().key_id;
}

void use_command(Bench& bench, const std::string& script) {
  write_file(bench.scene().file("pin.sh"), "#!/bin/sh\n" + script + "\n");
  chmod(bench.scene().file("pin.sh").c_str(), 0700);
}

const BrokenCase kConfigurations[] = {
    {"no_file", [](Bench& b) { std::filesystem::remove(b.scene().config()); }, 1,
     "file: ", "write the file", restore},
    {"syntax_error", [](Bench& b) { b.rewrite("label = \"seal\"", "label = seal"); }, 1,
     "content: ", "correct the file", restore},
    {"unknown_key", [](Bench& b) { b.rewrite("cache_dir", "cache_dirr"); }, 1, "did you mean \"",
     "correct the file",
     [](Bench& b, const Verdict& v) { b.rewrite("cache_dirr", v.between("mean \"", "\"")); }},
    {"no_token", [](Bench& b) { b.scene().configure_text("[log]\nlevel = \"warn\"\n"); }, 1,
     "content: there is no [[token]]", "add a [[token]]", restore},
    {"others_may_write", [](Bench& b) { chmod(b.scene().config().c_str(), 0666); }, 1,
     "permissions: ", "find out who may have changed it", run_advice},
    {"signature_broken",
     [](Bench& b) {
       b.sign_config();
       b.scene().configure_text(read_file(b.scene().config()) + "# more\n");
     },
     1, "signed: ", "signet config sign",
     [](Bench& b, const Verdict&) {
       b.restore_config();
       b.sign_config();
     }},
    {"signature_missing",
     [](Bench& b) {
       b.sign_config();
       std::filesystem::remove(b.scene().config().string() + ".sig");
     },
     1, "demands that it be signed", "signet config sign",
     [](Bench& b, const Verdict&) { b.sign_config(); }},
    {"anchor_missing",
     [](Bench& b) {
       b.sign_config();
       std::filesystem::rename(b.scene().file("config.pub"), b.scene().file("away.pub"));
     },
     1, "config.pub", "put it back",
     [](Bench& b, const Verdict&) {
       std::filesystem::rename(b.scene().file("away.pub"), b.scene().file("config.pub"));
     }},
    {"log_without_a_folder",
     [](Bench& b) {
       b.scene().configure(b.scene().members(),
                           fmt::format("[log]\nto = \"{}\"\n", file(b, "logs/log")));
     },
     1, "log: ", "make the folder",
     [](Bench& b, const Verdict&) { std::filesystem::create_directory(b.scene().file("logs")); }},
    {"cache_that_others_may_write",
     [](Bench& b) {
       std::filesystem::create_directory(b.scene().file("cache"));
       chmod(b.scene().file("cache").c_str(), 0777);
     },
     1, "cache: ", "chmod 700",
     [](Bench& b, const Verdict&) { chmod(b.scene().file("cache").c_str(), 0700); }},
    {"figures_that_others_may_write",
     [](Bench& b) {
       std::filesystem::create_directory(b.scene().file("metrics"));
       chmod(b.scene().file("metrics").c_str(), 0777);
       b.scene().configure(b.scene().members(),
                           fmt::format("[metrics]\ndir = \"{}\"\n", file(b, "metrics")));
     },
     1, "metrics: ", "chmod 700",
     [](Bench& b, const Verdict&) { chmod(b.scene().file("metrics").c_str(), 0700); }},
    {"module_missing", [](Bench&) { setenv("SIGNET_MODULE", "/no/such/module.so", 1); }, 1,
     "module: /no/such/module.so: there is no such file", "SIGNET_MODULE",
     [](Bench&, const Verdict&) { unsetenv("SIGNET_MODULE"); }},
    {"module_not_loadable",
     [](Bench& b) {
       write_file(b.scene().file("module.so"), "not a shared object");
       setenv("SIGNET_MODULE", file(b, "module.so").c_str(), 1);
     },
     1, "cannot be loaded: ", "install the package signet-pkcs11 again",
     [](Bench&, const Verdict&) { unsetenv("SIGNET_MODULE"); }},
};

const BrokenCase kMembers[] = {
    {"path",
     [](Bench& b) {
       const std::string url = b.scene().members().front().url;
       b.point_to(url.substr(0, url.find("/dsa")) + "/elsewhere");
     },
     1, "appliance: ", "an appliance answers at url = \"",
     [](Bench& b, const Verdict& v) { b.point_to(v.between("url = \"", "\"")); }},
    {"port",
     [](Bench& b) {
       b.point_to(fmt::format("https://127.0.0.1:{}/dsa/v1", transport::closed_port()));
     },
     1, "tcp: cannot connect", "correct the port of the url", restore},
    {"host", [](Bench& b) { b.point_to("https://dsa1.invalid:8081/dsa/v1"); }, 1,
     "name: cannot find dsa1.invalid", "correct the host name of the url", restore},
    {"server_key_pin",
     [](Bench& b) {
       b.rewrite(b.scene().members().front().pins.front(),
                 "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
     },
     1, "the server's key has the pin ", "by another channel",
     [](Bench& b, const Verdict& v) {
       b.rewrite("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                 v.between("has the pin ", ","));
     }},
    {"plain_http", [](Bench& b) { b.serve_plain(); }, 1, "tls: ", "correct the port of the url",
     restore},
    {"down", [](Bench& b) { b.scene().primary().stop(); }, 1, "tcp: cannot connect",
     "start the appliance", [](Bench& b, const Verdict&) { b.scene().primary().start(); }},
    {"clock",
     [](Bench&) {},
     1,
     "clock: the appliance's clock is ",
     "set the wrong one",
     [](Bench&, const Verdict&) {},
     {"/usr/bin/env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "+1h"}},
    {"firmware",
     [](Bench& b) {
       b.scene().primary().queue_faults(
           R"({"match":{"method":"POST"},"kind":"status","status":405,"times":0})");
     },
     1, "signature: ", "its firmware may be too old",
     [](Bench& b, const Verdict&) { b.scene().primary().clear_faults(); }},
};

const BrokenCase kAccounts[] = {
    {"pin_wrong", [](Bench& b) { b.scene().set_pin("wrong horse"); }, 1,
     "account: ", "put the right PIN where the configuration says", write_pin},
    {"locked", [](Bench& b) { b.scene().account({"--lock"}); }, 1,
     "account: ", "administrator unlocks the account",
     [](Bench& b, const Verdict&) { b.scene().account({"--unlock"}); }},
    {"disabled", [](Bench& b) { b.scene().account({"--disable"}); }, 1, "account: ", "enables it",
     [](Bench& b, const Verdict&) { b.scene().account({"--enable"}); }},
    {"not_activated", [](Bench& b) { b.scene().account({"--deactivate"}); }, 1,
     "account: ", "administrator activates the account",
     [](Bench& b, const Verdict&) { b.scene().account({"--activate"}); }},
    {"pin_expired", [](Bench& b) { b.scene().account({"--expire"}); }, 1, "account: ",
     "set a new PIN", [](Bench& b, const Verdict&) { b.change_pin("another horse 4712"); }},
    {"no_pin",
     [](Bench& b) { b.rewrite("credential = ", "administrator = \"x\" # "); },
     13,
     "credential: the configuration has none",
     "give one with --pin-file",
     [](Bench&, const Verdict&) {},
     {},
     [](Bench& b) {
       return Words{"--pin-file", file(b, "seal.pin")};
     }},
    {"credential_missing", [](Bench& b) { std::filesystem::remove(b.scene().pin_file()); }, 1,
     "credential: ", "write the PIN into it", write_pin},
    {"credential_empty", [](Bench& b) { b.scene().set_pin(""); }, 1, "holds no password",
     "write the PIN into it", write_pin},
    {"credential_with_line_ends", [](Bench& b) { b.scene().set_pin(b.pin() + "\n\n"); }, 1,
     "more than one line end", "write it again without", write_pin},
    {"credential_that_others_may_read", [](Bench& b) { chmod(b.scene().pin_file().c_str(), 0644); },
     1, "it can be read by others", "nobody else", run_advice},
    {"credential_command_that_fails",
     [](Bench& b) {
       use_command(b, "exit 3");
       b.rewrite("\"file:" + b.scene().pin_file().string(), "\"command:" + file(b, "pin.sh"));
     },
     1, "pin.sh failed", "correct the command",
     [](Bench& b, const Verdict&) { use_command(b, "cat " + b.scene().pin_file().string()); }},
    {"second_credential",
     [](Bench& b) {
       write_file(b.scene().file("second"), "second secret");
       b.scene().account(
           {"--sign-credential", "password", "--sign-password-file", file(b, "second")});
     },
     13,
     "signature: the account signs with a second credential",
     "--sign-pin-file",
     [](Bench&, const Verdict&) {},
     {},
     [](Bench& b) {
       return Words{"--sign-pin-file", file(b, "second")};
     }},
};

const BrokenCase kObjects[] = {
    {"key_disabled",
     [](Bench& b) {
       b.scene().account({"--disable-key", key_id(b)});
     },
     1, "objects: no key may sign: disabled are \"signer\"", "administrator enables the key",
     [](Bench& b, const Verdict&) {
       b.scene().account({"--enable-key", key_id(b)});
     }},
    {"no_key",
     [](Bench& b) {
       b.signet({"key", "delete", "signer", "--yes"});
     },
     1, "objects: there is no key", "signet key generate",
     [](Bench& b, const Verdict&) {
       b.signet({"key", "generate", "--type", "ec:P-256", "--label", "signer"});
     }},
    {"expired",
     [](Bench& b) {
       b.store("signer", "seal", {-7200, -3600}, "signer");
     },
     1, "it expired on ", "renew the certificate",
     [](Bench& b, const Verdict&) { b.store("signer", "seal", {}, "signer"); }},
    {"not_yet_valid",
     [](Bench& b) {
       b.store("signer", "seal", {5, 3600}, "signer");
     },
     1, "it is valid from ", "if it is right, wait",
     [](Bench&, const Verdict&) { std::this_thread::sleep_for(6s); }},
    {"id_of_another_key",
     [](Bench& b) {
       b.signet({"key", "generate", "--type", "ec:P-256", "--label", "other"});
       b.store("other", "strange", {}, "signer");
     },
     1, "its CKA_ID is that of another key", "give it the CKA_ID of its own key",
     [](Bench& b, const Verdict&) { b.set_certificate_id("strange", "other"); }},
    {"key_of_a_certificate_deleted",
     [](Bench& b) {
       b.signet({"key", "generate", "--type", "ec:P-256", "--label", "lost"});
       b.store("lost", "orphan", {}, "lost");
       b.signet({"key", "delete", "lost", "--yes"});
     },
     1, "no key on the token belongs to it", "delete it",
     [](Bench& b, const Verdict&) {
       b.signet({"cert", "delete", "orphan", "--yes"});
     }},
    {"certificate_whose_key_is_disabled",
     [](Bench& b) {
       b.store("signer", "seal", {}, "signer");
       Verdict({}, {});  // signs with it
       b.scene().account({"--disable-key", key_id(b)});
     },
     1, "its key is disabled", "administrator enables the key",
     [](Bench& b, const Verdict&) {
       b.scene().account({"--enable-key", key_id(b)});
     }},
};

class BrokenSetups : public testing::TestWithParam<BrokenCase> {
 protected:
  void SetUp() override { ASSERT_EQ(Verdict({}, {}).status(), 0) << "before it is broken"; }
  void TearDown() override {
    for (const char* name : {"SIGNET_CONFIG_ANCHOR", "XDG_CACHE_HOME", "SIGNET_MODULE"})
      unsetenv(name);
  }
  Bench bench_;
};

TEST_P(BrokenSetups, IsNamedAndCuredAsTheAdviceSays) {
  const BrokenCase& setup = GetParam();
  setup.spoil(bench_);
  const Verdict broken({}, setup.before);
  EXPECT_EQ(broken.status(), setup.status) << broken.text();
  EXPECT_TRUE(broken.says(setup.sentence)) << broken.text();
  EXPECT_TRUE(broken.says(setup.advice)) << broken.text();
  setup.cure(bench_, broken);
  const Verdict cured(setup.words(bench_), {});
  EXPECT_EQ(cured.status(), 0) << cured.text();
}

constexpr auto kName = [](const testing::TestParamInfo<BrokenCase>& info) {
  return std::string(info.param.name);
};
INSTANTIATE_TEST_SUITE_P(Configuration, BrokenSetups, testing::ValuesIn(kConfigurations), kName);
INSTANTIATE_TEST_SUITE_P(Member, BrokenSetups, testing::ValuesIn(kMembers), kName);
INSTANTIATE_TEST_SUITE_P(Account, BrokenSetups, testing::ValuesIn(kAccounts), kName);
INSTANTIATE_TEST_SUITE_P(Objects, BrokenSetups, testing::ValuesIn(kObjects), kName);

TEST(BrokenPair, OneMemberDownThenBoth) {
  Bench bench(Scene::Members::pair);
  bench.scene().primary().stop();
  const Verdict one({}, {});
  EXPECT_EQ(one.status(), 1);
  EXPECT_TRUE(one.says("signs, and the signature is right")) << one.text();
  bench.scene().alternate().stop();
  const Verdict both({}, {});
  EXPECT_EQ(both.status(), 1);
  EXPECT_TRUE(both.says("start the appliance")) << both.text();
  bench.scene().primary().start();
  bench.scene().alternate().start();
  EXPECT_EQ(Verdict({}, {}).status(), 0);
}

// Files of root's, and a command that runs as another user.
class AnotherUser : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    const std::string folder = bench_.scene().file("").parent_path().string();
    const std::filesystem::path program = SIGNET_TEST_COMMAND;
    output_of({"/bin/sh", "-c",
               fmt::format("cd {0} && chmod 755 . && mkdir -m 755 bin && cp {1} bin && cp {2} . && "
                           "printf %s '{3}' >own.pin && mkdir own && chown nobody own.pin own && "
                           "chmod 600 own.pin && chmod 644 client.toml",
                           folder, program.string(), SIGNET_TEST_MODULE, bench_.pin())});
    bench_.rewrite(folder + "/cache", folder + "/own/cache");
    chmod(bench_.scene().config().c_str(), 0644);
  }

  // The command's copy, since he may not be able to read the one of the build.
  Verdict run(const Words& words) const {
    const std::string copy = bench_.scene().file("bin/signet").string();
    return Verdict(
        words, {"/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env",
                "HOME=/nonexistent", "sh", "-c", "shift; exec " + copy + " \"$@\"", "sh"});
  }
  Words with_own_pin() const { return {"--pin-file", bench_.scene().file("own.pin").string()}; }

  Bench bench_;
};

TEST_F(AnotherUser, MayNotReadTheConfigurationUntilItsOwnerLetsHim) {
  EXPECT_EQ(run(with_own_pin()).status(), 0) << run(with_own_pin()).text();
  chmod(bench_.scene().config().c_str(), 0600);
  const Verdict broken = run(with_own_pin());
  EXPECT_EQ(broken.status(), 1);
  EXPECT_TRUE(broken.says("permissions: ")) << broken.text();
  EXPECT_TRUE(broken.says("the user nobody may not read the file")) << broken.text();
  carry_out(broken);
  EXPECT_EQ(run(with_own_pin()).status(), 0) << run(with_own_pin()).text();
}

TEST_F(AnotherUser, MayNotEnterAFolderOnTheWayUntilItsOwnerLetsHim) {
  std::filesystem::create_directory(bench_.scene().file("closed"));
  std::filesystem::rename(bench_.scene().config(), bench_.scene().file("closed/client.toml"));
  chmod(bench_.scene().file("closed").c_str(), 0700);
  Words words = with_own_pin();
  words.insert(words.end(), {"--config", bench_.scene().file("closed/client.toml").string()});
  const Verdict broken = run(words);
  EXPECT_EQ(broken.status(), 1);
  EXPECT_TRUE(broken.says("may not enter the folder")) << broken.text();
  carry_out(broken);
  EXPECT_EQ(run(words).status(), 0) << run(words).text();
}

TEST_F(AnotherUser, IsToldToGiveThePinWhereTheCredentialIsTheServices) {
  const Verdict broken = run({});
  EXPECT_EQ(broken.status(), 13) << broken.text();
  EXPECT_TRUE(broken.says("programs of this user have to give the PIN")) << broken.text();
  EXPECT_TRUE(broken.says("give one with --pin-file")) << broken.text();
  EXPECT_EQ(run(with_own_pin()).status(), 0);
}

}  // namespace
}  // namespace signet::tests
