// Two emulators as a pair, a proxy in front of each, and a client configuration with short limits:
// what a test needs to break a network and watch the module.
#ifndef SIGNET_TESTS_LAB_LABORATORY_H_
#define SIGNET_TESTS_LAB_LABORATORY_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/testing/scratch_folder.h"
#include "tests/lab/proxy.h"
#include "tests/support/emulator_member.h"
#include "tests/support/files.h"
#include "tests/support/sanitizers.h"

namespace signet::tests {

// How long an answer may take that waits for nothing. Programs with a sanitizer need more.
#ifdef SIGNET_SANITIZED
inline constexpr Milliseconds kPrompt{4'000};
#else
inline constexpr Milliseconds kPrompt{1'000};
#endif

// [token.limits] of docs/configuration.md, short enough for a test to wait for them.
struct LabLimits {
  Milliseconds call{12'000};
  Milliseconds key_generation{12'000};
  Milliseconds connect{1'000};
  Milliseconds sign_attempt{2'000};
  Milliseconds generate_attempt{4'000};
  Milliseconds idle{30'000};
  Milliseconds refresh{300'000};
  unsigned connections = 16;
};

class Laboratory {
 public:
  enum class Route {
    direct,   // the module talks to the emulators themselves
    proxied,  // through the proxies
  };

  // Runs both members, with the P-256 key "signer", and points SIGNET_CONFIG at them. Token "seal",
  // and for each of `more_labels` another token of the same account.
  explicit Laboratory(Route route, const LabLimits& limits = {},
                      const std::vector<std::string>& more_labels = {},
                      const std::string& log_level = "trace");

  EmulatorMember& primary() { return *primary_; }
  EmulatorMember& alternate() { return *alternate_; }
  Proxy& primary_proxy() { return *primary_proxy_; }
  Proxy& alternate_proxy() { return *alternate_proxy_; }

  std::vector<JournalEntry> journal() const { return journal_in(state_); }

  // The members as the module reaches them, the primary first.
  std::vector<Member> members() const;

  // Other members, or other pins, for the module that is running.
  void reconfigure(const std::vector<Member>& members) const { write_config(members); }
  void write_broken_config() const { write_file(config_file(), "[[token]]\nlabel = \n"); }

  // A member as it is reached through its proxy.
  static Member through(const Proxy& proxy, Member member);

  // Of both members together.
  Counters counters() const;

  // What a member shows in handshakes once it was started: "live.crt" and "live.key"; beside them
  // "backup", which the configuration pins too, and "foreign", which it does not.
  std::filesystem::path tls_file(const std::string& role, const std::string& name) const {
    return state_ / "tls" / (role + "-" + name);
  }

  // The member comes back with that key and certificate.
  void show_certificate(EmulatorMember& member, const std::string& role, const std::string& name);

  const std::string& pin() const { return pin_; }
  const LabLimits& limits() const { return limits_; }

  // What the module has logged so far.
  std::string log() const { return read_file(dir_ / "client.log"); }

 private:
  std::filesystem::path config_file() const { return dir_ / "client.toml"; }
  void write_config(const std::vector<Member>& members) const;

  ScratchFolder dir_;
  const std::filesystem::path state_ = dir_ / "appliance";
  const std::string pin_ = "correct horse 4711";
  const Route route_;
  const LabLimits limits_;
  const std::vector<std::string> more_labels_;
  const std::string log_level_;
  std::optional<EmulatorMember> primary_;
  std::optional<EmulatorMember> alternate_;
  std::optional<Proxy> primary_proxy_;
  std::optional<Proxy> alternate_proxy_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_LAB_LABORATORY_H_
