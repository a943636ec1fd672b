// An emulated appliance in a folder of its own, driven as an administrator drives it: by its
// command line, its signals, and the counters it keeps.
#ifndef SIGNET_TESTS_SUPPORT_EMULATOR_H_
#define SIGNET_TESTS_SUPPORT_EMULATOR_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace signet::tests {

// What the server has seen since it started. Reading the counters is no request here, but it is one
// connection.
struct Counters {
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t request_bytes = 0;  // header and body, decrypted
};

struct JournalEntry {
  std::string account;
  std::string key_id;
  std::string digest;  // base64
};

class Emulator {
 public:
  // `keys` as `signet-emulator init --key` has them: "rsa:3072:LABEL", "ec:P-256:LABEL". Runs it.
  explicit Emulator(const std::vector<std::string>& keys = {});
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // Ends it with SIGTERM; a bad exit status (a sanitizer's, too) fails the test.
  ~Emulator();

  void start();
  void stop();  // SIGTERM
  void kill();  // SIGKILL

  Counters counters() const;
  std::vector<JournalEntry> journal() const;

  const std::string& pin() const { return pin_; }
  std::uint16_t port() const;
  std::filesystem::path client_config() const { return state_ / "client.toml"; }

  // What the emulator itself wrote to its log and error streams.
  std::string log() const { return read_file(dir_ / "emulator.log"); }

 private:
  std::string get(std::string_view path) const;

  TempDir dir_;
  std::filesystem::path state_ = dir_ / "appliance";
  std::string pin_ = "correct horse 4711";
  std::unique_ptr<Process> process_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_EMULATOR_H_
