#include "tests/support/client_config.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <toml++/toml.h>

#include <stdexcept>

#include "tests/support/files.h"

namespace signet::tests {

std::vector<Member> members_of(const std::filesystem::path& config) {
  const toml::table table = toml::parse_file(config.string());
  const auto* members = table["token"][0]["member"].as_array();
  if (members == nullptr) throw std::runtime_error("no members in " + config.string());
  std::vector<Member> all;
  for (const auto& node : *members) {
    const auto& member = *node.as_table();
    Member& added = all.emplace_back(Member{member["url"].value_or(std::string()), {}});
    for (const auto& pin : *member["pins"].as_array()) {
      added.pins.push_back(pin.value_or(std::string()));
    }
  }
  return all;
}

std::string members_text(const std::vector<Member>& members) {
  std::string text;
  for (const auto& member : members) {
    text += fmt::format("\n  [[token.member]]\n  url = \"{}\"\n  pins = [", member.url);
    for (const auto& pin : member.pins) text += fmt::format("\"{}\", ", pin);
    text += "]\n";
  }
  return text;
}

void write_config(const std::filesystem::path& config, const std::vector<Member>& members,
                  const std::filesystem::path& log) {
  const std::string text = fmt::format(
      "[log]\nlevel = \"trace\"\nto = \"{}\"\n\n[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n",
      log.string());
  write_file(config, text + members_text(members));
}

void use_config(const std::filesystem::path& config) {
  setenv("SIGNET_CONFIG", config.c_str(), 1);
}

}  // namespace signet::tests
