// Broken set-ups, each with what doctor says of it, and cured as its advice says.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <ostream>
#include <thread>

#include "dsa-transport/testing/test_server.h"
#include "tests/doctor/breakable_setup.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using Words = std::vector<std::string>;
using namespace std::chrono_literals;

struct BrokenCase {
  const char* name;
  void (*spoil)(BreakableSetup&);
  int status;
  const char* sentence;  // "check: what is wrong"
  const char* advice;
  void (*cure)(BreakableSetup&, const Verdict&);
  Words before = {};  // starts the command while it is broken
  Words (*words)(BreakableSetup&) = [](BreakableSetup&) {
    return Words();
  };  // of the cured command
};

void PrintTo(const BrokenCase& setup, std::ostream* out) {
  *out << setup.name;
}

void restore(BreakableSetup& breakable, const Verdict&) {
  breakable.restore_config();
}

void run_advice(BreakableSetup&, const Verdict& verdict) {
  carry_out(verdict);
}

void write_pin(BreakableSetup& breakable, const Verdict&) {
  breakable.setup().set_pin(breakable.pin());
}

std::string file(BreakableSetup& breakable, std::string_view name) {
  return breakable.setup().file(name).string();
}

// The key that was last signed with.
std::string key_id(BreakableSetup& breakable) {
  return breakable.setup().journal().back().key_id;
}

void use_command(BreakableSetup& breakable, const std::string& script) {
  write_file(breakable.setup().file("pin.sh"), "#!/bin/sh\n" + script + "\n");
  chmod(breakable.setup().file("pin.sh").c_str(), 0700);
}

const BrokenCase kConfigurations[] = {
    {"no_file", [](BreakableSetup& b) { std::filesystem::remove(b.setup().config()); }, 1,
     "file: ", "write the file", restore},
    {"syntax_error", [](BreakableSetup& b) { b.rewrite("label = \"seal\"", "label = seal"); }, 1,
     "content: ", "correct the file", restore},
    {"unknown_key", [](BreakableSetup& b) { b.rewrite("cache_dir", "cache_dirr"); }, 1,
     "did you mean \"", "correct the file",
     [](BreakableSetup& b, const Verdict& v) {
       b.rewrite("cache_dirr", v.between("mean \"", "\""));
     }},
    {"no_token", [](BreakableSetup& b) { b.setup().configure_text("[log]\nlevel = \"warn\"\n"); },
     1, "content: there is no [[token]]", "add a [[token]]", restore},
    {"others_may_write", [](BreakableSetup& b) { chmod(b.setup().config().c_str(), 0666); }, 1,
     "permissions: ", "find out who may have changed it", run_advice},
    {"signature_broken",
     [](BreakableSetup& b) {
       b.sign_config();
       b.setup().configure_text(read_file(b.setup().config()) + "# more\n");
     },
     1, "signed: ", "signet config sign",
     [](BreakableSetup& b, const Verdict&) {
       b.restore_config();
       b.sign_config();
     }},
    {"signature_missing",
     [](BreakableSetup& b) {
       b.sign_config();
       std::filesystem::remove(b.setup().config().string() + ".sig");
     },
     1, "demands that it be signed", "signet config sign",
     [](BreakableSetup& b, const Verdict&) { b.sign_config(); }},
    {"anchor_missing",
     [](BreakableSetup& b) {
       b.sign_config();
       std::filesystem::rename(b.setup().file("config.pub"), b.setup().file("away.pub"));
     },
     1, "config.pub", "put it back",
     [](BreakableSetup& b, const Verdict&) {
       std::filesystem::rename(b.setup().file("away.pub"), b.setup().file("config.pub"));
     }},
    {"log_without_a_folder",
     [](BreakableSetup& b) {
       b.setup().configure(b.setup().members(),
                           fmt::format("[log]\nto = \"{}\"\n", file(b, "logs/log")));
     },
     1, "log: ", "make the folder",
     [](BreakableSetup& b, const Verdict&) {
       std::filesystem::create_directory(b.setup().file("logs"));
     }},
    {"cache_that_others_may_write",
     [](BreakableSetup& b) {
       std::filesystem::create_directory(b.setup().file("cache"));
       chmod(b.setup().file("cache").c_str(), 0777);
     },
     1, "cache: ", "chmod 700",
     [](BreakableSetup& b, const Verdict&) { chmod(b.setup().file("cache").c_str(), 0700); }},
    {"figures_that_others_may_write",
     [](BreakableSetup& b) {
       std::filesystem::create_directory(b.setup().file("metrics"));
       chmod(b.setup().file("metrics").c_str(), 0777);
       b.setup().configure(b.setup().members(),
                           fmt::format("[metrics]\ndir = \"{}\"\n", file(b, "metrics")));
     },
     1, "metrics: ", "chmod 700",
     [](BreakableSetup& b, const Verdict&) { chmod(b.setup().file("metrics").c_str(), 0700); }},
    {"module_missing", [](BreakableSetup&) { setenv("SIGNET_MODULE", "/no/such/module.so", 1); }, 1,
     "module: /no/such/module.so: there is no such file", "SIGNET_MODULE",
     [](BreakableSetup&, const Verdict&) { unsetenv("SIGNET_MODULE"); }},
    {"module_not_loadable",
     [](BreakableSetup& b) {
       write_file(b.setup().file("module.so"), "not a shared object");
       setenv("SIGNET_MODULE", file(b, "module.so").c_str(), 1);
     },
     1, "cannot be loaded: ", "install the package signet-pkcs11 again",
     [](BreakableSetup&, const Verdict&) { unsetenv("SIGNET_MODULE"); }},
};

const BrokenCase kMembers[] = {
    {"path",
     [](BreakableSetup& b) {
       const std::string url = b.setup().members().front().url;
       b.point_to(url.substr(0, url.find("/dsa")) + "/elsewhere");
     },
     1, "appliance: ", "an appliance answers at url = \"",
     [](BreakableSetup& b, const Verdict& v) { b.point_to(v.between("url = \"", "\"")); }},
    {"port",
     [](BreakableSetup& b) {
       b.point_to(fmt::format("https://127.0.0.1:{}/dsa/v1", transport::closed_port()));
     },
     1, "tcp: cannot connect", "correct the port of the url", restore},
    {"host", [](BreakableSetup& b) { b.point_to("https://dsa1.invalid:8081/dsa/v1"); }, 1,
     "name: cannot find dsa1.invalid", "correct the host name of the url", restore},
    {"server_key_pin",
     [](BreakableSetup& b) {
       b.rewrite(b.setup().members().front().pins.front(),
                 "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
     },
     1, "the server's key has the pin ", "by another channel",
     [](BreakableSetup& b, const Verdict& v) {
       b.rewrite("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                 v.between("has the pin ", ","));
     }},
    {"plain_http", [](BreakableSetup& b) { b.serve_plain(); }, 1,
     "tls: ", "correct the port of the url", restore},
    {"down", [](BreakableSetup& b) { b.setup().primary().stop(); }, 1, "tcp: cannot connect",
     "start the appliance", [](BreakableSetup& b, const Verdict&) { b.setup().primary().start(); }},
    {"clock",
     [](BreakableSetup&) {},
     1,
     "clock: the appliance's clock is ",
     "set the wrong one",
     [](BreakableSetup&, const Verdict&) {},
     {"/usr/bin/env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "+1h"}},
    {"firmware",
     [](BreakableSetup& b) {
       b.setup().primary().queue_faults(
           R"({"match":{"method":"POST"},"kind":"status","status":405,"times":0})");
     },
     1, "signature: ", "its firmware may be too old",
     [](BreakableSetup& b, const Verdict&) { b.setup().primary().clear_faults(); }},
};

const BrokenCase kAccounts[] = {
    {"pin_wrong", [](BreakableSetup& b) { b.setup().set_pin("wrong horse"); }, 1,
     "account: ", "put the right PIN where the configuration says", write_pin},
    {"locked", [](BreakableSetup& b) { b.setup().account({"--lock"}); }, 1,
     "account: ", "administrator unlocks the account",
     [](BreakableSetup& b, const Verdict&) { b.setup().account({"--unlock"}); }},
    {"disabled", [](BreakableSetup& b) { b.setup().account({"--disable"}); }, 1, "account: ",
     "enables it", [](BreakableSetup& b, const Verdict&) { b.setup().account({"--enable"}); }},
    {"not_activated", [](BreakableSetup& b) { b.setup().account({"--deactivate"}); }, 1,
     "account: ", "administrator activates the account",
     [](BreakableSetup& b, const Verdict&) { b.setup().account({"--activate"}); }},
    {"pin_expired", [](BreakableSetup& b) { b.setup().account({"--expire"}); }, 1,
     "account: ", "set a new PIN",
     [](BreakableSetup& b, const Verdict&) { b.change_pin("another horse 4712"); }},
    {"no_pin",
     [](BreakableSetup& b) { b.rewrite("credential = ", "administrator = \"x\" # "); },
     13,
     "credential: the configuration has none",
     "give one with --pin-file",
     [](BreakableSetup&, const Verdict&) {},
     {},
     [](BreakableSetup& b) {
       return Words{"--pin-file", file(b, "seal.pin")};
     }},
    {"credential_missing", [](BreakableSetup& b) { std::filesystem::remove(b.setup().pin_file()); },
     1, "credential: ", "write the PIN into it", write_pin},
    {"credential_empty", [](BreakableSetup& b) { b.setup().set_pin(""); }, 1, "holds no password",
     "write the PIN into it", write_pin},
    {"credential_with_line_ends", [](BreakableSetup& b) { b.setup().set_pin(b.pin() + "\n\n"); }, 1,
     "more than one line end", "write it again without", write_pin},
    {"credential_that_others_may_read",
     [](BreakableSetup& b) { chmod(b.setup().pin_file().c_str(), 0644); }, 1,
     "it can be read by others", "nobody else", run_advice},
    {"credential_command_that_fails",
     [](BreakableSetup& b) {
       use_command(b, "exit 3");
       b.rewrite("\"file:" + b.setup().pin_file().string(), "\"command:" + file(b, "pin.sh"));
     },
     1, "pin.sh failed", "correct the command",
     [](BreakableSetup& b, const Verdict&) {
       use_command(b, "cat " + b.setup().pin_file().string());
     }},
    {"second_credential",
     [](BreakableSetup& b) {
       write_file(b.setup().file("second"), "second secret");
       b.setup().account(
           {"--sign-credential", "password", "--sign-password-file", file(b, "second")});
     },
     13,
     "signature: the account signs with a second credential",
     "--sign-pin-file",
     [](BreakableSetup&, const Verdict&) {},
     {},
     [](BreakableSetup& b) {
       return Words{"--sign-pin-file", file(b, "second")};
     }},
};

const BrokenCase kObjects[] = {
    {"key_disabled",
     [](BreakableSetup& b) {
       b.setup().account({"--disable-key", key_id(b)});
     },
     1, "objects: no key may sign: disabled are \"signer\"", "administrator enables the key",
     [](BreakableSetup& b, const Verdict&) {
       b.setup().account({"--enable-key", key_id(b)});
     }},
    {"no_key",
     [](BreakableSetup& b) {
       b.signet({"key", "delete", "signer", "--yes"});
     },
     1, "objects: there is no key", "signet key generate",
     [](BreakableSetup& b, const Verdict&) {
       b.signet({"key", "generate", "--type", "ec:P-256", "--label", "signer"});
     }},
    {"expired",
     [](BreakableSetup& b) {
       b.store("signer", "seal", {-7200, -3600}, "signer");
     },
     1, "it expired on ", "renew the certificate",
     [](BreakableSetup& b, const Verdict&) { b.store("signer", "seal", {}, "signer"); }},
    {"not_yet_valid",
     [](BreakableSetup& b) {
       b.store("signer", "seal", {5, 3600}, "signer");
     },
     1, "it is valid from ", "if it is right, wait",
     [](BreakableSetup&, const Verdict&) { std::this_thread::sleep_for(6s); }},
    {"id_of_another_key",
     [](BreakableSetup& b) {
       b.signet({"key", "generate", "--type", "ec:P-256", "--label", "other"});
       b.store("other", "strange", {}, "signer");
     },
     1, "its CKA_ID is that of another key", "give it the CKA_ID of its own key",
     [](BreakableSetup& b, const Verdict&) { b.set_certificate_id("strange", "other"); }},
    {"key_of_a_certificate_deleted",
     [](BreakableSetup& b) {
       b.signet({"key", "generate", "--type", "ec:P-256", "--label", "lost"});
       b.store("lost", "orphan", {}, "lost");
       b.signet({"key", "delete", "lost", "--yes"});
     },
     1, "no key on the token belongs to it", "delete it",
     [](BreakableSetup& b, const Verdict&) {
       b.signet({"cert", "delete", "orphan", "--yes"});
     }},
    {"certificate_whose_key_is_disabled",
     [](BreakableSetup& b) {
       b.store("signer", "seal", {}, "signer");
       Verdict({}, {});  // signs with it
       b.setup().account({"--disable-key", key_id(b)});
     },
     1, "its key is disabled", "administrator enables the key",
     [](BreakableSetup& b, const Verdict&) {
       b.setup().account({"--enable-key", key_id(b)});
     }},
};

class BrokenSetups : public testing::TestWithParam<BrokenCase> {
 protected:
  void SetUp() override { ASSERT_EQ(Verdict({}, {}).status(), 0) << "before it is broken"; }
  void TearDown() override {
    for (const char* name : {"SIGNET_CONFIG_ANCHOR", "XDG_CACHE_HOME", "SIGNET_MODULE"})
      unsetenv(name);
  }
  BreakableSetup breakable_;
};

TEST_P(BrokenSetups, IsNamedAndCuredAsTheAdviceSays) {
  const BrokenCase& setup = GetParam();
  setup.spoil(breakable_);
  const Verdict broken({}, setup.before);
  EXPECT_EQ(broken.status(), setup.status) << broken.text();
  EXPECT_TRUE(broken.says(setup.sentence)) << broken.text();
  EXPECT_TRUE(broken.says(setup.advice)) << broken.text();
  setup.cure(breakable_, broken);
  const Verdict cured(setup.words(breakable_), {});
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
  BreakableSetup breakable(DoctorSetup::Members::pair);
  breakable.setup().primary().stop();
  const Verdict one({}, {});
  EXPECT_EQ(one.status(), 1);
  EXPECT_TRUE(one.says("signs, and the signature is right")) << one.text();
  breakable.setup().alternate().stop();
  const Verdict both({}, {});
  EXPECT_EQ(both.status(), 1);
  EXPECT_TRUE(both.says("start the appliance")) << both.text();
  breakable.setup().primary().start();
  breakable.setup().alternate().start();
  EXPECT_EQ(Verdict({}, {}).status(), 0);
}

}  // namespace
}  // namespace signet::tests
