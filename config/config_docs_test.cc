// docs/configuration.md says what the parser does: the same keys, types and defaults, and examples
// that work.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "config/config.h"
#include "config/config_keys.h"
#include "config/config_values.h"

namespace signet::config {
namespace {

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in(std::string(SIGNET_SOURCE_DIR) + "/" + file);
  EXPECT_TRUE(in) << file;
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string without(std::string text, std::string_view characters) {
  std::erase_if(text, [&](char c) { return characters.find(c) != std::string_view::npos; });
  return text;
}

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t start = cell.find_first_not_of(' ');
    const std::size_t end = cell.find_last_not_of(' ');
    cells.push_back(start == std::string::npos ? "" : cell.substr(start, end - start + 1));
  }
  return cells;
}

struct Documented {
  std::string type;
  std::string fallback;
  std::string effect;
};

// "token.limits/connect" and what the tables headed by "| key | type | default | takes effect |" say of it.
std::map<std::string, Documented> documented_keys() {
  std::map<std::string, Documented> keys;
  std::string table;
  bool inside = false;
  for (const std::string& line : lines_of("docs/configuration.md")) {
    if (line.starts_with("## ")) {
      table = line.find('[') == std::string::npos ? "" : without(line.substr(3), "`[]");
    }
    if (line.starts_with("| key | type | default | takes effect |")) inside = true;
    if (!line.starts_with("|")) inside = false;
    if (!inside || !line.starts_with("| `")) continue;
    const auto cells = cells_of(line);
    const std::string name = table + "/" + without(cells.at(0), "`");
    EXPECT_FALSE(keys.contains(name)) << name << " stands twice";
    EXPECT_NE(cells.at(4), "") << name << " has no meaning";
    keys[name] = {cells.at(1), without(cells.at(2), "`"), cells.at(3)};
  }
  return keys;
}

TEST(ConfigDocs, HaveEveryKeyOfTheParserWithItsTypeAndDefault) {
  const auto documented = documented_keys();
  for (const KeyRule& rule : config_keys()) {
    const std::string name = std::string(rule.table) + "/" + std::string(rule.key);
    const auto found = documented.find(name);
    ASSERT_NE(found, documented.end()) << name << " is not documented";
    EXPECT_EQ(found->second.type, name_of(rule.type)) << name;
    EXPECT_EQ(found->second.fallback, rule.fallback) << name;
    EXPECT_EQ(found->second.effect, rule.effect == Effect::at_once ? "at once" : "restart") << name;
  }
  EXPECT_EQ(documented.size(), config_keys().size()) << "a documented key does not exist";
}

// As a configuration writes it.
std::string written(const NamedValue& named) {
  if (const auto* const flag = std::get_if<bool>(&named.value)) return *flag ? "true" : "false";
  if (const auto* const count = std::get_if<unsigned>(&named.value)) return std::to_string(*count);
  return "\"" + std::get<std::string>(named.value) + "\"";
}

TEST(ConfigDocs, DefaultsOfTheKeyListAreThoseOfTheStructures) {
  const std::map<std::string_view, std::vector<NamedValue>> tables = {
      {"log", values_of(log::Options())},
      {"metrics", values_of(MetricsConfig())},
      {"self_check", values_of(SelfCheck())},
      {"token.limits", values_of(Limits())}};
  for (const auto& [table, values] : tables) {
    EXPECT_EQ(values.size(), keys_of(table).size()) << table;
    for (const NamedValue& named : values) {
      const KeyRule* const rule = find_rule(table, named.key);
      ASSERT_NE(rule, nullptr) << table << "/" << named.key;
      if (rule->fallback == "required") continue;
      EXPECT_EQ(rule->fallback, written(named)) << table << "/" << named.key;
    }
  }
}

TEST(ConfigDocs, EveryTomlExampleIsAccepted) {
  int examples = 0;
  std::string toml;
  bool inside = false;
  for (const std::string& line : lines_of("docs/configuration.md")) {
    if (line == "```toml") {
      inside = true;
      toml.clear();
    } else if (inside && line == "```") {
      inside = false;
      ++examples;
      const auto config = parse_config(toml, "example");
      EXPECT_TRUE(config.has_value()) << config.error().sentence;
    } else if (inside) {
      toml += line + "\n";
    }
  }
  EXPECT_GE(examples, 1);
}

}  // namespace
}  // namespace signet::config
