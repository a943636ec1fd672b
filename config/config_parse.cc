#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "config/config.h"
#include "config/config_reader.h"
#include "config/default_folders.h"
#include "config/preserve_parse.h"
#include "config/seal_parse.h"
#include "config/suggest.h"
#include "config/suite_parse.h"
#include "config/token_parse.h"

namespace signet::config {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostTokens = 64;

// The values that a key takes besides others, or alone.
constexpr auto kLevels =
    std::to_array<std::string_view>({"error", "warn", "info", "debug", "trace"});
constexpr auto kTargets = std::to_array<std::string_view>({"stderr", "syslog", "journald"});
constexpr auto kFormats = std::to_array<std::string_view>({"text", "json"});

Result<log::Options, ConfigError> read_log(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "log", file));
  log::Options options;
  if (const TomlNode* const level = table.find("level")) {
    const auto known = log::level_from(level->text);
    if (!known) {
      return table.error(*level, fmt::format("\"level\" is \"{}\", but must be {}{}", level->text,
                                             one_of(kLevels), suggestion(level->text, kLevels)));
    }
    options.level = *known;
  }
  if (const TomlNode* const to = table.find("to")) {
    if (!is_one_of(to->text, kTargets) && !to->text.starts_with('/')) {
      return table.error(
          *to, fmt::format("\"to\" is \"{}\", but must be {}, or a file's absolute path{}",
                           to->text, one_of(kTargets), suggestion(to->text, kTargets)));
    }
    if (has_control_character(to->text)) return table.error(*to, "\"to\" has a control character");
    options.to = to->text;
  }
  if (const TomlNode* const format = table.find("format")) {
    if (!is_one_of(format->text, kFormats)) {
      return table.error(*format,
                         fmt::format("\"format\" is \"{}\", but must be {}{}", format->text,
                                     one_of(kFormats), suggestion(format->text, kFormats)));
    }
    options.format = format->text == "json" ? log::Format::json : log::Format::text;
  }
  return options;
}

Result<MetricsConfig, ConfigError> read_metrics(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "metrics", file));
  MetricsConfig metrics;
  BOOST_OUTCOME_TRY(table.demand("dir"));
  BOOST_OUTCOME_TRY(metrics.dir, table.path("dir"));
  BOOST_OUTCOME_TRY(table.read_duration("interval", 1s, 60min, metrics.interval));
  return metrics;
}

Result<SelfCheck, ConfigError> read_self_check(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "self_check", file));
  SelfCheck self_check;
  if (const TomlNode* const flag = table.find("enabled")) self_check.enabled = flag->boolean;
  BOOST_OUTCOME_TRY(table.read_duration("every", 1s, 24h, self_check.every));
  return self_check;
}

Result<std::vector<TokenConfig>, ConfigError> read_tokens(const TableReader& root,
                                                          const std::string& file) {
  std::vector<TokenConfig> tokens;
  const TomlNode* const list = root.find("token");
  if (list == nullptr) return tokens;
  if (list->items.size() > kMostTokens) {
    return root.error(*list, fmt::format("there are {} tokens, but there may be {} at most",
                                         list->items.size(), kMostTokens));
  }
  SerialMaker serials;
  for (const TomlNode& item : list->items) {
    BOOST_OUTCOME_TRY(TokenConfig token, read_token(item, file, serials));
    if (std::ranges::find(tokens, token.label, &TokenConfig::label) != tokens.end()) {
      return root.error(
          *item.find("label"),
          fmt::format("two tokens have the label \"{}\"; programs tell tokens apart by their "
                      "labels",
                      token.label));
    }
    if (std::ranges::find(tokens, token.serial, &TokenConfig::serial) != tokens.end()) {
      return root.error(item, fmt::format("two tokens have the serial number \"{}\"; programs take "
                                          "them for the same card",
                                          token.serial));
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

Result<Config, ConfigError> parse_config(std::string_view toml, const std::string& name) {
  const auto tree = parse_toml(toml);
  if (tree.has_error()) {
    return error_at(name, tree.error().at,
                    fmt::format("this is not TOML: {}", tree.error().sentence));
  }
  BOOST_OUTCOME_TRY(const TableReader root, TableReader::open(tree.value(), "", name));
  Config config;
  if (const TomlNode* const log = root.find("log")) {
    BOOST_OUTCOME_TRY(config.log, read_log(*log, name));
  }
  if (const TomlNode* const metrics = root.find("metrics")) {
    BOOST_OUTCOME_TRY(config.metrics, read_metrics(*metrics, name));
  }
  if (const TomlNode* const self_check = root.find("self_check")) {
    BOOST_OUTCOME_TRY(config.self_check, read_self_check(*self_check, name));
  }
  if (const TomlNode* const seal = root.find("seal")) {
    BOOST_OUTCOME_TRY(config.seal, read_seal(*seal, name));
  }
  if (const TomlNode* const preserve = root.find("preserve")) {
    BOOST_OUTCOME_TRY(config.preserve, read_preserve(*preserve, name));
  }
  BOOST_OUTCOME_TRY(config.suite, read_suite(root));
  if (config.suite.empty()) config.suite = crypto::kDefaultSuite;
  BOOST_OUTCOME_TRY(config.tokens, read_tokens(root, name));
  BOOST_OUTCOME_TRY(config.cache_dir, root.path("cache_dir"));
  if (config.cache_dir.empty()) config.cache_dir = default_cache_dir();
  return config;
}

}  // namespace signet::config
