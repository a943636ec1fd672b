// Client configurations (SIGNET_CONFIG) for one token "seal".
#ifndef SIGNET_TESTS_SUPPORT_CLIENT_CONFIG_H_
#define SIGNET_TESTS_SUPPORT_CLIENT_CONFIG_H_

#include <filesystem>
#include <string>
#include <vector>

namespace signet::tests {

struct Member {
  std::string url;
  std::vector<std::string> pins;  // "sha256//…="
};

// The members of the first token in a configuration file.
std::vector<Member> members_of(const std::filesystem::path& config);

// The [[token.member]] tables of a configuration.
std::string members_text(const std::vector<Member>& members);

// Writes a configuration with the token "seal" of the account "seal" behind these members, logging
// everything down to `trace` into `log`.
void write_config(const std::filesystem::path& config, const std::vector<Member>& members,
                  const std::filesystem::path& log);

// The module that this process loads next reads this configuration.
void use_config(const std::filesystem::path& config);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_CLIENT_CONFIG_H_
