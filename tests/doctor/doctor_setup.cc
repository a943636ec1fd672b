#include "tests/doctor/doctor_setup.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "common/descriptor.h"
#include "common/testing/scratch_folder.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {

Ran run_signet(const std::vector<std::string>& words, const std::vector<std::string>& before) {
  const ScratchFolder dir;
  std::vector<std::string> command = before;
  command.emplace_back(SIGNET_TEST_COMMAND);
  command.insert(command.end(), words.begin(), words.end());
  write_file(dir / "out", "");
  write_file(dir / "err", "");
  Process process(command, dir / "out", dir / "err");
  const int status = process.wait();
  return {status, read_file(dir / "out"), read_file(dir / "err")};
}

Ran run_signet_at_terminal(const std::vector<std::string>& words, const std::string& prompt,
                           const std::string& line) {
  std::vector<std::string> command = {SIGNET_TEST_COMMAND};
  command.insert(command.end(), words.begin(), words.end());
  std::vector<char*> pointers;
  for (std::string& word : command) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child < 0) throw std::runtime_error("cannot make a terminal");
  if (child == 0) {
    execv(pointers.front(), pointers.data());
    _exit(127);
  }
  const Descriptor owner(terminal);
  Ran ran;
  bool typed = false;
  std::array<char, 1024> buffer{};
  for (ssize_t got = 1; got > 0;) {  // the end of the program is an error of reading
    if (!typed && ran.out.find(prompt) != std::string::npos) {
      typed = write(terminal, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    }
    got = read(terminal, buffer.data(), buffer.size());
    if (got > 0) ran.out.append(buffer.data(), static_cast<std::size_t>(got));
  }
  int status = 0;
  if (waitpid(child, &status, 0) == child && WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

Diagnosis::Diagnosis(const std::vector<std::string>& words) {
  std::vector<std::string> command = {"doctor"};
  command.insert(command.end(), words.begin(), words.end());
  const Ran text = run_signet(command);
  command.emplace_back("--json");
  const Ran json = run_signet(command);
  status_ = text.status;
  text_ = text.out;
  EXPECT_EQ(json.status, text.status);
  EXPECT_EQ(text.err, "");
  json_ = boost::json::parse(json.out);  // throws where it is none
  EXPECT_EQ(value_to<bool>(json_.at("healthy")), status_ == 0);
  for (const auto& check : json_.at("checks").as_array()) {
    const auto result = value_to<std::string>(check.at("result"));
    const std::string sign = result == "well" ? "✓" : result == "wrong" ? "✗" : "–";
    const std::string name = value_to<std::string>(check.at("check"));
    EXPECT_NE(text_.find(fmt::format("  {} {}: ", sign, name)), std::string::npos) << text_;
    // Whatever is wrong comes with what to do, and both forms have both.
    if (result != "wrong") continue;
    const std::string sentence = value_to<std::string>(check.at("sentence"));
    const std::string same = sentence.substr(0, sentence.find("(request "));  // each has its own
    EXPECT_NE(text_.find(same), std::string::npos) << text_;
    EXPECT_NE(text_.find(value_to<std::string>(check.at("advice"))), std::string::npos) << text_;
  }
}

std::vector<std::string> Diagnosis::results(const std::string& check,
                                            const std::string& member) const {
  std::vector<std::string> results;
  for (const auto& one : json_.at("checks").as_array()) {
    if (one.at("check").as_string() != check) continue;
    const auto* const its_member = one.as_object().if_contains("member");
    if (member.empty() || (its_member != nullptr && its_member->as_string() == member)) {
      results.push_back(value_to<std::string>(one.at("result")));
    }
  }
  return results;
}

std::vector<std::string> Diagnosis::causes() const {
  std::vector<std::string> causes;
  for (const auto& one : json_.at("checks").as_array()) {
    if (one.at("result") != "wrong") continue;
    causes.push_back(value_to<std::string>(one.at("check")) + ": " +
                     value_to<std::string>(one.at("sentence")));
  }
  return causes;
}

DoctorSetup::DoctorSetup(Members members, const std::vector<std::string>& keys) {
  set_pin(pin_);
  std::vector<std::string> words;
  if (members == Members::pair) words = {"--alternate", "127.0.0.1:0"};
  for (const auto& key : keys) words.insert(words.end(), {"--key", key});
  const auto state = dir_ / "appliance";
  init_emulator(state, pin_file(), words);
  const auto found = members_of(state / "client.toml");
  primary_.emplace(state, "primary", found.at(0), dir_ / "primary.log");
  primary_->start();
  if (members == Members::pair) {
    alternate_.emplace(state, "alternate", found.at(1), dir_ / "alternate.log");
    alternate_->start();
  }
  configure(this->members());
  use_config(config());
}

std::vector<Member> DoctorSetup::members() const {
  std::vector<Member> all = {primary_->member()};
  if (alternate_) all.push_back(alternate_->member());
  return all;
}

void DoctorSetup::configure(const std::vector<Member>& members, const std::string& top) const {
  const std::string text = fmt::format(
      "cache_dir = \"{}\"\n{}\n[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n"
      "credential = \"file:{}\"\n\n  [token.limits]\n  connect = \"2s\"\n",
      (dir_ / "cache").string(), top, pin_file().string());
  configure_text(text + members_text(members));
}

void DoctorSetup::configure_text(const std::string& toml) const {
  write_file(config(), toml);
}

void DoctorSetup::set_pin(const std::string& pin) const {
  write_file(pin_file(), pin);
}

boost::json::value DoctorSetup::account(const std::vector<std::string>& words) const {
  std::vector<std::string> command = {SIGNET_TEST_EMULATOR, "account",
                                      (dir_ / "appliance").string(), "seal"};
  command.insert(command.end(), words.begin(), words.end());
  return boost::json::parse(output_of(command));
}

}  // namespace signet::tests
