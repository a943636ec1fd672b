// A TOML document as a plain tree in which every value and every key knows its place. The TOML
// library is included by toml_tree.cc alone.
#ifndef SIGNET_CONFIG_TOML_TREE_H_
#define SIGNET_CONFIG_TOML_TREE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace signet::config {

struct Position {
  unsigned line = 0;  // from 1; 0: unknown
  unsigned column = 0;
};

struct TomlEntry;

struct TomlNode {
  enum class Kind { text, integer, real, boolean, time, list, table };

  Kind kind = Kind::table;
  Position at;
  std::string text;
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<TomlNode> items;     // of a list
  std::vector<TomlEntry> entries;  // of a table, in the order of the text

  const TomlNode* find(std::string_view key) const;
};

struct TomlEntry {
  std::string key;
  Position at;
  TomlNode value;
};

struct TomlError {
  Position at;
  std::string sentence;
};

// Never throws for any bytes; TOML 1.0.
Result<TomlNode, TomlError> parse_toml(std::string_view text);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_TOML_TREE_H_
