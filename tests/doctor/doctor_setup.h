// A set-up for `signet doctor`: an emulated pair, a configuration with a credential, and the command
// itself, run as an administrator runs it.
#ifndef SIGNET_TESTS_DOCTOR_DOCTOR_SETUP_H_
#define SIGNET_TESTS_DOCTOR_DOCTOR_SETUP_H_

#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator_member.h"

namespace signet::tests {

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

// `signet` with these words, started by the words before it: nothing, or a program such as faketime.
Ran run_signet(const std::vector<std::string>& words, const std::vector<std::string>& before = {});

// The same at a terminal of its own, at which `line` is typed once `prompt` stands there; all that
// the terminal showed is in `out`.
Ran run_signet_at_terminal(const std::vector<std::string>& words, const std::string& prompt,
                           const std::string& line);

// What doctor said, in both of its forms; that they say the same is checked.
class Diagnosis {
 public:
  explicit Diagnosis(const std::vector<std::string>& words = {});

  int status() const { return status_; }
  const std::string& text() const { return text_; }

  // Of the checks with this name (at this member, where given): "well", "wrong", "not tried". In
  // the order of the output.
  std::vector<std::string> results(const std::string& check, const std::string& member = {}) const;

  // The sentences of the checks that are wrong, each after its check's name: "pin: the server's …".
  std::vector<std::string> causes() const;

 private:
  int status_;
  std::string text_;
  boost::json::value json_;
};

class DoctorSetup {
 public:
  enum class Members { one, pair };

  explicit DoctorSetup(Members members = Members::one,
                       const std::vector<std::string>& keys = {"ec:P-256:signer"});

  // Writes the configuration that SIGNET_CONFIG names.
  void configure(const std::vector<Member>& members, const std::string& top = {}) const;
  void configure_text(const std::string& toml) const;

  // The content of the credential's file.
  void set_pin(const std::string& pin) const;

  // `signet-emulator account …`; gives its JSON.
  boost::json::value account(const std::vector<std::string>& words) const;

  EmulatorMember& primary() { return *primary_; }
  EmulatorMember& alternate() { return *alternate_; }
  std::vector<Member> members() const;
  std::vector<JournalEntry> journal() const { return journal_in(dir_ / "appliance"); }

  std::filesystem::path config() const { return dir_ / "client.toml"; }
  std::filesystem::path pin_file() const { return dir_ / "seal.pin"; }
  std::filesystem::path file(std::string_view name) const { return dir_ / name; }
  const std::string& pin() const { return pin_; }

 private:
  ScratchFolder dir_;
  std::string pin_ = "correct horse 4711";
  std::optional<EmulatorMember> primary_;
  std::optional<EmulatorMember> alternate_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_DOCTOR_DOCTOR_SETUP_H_
