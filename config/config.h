// The configuration of a client: which appliances there are as tokens, how their identity is
// pinned, where the log goes. docs/configuration.md is its reference; `../packaging/signet.toml` an
// example.
#ifndef SIGNET_CONFIG_CONFIG_H_
#define SIGNET_CONFIG_CONFIG_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/log.h"
#include "common/result.h"
#include "config/client_certificate.h"
#include "config/credential_source.h"
#include "config/dialects.h"
#include "config/preserve_config.h"
#include "config/seal_config.h"
#include "config/signature.h"
#include "crypto/suite_names.h"
#include "pinning/pins.h"

namespace signet::config {

struct MemberConfig {
  std::string
      url;  // "https://host:port/dsa/v1", no trailing slash; what its path is depends on the dialect
  pinning::PinSet pins;  // never empty
  std::string ca_file;   // optional additional demand: chain to this file and match the host name

  bool operator==(const MemberConfig&) const = default;
};

struct Limits {
  Milliseconds call{30'000};  // one C_ call with all its retries
  Milliseconds key_generation{120'000};
  Milliseconds connect{3'000};
  Milliseconds sign_attempt{5'000};  // after it the other member gets the same request
  Milliseconds generate_attempt{60'000};
  Milliseconds idle{30'000};         // a connection unused for longer is not used again
  Milliseconds refresh{5 * 60'000};  // an object list older than that is asked for again
  unsigned connections = 16;         // per member
  // Where a dialect has no idempotency keys: repeat a signature whose answer was lost.
  bool resign = false;

  bool operator==(const Limits&) const = default;
};

struct TokenConfig {
  std::string label;  // 1 to 32 bytes of UTF-8
  std::string user;
  std::string serial;  // CK_TOKEN_INFO.serialNumber, 1 to 16 characters of ASCII
  Dialect dialect = Dialect::native;
  CscConfig csc;              // of that dialect
  SapiwsConfig sapiws;        // likewise
  std::string administrator;  // of C_Login(CKU_SO); empty: `user`
  std::optional<CredentialSource> credential;
  std::vector<MemberConfig> members;  // the primary first; at least one
  std::optional<ClientCertificate> client_certificate;
  Limits limits;
  bool sha1_signatures = false;  // list mechanisms that sign with SHA-1
  // CKA_EC_POINT of Ed25519 keys: the 32 bytes, as the standard has it, or a DER OCTET STRING of them.
  enum class EcPoint { raw, der } ec_point = EcPoint::raw;

  bool operator==(const TokenConfig&) const = default;
};

// The serial number of a token that is given none: 16 hexadecimal digits, for ever the same for this label and user.
std::string serial_of(std::string_view label, std::string_view user);

// The files that a member's TLS reads besides pins: CA file, client certificate and its key.
std::vector<std::filesystem::path> files_of(const MemberConfig& member,
                                            const std::optional<ClientCertificate>& certificate);
std::vector<std::filesystem::path> files_of(const TokenConfig& token);

// The module's look at its own code and constants.
struct SelfCheck {
  bool enabled = true;
  Milliseconds every{15 * 60'000};
};

// Where processes leave their figures (dsa-transport/metrics_folder.h).
struct MetricsConfig {
  std::filesystem::path dir;  // absolute; empty: nothing is written
  Milliseconds interval{10'000};
};

struct Config {
  log::Options log;
  MetricsConfig metrics;
  SelfCheck self_check;
  SealConfig seal;          // of `signet seal`; the module has no part in it
  PreserveConfig preserve;  // of `signet preserve`; likewise
  // What the command measures algorithms by: a name of crypto/suite_names.h or a file's absolute path.
  std::string suite{crypto::kDefaultSuite};
  std::vector<TokenConfig> tokens;
  std::filesystem::path file;                // where it was read from; empty if there is none
  std::filesystem::path cache_dir;           // public objects last seen, per token
  std::optional<ConfigSignature> signature;  // what was checked where an anchor demands one
};

// Why a configuration cannot be used: a sentence that begins with the file and, where the text
// itself is broken, its line and column ("/etc/signet/signet.toml:3:9: …").
struct ConfigError {
  enum class Step {
    finding,    // there is no such file
    reading,    // it cannot be read, or others may change it
    signature,  // it is missing, wrong or too old
    content,    // what it says
  };
  std::string sentence;
  Step step = Step::content;
};

// SIGNET_CONFIG, then $XDG_CONFIG_HOME/signet/signet.toml (~/.config where unset), then
// /etc/signet/signet.toml: the first that is there. SIGNET_CONFIG naming no file is an error; no
// file at all gives a Config without tokens. A process that runs with raised rights (secure_getenv)
// ignores the environment.
Result<Config, ConfigError> load_config();

// The file that load_config() reads; empty where there is none.
std::filesystem::path config_file();

// Refuses a file that others may change (see trusted_file.h), one larger than kLargestConfig, and,
// where there is a trust anchor (see trust_anchor.h), one without its signature.
Result<Config, ConfigError> load_config_file(const std::filesystem::path& file);

inline constexpr std::size_t kLargestConfig = std::size_t{1024} * 1024;  // bytes

// For tests and tools; `name` stands in error sentences. Does not look at permissions or signatures.
Result<Config, ConfigError> parse_config(std::string_view toml, const std::string& name);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CONFIG_H_
