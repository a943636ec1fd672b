// An emulator's folder: what lies where, and how `init` makes it.
#ifndef SIGNET_SOFTHSM_BACKEND_INSTANCE_H_
#define SIGNET_SOFTHSM_BACKEND_INSTANCE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "softhsm-backend/key_types.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

// "HOST:PORT", "[ADDRESS]:PORT" for IPv6.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  static std::optional<Endpoint> parse(std::string_view text);
  std::string text() const;
  std::string url() const;
};

struct NewKey {
  crypto::KeyParameters spec;
  std::string label;

  // "rsa:3072:LABEL" or "ec:P-256:LABEL".
  static std::optional<NewKey> parse(std::string_view text);
};

struct InitOptions {
  std::filesystem::path dir;
  Endpoint listen;
  std::optional<Endpoint> alternate;
  std::string user;
  std::filesystem::path password_file;  // empty: a random password
  std::vector<NewKey> keys;
  std::filesystem::path softhsm;  // the module
};

struct InstanceFiles {
  explicit InstanceFiles(std::filesystem::path folder) : dir(std::move(folder)) {}

  std::filesystem::path dir;

  std::filesystem::path state() const { return dir / "state.db"; }
  std::filesystem::path tokens() const { return dir / "tokens"; }
  std::filesystem::path softhsm_config() const { return dir / "softhsm2.conf"; }
  std::filesystem::path token_pin() const { return dir / "softhsm.pin"; }
  std::filesystem::path client_config() const { return dir / "client.toml"; }
  std::filesystem::path lock(const std::string& role) const { return dir / (role + ".lock"); }
  std::filesystem::path user_pin(const std::string& user) const { return dir / (user + ".pin"); }
  std::filesystem::path client_secret(const std::string& user) const {
    return dir / (user + ".client-secret");
  }
};

inline constexpr std::string_view kTokenLabel = "signet-emulator";

// Makes everything. Throws std::runtime_error with a sentence; the folder is then empty, so that it can be tried again.
// Where the process is killed the folder is incomplete, and `run` refuses it.
void init_instance(InitOptions options);

// The state of a folder that init has completed. Throws std::runtime_error with a sentence for any other.
State open_state(const InstanceFiles& files);

// SoftHSM finds its token through the environment; to be called before a Token is made.
void point_softhsm_at(const InstanceFiles& files);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_INSTANCE_H_
