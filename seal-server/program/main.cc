// signet-seald: the seal server.
#include <exception>
#include <iostream>
#include <string>

#include "common/log.h"
#include "common/printable.h"
#include "seal-server/enrol/command_failure.h"
#include "seal-server/enrol/enrol_commands.h"
#include "seal-server/program/commands.h"

namespace signet::sealserver {
namespace {

constexpr const char* kAbout =
    "Admits sealing clients by their keys, keeps for them what only they can read, and keeps a\n"
    "register of their seals in which nothing can be changed unseen.";

int run_command_line(int argc, char** argv) {
  CLI::App app(kAbout, "signet-seald");
  app.set_version_flag("--version", "signet-seald " SIGNET_VERSION);
  app.require_subcommand(1);
  // CLI11 repeats words of the command line, line ends too.
  app.failure_message([](const CLI::App* /*app*/, const CLI::Error& error) {
    return printable(error.what()) + "\nRun with --help for more information.\n";
  });
  std::string level = "info";
  app.add_option("--log-level", level, "What goes to standard error")
      ->check(CLI::IsMember({"error", "warn", "info", "debug"}))
      ->capture_default_str();
  app.parse_complete_callback(
      [&level] { log::open({.level = log::level_from(level).value_or(log::Level::info)}); });
  add_init_command(app);
  add_run_command(app);
  add_client_command(app);
  add_enrol_command(app);
  add_user_command(app);
  add_audit_command(app);
  add_time_stamp_command(app);
  add_database_commands(app);
  add_log_commands(app);
  add_official_command(app);
  try {
    app.parse(argc, argv);
    if (!std::cout.flush()) throw std::runtime_error("cannot write the output");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const CommandFailure& failure) {
    std::cerr << "signet-seald: " << printable(failure.what()) << '\n';
    return failure.status();
  } catch (const std::exception& error) {
    std::cerr << "signet-seald: " << printable(error.what()) << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace signet::sealserver

int main(int argc, char** argv) {
  return signet::sealserver::run_command_line(argc, argv);
}
