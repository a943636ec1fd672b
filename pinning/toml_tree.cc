#include "pinning/toml_tree.h"

// Results instead of exceptions, and the code in this file instead of a shared library beside the
// module.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#define TOML_MAX_NESTED_VALUES 32

// What the library takes for granted about a text does not hold for every malformed one. It goes on to
// find the mistake, but only where such a place neither ends the process nor promises something to
// the optimiser.
#ifndef NDEBUG
#define NDEBUG
#endif
#include <toml++/impl/preprocessor.h>
#undef TOML_ASSUME
#define TOML_ASSUME(...) static_assert(true)

#include <toml++/toml.h>

#include <algorithm>

namespace signet::pinning {

namespace {

Position position_of(const toml::source_position& at) {
  return {at.line, at.column};
}

TomlNode tree_of(const toml::node& node);

void fill_table(TomlNode& tree, const toml::table& table) {
  for (const auto& [key, value] : table) {
    tree.entries.push_back(
        {std::string(key.str()), position_of(key.source().begin), tree_of(value)});
  }
  std::ranges::stable_sort(tree.entries, [](const TomlEntry& a, const TomlEntry& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  });
}

TomlNode tree_of(const toml::node& node) {
  using Kind = TomlNode::Kind;
  TomlNode tree;
  tree.at = position_of(node.source().begin);
  switch (node.type()) {
    case toml::node_type::table:
      fill_table(tree, *node.as_table());
      break;
    case toml::node_type::array:
      tree.kind = Kind::list;
      for (const toml::node& item : *node.as_array()) tree.items.push_back(tree_of(item));
      break;
    case toml::node_type::string:
      tree.kind = Kind::text;
      tree.text = node.as_string()->get();
      break;
    case toml::node_type::integer:
      tree.kind = Kind::integer;
      tree.integer = node.as_integer()->get();
      break;
    case toml::node_type::boolean:
      tree.kind = Kind::boolean;
      tree.boolean = node.as_boolean()->get();
      break;
    case toml::node_type::floating_point:
      tree.kind = Kind::real;
      break;
    default:
      tree.kind = Kind::time;
  }
  return tree;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view key) const {
  const auto entry = std::ranges::find(entries, key, &TomlEntry::key);
  return entry == entries.end() ? nullptr : &entry->value;
}

Either<TomlNode, TomlError> parse_toml(std::string_view text) {
  const toml::parse_result parsed = toml::parse(text);
  if (parsed.failed()) {
    const toml::parse_error& failure = parsed.error();
    return TomlError{position_of(failure.source().begin), std::string(failure.description())};
  }
  return tree_of(parsed.table());
}

}  // namespace signet::pinning
