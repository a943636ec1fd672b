// The emulator as a remote signing service: an account whose keys have certificates, and configurations that reach it through
// the CSC API.
#ifndef SIGNET_TESTS_SUPPORT_CSC_SERVICE_H_
#define SIGNET_TESTS_SUPPORT_CSC_SERVICE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "tests/support/emulator_member.h"
#include "tests/support/module.h"

namespace signet::tests {

class CscService {
 public:
  // Runs with an EC key, "signer", and an RSA key, "rsa", each with a certificate. `run`: further words of `signet-emulator run`. The module must not be loaded in this process.
  explicit CscService(const std::vector<std::string>& run = {});

  // `signet-emulator account DIR seal` with these words.
  void change_account(const std::vector<std::string>& words) const;

  // A client's key and its self-signed certificate in PEM, and what of a configuration names them.
  struct ClientFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;

    std::string config() const;
  };
  ClientFiles make_client_certificate(const std::string& name) const;

  // Writes the configuration of the token "seal" in this dialect, version 2, and has the module that is loaded next read it.
  // `token` and `csc` are further lines of [[token]] and of [token.csc]; the log is down to `trace`.
  void configure(const std::string& token, const std::string& csc,
                 std::optional<Member> at = std::nullopt) const;

  // A configuration of the token "seal" in another dialect of the same server: "native", "sapiws".
  void configure_dialect(const std::string& dialect) const;

  // [token.csc] of a client with this secret, from a file that is written here; the right one where none is given.
  std::string oauth2(const std::optional<std::string>& secret = std::nullopt) const;
  std::string client_secret() const;

  // How often a method was called: "oauth2/token".
  std::uint64_t calls(const std::string& method) const;

  std::string log() const;  // the module's
  void clear_log() const;

  const std::string& pin() const { return pin_; }
  const EmulatorMember& member() const { return *member_; }
  EmulatorMember& member() { return *member_; }
  const std::filesystem::path& state() const { return state_; }
  std::filesystem::path folder() const { return dir_.path(); }

 private:
  void certify_keys() const;

  ScratchFolder dir_;
  std::filesystem::path state_ = dir_ / "appliance";
  std::string pin_ = "correct horse 4711";
  std::optional<EmulatorMember> member_;  // made once the folder is
};

// One signature with the key "signer", checked with its certificate; the code of the call that failed, else CKR_OK.
CK_RV sign_and_verify(Session& session);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_CSC_SERVICE_H_
