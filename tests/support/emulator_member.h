// One server of an emulated appliance, or of a pair that shares a folder: run, ended and asked as
// its administrator does it.
#ifndef SIGNET_TESTS_SUPPORT_EMULATOR_MEMBER_H_
#define SIGNET_TESTS_SUPPORT_EMULATOR_MEMBER_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/client_config.h"
#include "tests/support/process.h"

namespace signet::tests {

// What the server has seen since it started.
struct Counters {
  std::uint64_t requests = 0;       // without those for the counters themselves
  std::uint64_t request_bytes = 0;  // of them: header and body, decrypted
  std::uint64_t handshakes = 0;     // whole and resumed; reading the counters is one, too
};

struct JournalEntry {
  std::string account;
  std::string key_id;
  std::string digest;     // base64
  std::string signature;  // base64
  std::string role;       // of the member that made it: "primary", "alternate"
  std::string request_id;
  std::string reference;
};

// Of all members that share the folder, in the order of writing.
std::vector<JournalEntry> journal_in(const std::filesystem::path& state);

// `signet-emulator init` with one more word list; throws std::runtime_error with its complaint.
void init_emulator(const std::filesystem::path& state, const std::filesystem::path& password_file,
                   const std::vector<std::string>& more);

class EmulatorMember {
 public:
  // `member`: as the client configuration of the folder has it. Does not run it yet.
  EmulatorMember(std::filesystem::path state, std::string role, Member member,
                 std::filesystem::path log_file);

  // Ends it with SIGTERM; a bad exit status (a sanitizer's, too) fails the test.
  ~EmulatorMember();
  EmulatorMember(const EmulatorMember&) = delete;
  EmulatorMember& operator=(const EmulatorMember&) = delete;

  // Comes back when it accepts connections. `more`: further words of `signet-emulator run`; `level`: of
  // its log.
  void start(const std::vector<std::string>& more = {}, const std::string& level = "info");
  void stop();  // SIGTERM
  void kill();  // SIGKILL

  Counters counters() const;

  // Requests by call, such as "/csc/v2/oauth2/token", since the start.
  std::map<std::string, std::uint64_t> calls() const;

  // Queues what the next requests meet: JSON, one fault or an array of them.
  void queue_faults(const std::string& json) const;
  void clear_faults() const;

  pid_t process_id() const { return process_->id(); }

  // How many faults have met a request or a handshake since the start.
  std::uint64_t faults_met() const;

  const Member& member() const { return member_; }
  std::uint16_t port() const;

  // What the emulator itself wrote to its log and error streams.
  std::string log() const;

 private:
  std::string ask(std::string_view method, std::string_view path, const std::string& body) const;

  const std::filesystem::path state_;
  const std::string role_;
  const Member member_;
  const std::filesystem::path log_file_;
  std::unique_ptr<Process> process_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_EMULATOR_MEMBER_H_
