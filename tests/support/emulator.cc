#include "tests/support/emulator.h"

#include "tests/support/files.h"

namespace signet::tests {

Emulator::Emulator(const std::vector<std::string>& keys) {
  write_file(dir_ / "pin", pin_);
  std::vector<std::string> words;
  for (const auto& key : keys) words.insert(words.end(), {"--key", key});
  init_emulator(state_, dir_ / "pin", words);
  member_.emplace(state_, "primary", members_of(client_config()).front(), dir_ / "emulator.log");
  member_->start();
}

}  // namespace signet::tests
