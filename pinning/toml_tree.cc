#include "pinning/toml_tree.h"

// Results instead of exceptions, and the code in this file instead of a shared library beside the
// module.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#define TOML_MAX_NESTED_VALUES 8  // a list of tables in a list of tables with a list takes five

// toml++ asserts, or with clang assumes, what broken text violates ("[=": the assertion fails,
// although the code behind it refuses the text). Neither may end the host, so both are taken out.
// clang-format off
#include <toml++/impl/preprocessor.h>
#undef TOML_ASSERT
#undef TOML_ASSUME
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT(condition) static_assert(true)
#define TOML_ASSUME(condition) static_assert(true)
#define TOML_ASSERT_ASSUME(condition) static_assert(true)
#include <toml++/toml.h>
// clang-format on

#include <algorithm>
#include <optional>
#include <utility>

namespace signet::pinning {

namespace {

// toml++ follows dotted keys (a.a.a…) by recursion without a limit, and the host's thread may have
// a small stack.
constexpr std::ptrdiff_t kMostDots = 64;

bool has_long_string(std::string_view text) {
  return text.find("\"\"\"") != std::string_view::npos ||
         text.find("'''") != std::string_view::npos;
}

// The first line with more dots than keys can need. A line that begins with "#" is a comment and
// has no keys, unless a string of several lines ends in it.
std::optional<Position> line_of_many_dots(std::string_view text) {
  const bool comments_are_certain = !has_long_string(text);
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t start = std::min(line.find_first_not_of(" \t"), line.size());
    const bool comment = comments_are_certain && line.substr(start).starts_with('#');
    if (!comment && std::ranges::count(line, '.') > kMostDots) return Position{number, 1};
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return std::nullopt;
}

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
  TomlNode tree;
  tree.at = position_of(node.source().begin);
  switch (node.type()) {
    case toml::node_type::table:
      fill_table(tree, *node.as_table());
      break;
    case toml::node_type::array:
      tree.kind = TomlNode::Kind::list;
      for (const toml::node& item : *node.as_array()) tree.items.push_back(tree_of(item));
      break;
    case toml::node_type::string:
      tree.kind = TomlNode::Kind::text;
      tree.text = node.as_string()->get();
      break;
    case toml::node_type::integer:
      tree.kind = TomlNode::Kind::integer;
      tree.integer = node.as_integer()->get();
      break;
    case toml::node_type::boolean:
      tree.kind = TomlNode::Kind::boolean;
      tree.boolean = node.as_boolean()->get();
      break;
    case toml::node_type::floating_point:
      tree.kind = TomlNode::Kind::real;
      break;
    default:
      tree.kind = TomlNode::Kind::time;
  }
  return tree;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view key) const {
  const auto entry = std::ranges::find(entries, key, &TomlEntry::key);
  return entry == entries.end() ? nullptr : &entry->value;
}

Either<TomlNode, TomlError> parse_toml(std::string_view text) {
  if (const auto at = line_of_many_dots(text)) {
    return TomlError{*at, "the line has more than 64 dots; break it"};
  }
  const toml::parse_result parsed = toml::parse(text);
  if (parsed.failed()) {
    const toml::parse_error& failure = parsed.error();
    return TomlError{position_of(failure.source().begin), std::string(failure.description())};
  }
  return tree_of(parsed.table());
}

}  // namespace signet::pinning
