// An emulated appliance in a folder of its own, driven as an administrator drives it: by its
// command line, its signals, and the counters it keeps.
#ifndef SIGNET_TESTS_SUPPORT_EMULATOR_H_
#define SIGNET_TESTS_SUPPORT_EMULATOR_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "tests/support/emulator_member.h"

namespace signet::tests {

class Emulator {
 public:
  // `keys` as `signet-emulator init --key` has them: "rsa:3072:LABEL", "ec:P-256:LABEL". Runs it;
  // its end is the end of its EmulatorMember.
  explicit Emulator(const std::vector<std::string>& keys = {});

  void start() { member_->start(); }
  void stop() { member_->stop(); }  // SIGTERM
  void kill() { member_->kill(); }  // SIGKILL

  Counters counters() const { return member_->counters(); }
  std::vector<JournalEntry> journal() const { return journal_in(state_); }

  const std::string& pin() const { return pin_; }
  std::uint16_t port() const { return member_->port(); }
  std::filesystem::path client_config() const { return state_ / "client.toml"; }
  std::string log() const { return member_->log(); }

  // Its server, for faults.
  const EmulatorMember& member() const { return *member_; }

 private:
  ScratchFolder dir_;
  std::filesystem::path state_ = dir_ / "appliance";
  std::string pin_ = "correct horse 4711";
  std::optional<EmulatorMember> member_;  // made once the folder is
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_EMULATOR_H_
