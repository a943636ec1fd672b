// signet-emulator: the appliance's REST contract over SoftHSMv2, for tests and for trying Signet
// out.
#if SIGNET_HAVE_MALLOPT
#include <malloc.h>
#endif

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include "common/log.h"
#include "common/printable.h"
#include "softhsm-backend/commands.h"

namespace signet::emulator {
namespace {

constexpr const char* kAbout =
    "Emulates a remote signature appliance, for tests and trials of Signet.\n"
    "It protects keys no better than files do. Do not use it for real signatures.";

// Blocks from here on, in bytes, go back to the system when they are freed. Fixed, for glibc raises its own limit to the
// largest block that was ever freed: after one answer of 8 MiB (the fault "oversize") every thread would keep such.
[[maybe_unused]] constexpr int kLargeBlock = 128 * 1024;

// What the commands write to a standard stream is filtered while this lives.
class PrintableOutput {
 public:
  explicit PrintableOutput(std::ostream& stream)
      : stream_(stream), unfiltered_(stream.rdbuf()), buffer_(unfiltered_) {
    stream_.rdbuf(&buffer_);
  }
  ~PrintableOutput() {
    stream_.flush();
    stream_.rdbuf(unfiltered_.rdbuf());
  }
  PrintableOutput(const PrintableOutput&) = delete;
  PrintableOutput& operator=(const PrintableOutput&) = delete;

 private:
  std::ostream& stream_;
  std::ostream unfiltered_;
  PrintableBuffer buffer_;
};

int run_command_line(int argc, char** argv) {
  const PrintableOutput out(std::cout);
  const PrintableOutput err(std::cerr);
  CLI::App app(kAbout, "signet-emulator");
  app.set_version_flag("--version", "signet-emulator " SIGNET_VERSION);
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
  add_journal_command(app);
  add_account_command(app);
  // CLI11 would only say that a subcommand is missing.
  const auto is_meant = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_meant).empty()) {
    std::cerr << "signet-emulator: there is no command \"" << printable(argv[1])
              << "\"; see signet-emulator --help\n";
    return 2;
  }
  try {
    app.parse(argc, argv);
    if (!std::cout.flush()) throw std::runtime_error("cannot write the output");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "signet-emulator: " << printable(error.what()) << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace signet::emulator

int main(int argc, char** argv) {
#if SIGNET_HAVE_MALLOPT
  (void)mallopt(M_MMAP_THRESHOLD, signet::emulator::kLargeBlock);
#endif
  return signet::emulator::run_command_line(argc, argv);
}
