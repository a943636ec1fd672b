// signet-emulator: the appliance's REST contract over SoftHSMv2, for tests and for trying Signet
// out.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "common/log.h"
#include "softhsm-backend/account_command.h"
#include "softhsm-backend/instance.h"
#include "softhsm-backend/journal_command.h"
#include "softhsm-backend/run_command.h"

namespace signet::emulator {
namespace {

constexpr const char* kAbout =
    "A stand-in for a remote signature appliance, for tests and for trying Signet out.\n"
    "It protects keys no better than files do. Do not use it for real signatures.";

// Blocks from here on, in bytes, go back to the system when they are freed. Fixed, for glibc raises its own limit to the
// largest block that was ever freed: after one answer of 8 MiB (the fault "oversize") every thread would keep such.
constexpr int kLargeBlock = 128 * 1024;

const CLI::Validator kEndpoint(
    [](const std::string& text) {
      return Endpoint::parse(text) ? std::string() : "must be ADDRESS:PORT, such as 127.0.0.1:8081";
    },
    "ADDRESS:PORT");

const CLI::Validator kNewKey(
    [](const std::string& text) {
      return NewKey::parse(text) ? std::string()
                                 : "must be rsa:SIZE:LABEL or ec:CURVE:LABEL (2048, 3072, 4096; "
                                   "P-256, P-384, P-521)";
    },
    "rsa:SIZE:LABEL|ec:CURVE:LABEL");

struct InitWords {
  InitOptions options;
  std::string listen = "127.0.0.1:8081";
  std::string alternate;
  std::vector<std::string> keys;
};

void add_init(CLI::App& app, InitWords& words) {
  CLI::App* init = app.add_subcommand("init", "Make an emulator's folder");
  InitOptions& options = words.options;
  options.user = "seal";
  options.softhsm = SIGNET_SOFTHSM_MODULE;
  init->add_option("dir", options.dir, "The folder; it must not be there or be empty")->required();
  init->add_option("--listen", words.listen, "Where the primary listens; port 0: choose one now")
      ->check(kEndpoint)
      ->capture_default_str();
  init->add_option("--alternate", words.alternate, "Where the alternate listens, if there is one")
      ->check(kEndpoint);
  init->add_option("--user", options.user, "The account")
      ->check(user_name())
      ->capture_default_str();
  init->add_option("--password-file", options.password_file,
                   "Its password; without it a random one goes to DIR/USER.pin")
      ->check(CLI::ExistingFile);
  init->add_option("--key", words.keys, "A key to make; may be given several times")
      ->check(kNewKey);
  init->add_option("--softhsm", options.softhsm, "The SoftHSMv2 module")->capture_default_str();
  init->callback([&words] {
    words.options.listen = Endpoint::parse(words.listen).value();
    if (!words.alternate.empty()) words.options.alternate = Endpoint::parse(words.alternate);
    for (const std::string& key : words.keys) {
      words.options.keys.push_back(NewKey::parse(key).value());
    }
    init_instance(words.options);
    const InstanceFiles files(words.options.dir);
    std::printf("SIGNET_CONFIG=%s\n", std::filesystem::absolute(files.client_config()).c_str());
  });
}

struct RunWords {
  RunOptions options;
  std::string listen;
};

void add_run(CLI::App& app, RunWords& words) {
  CLI::App* run = app.add_subcommand("run", "Serve an emulator's folder until SIGTERM");
  RunOptions& options = words.options;
  run->add_option("dir", options.dir, "The folder that init made")->required();
  run->add_option("--role", options.role, "Which member of the pair this is")
      ->check(CLI::IsMember({"primary", "alternate"}))
      ->capture_default_str();
  run->add_option("--listen", words.listen,
                  "Instead of what init said; DIR/client.toml does not follow")
      ->check(kEndpoint);
  run->add_option("--ready-file", options.ready_file,
                  "Written, with the port, once connections are accepted");
  run->add_option("--workers", options.workers, "Threads that sign")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  run->add_option("--softhsm", options.softhsm, "The SoftHSMv2 module, instead of init's");
  run->callback([&words] {
    if (!words.listen.empty()) words.options.listen = Endpoint::parse(words.listen);
    run_member(words.options);
  });
}

int run_command_line(int argc, char** argv) {
  CLI::App app(kAbout, "signet-emulator");
  app.require_subcommand(1);
  std::string level = "info";
  app.add_option("--log-level", level, "What goes to standard error")
      ->check(CLI::IsMember({"error", "warn", "info", "debug"}))
      ->capture_default_str();
  app.parse_complete_callback(
      [&level] { log::open({.level = log::level_from(level).value_or(log::Level::info)}); });
  InitWords init;
  RunWords run;
  JournalOptions journal;
  AccountOptions account;
  add_init(app, init);
  add_run(app, run);
  add_journal_command(app, journal);
  add_account_command(app, account);
  try {
    app.parse(argc, argv);
    if (std::fflush(stdout) != 0) throw std::runtime_error("cannot write the output");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "signet-emulator: %s\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace signet::emulator

int main(int argc, char** argv) {
  (void)mallopt(M_MMAP_THRESHOLD, signet::emulator::kLargeBlock);
  return signet::emulator::run_command_line(argc, argv);
}
