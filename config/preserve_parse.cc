#include "config/preserve_parse.h"

#include <fmt/format.h>

#include "config/suite_parse.h"
#include "config/url.h"

namespace signet::config {

namespace {

constexpr std::size_t kMostEntries = 1'000;  // of one list

Result<std::vector<std::string>, ConfigError> read_texts(const TableReader& table,
                                                         std::string_view key, bool are_paths) {
  std::vector<std::string> texts;
  const TomlNode* const list = table.find(key);
  if (list == nullptr) return texts;
  if (list->items.size() > kMostEntries)
    return table.error(*list, fmt::format("\"{}\" has more than {} entries", key, kMostEntries));
  for (const TomlNode& item : list->items) {
    if (item.text.empty() || has_control_character(item.text))
      return table.error(item, fmt::format("\"{}\" has an entry that is empty or has a control "
                                           "character",
                                           key));
    if (are_paths && !item.text.starts_with('/'))
      return table.error(
          item, fmt::format("\"{}\" has \"{}\", but must have absolute paths", key, item.text));
    texts.push_back(item.text);
  }
  return texts;
}

}  // namespace

Result<PreserveConfig, ConfigError> read_preserve(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "preserve", file));
  PreserveConfig preserve;
  BOOST_OUTCOME_TRY(preserve.register_file, table.path("register"));
  BOOST_OUTCOME_TRY(table.read_count("margin", 1, kMostMarginDays, preserve.margin));
  BOOST_OUTCOME_TRY(preserve.trust, read_texts(table, "trust", true));
  BOOST_OUTCOME_TRY(preserve.trusted_lists, table.path("trusted_lists"));
  BOOST_OUTCOME_TRY(preserve.journal, read_texts(table, "journal", true));
  BOOST_OUTCOME_TRY(preserve.suite, read_suite(table));
  if (const TomlNode* const profile = table.find("profile")) {
    if (profile->text.empty()) return table.error(*profile, "\"profile\" must not be empty");
    preserve.profile = profile->text;
  }
  if (const TomlNode* const online = table.find("online")) preserve.online = online->boolean;
  BOOST_OUTCOME_TRY(preserve.online_hosts, read_texts(table, "online_hosts", false));
  BOOST_OUTCOME_TRY(table.read_count("online_limit", 1, kMostOnlineLimit, preserve.online_limit));
  if (const TomlNode* const proxy = table.find("online_proxy")) {
    if (const auto checked = check_proxy(proxy->text); !checked)
      return table.error(*proxy, fmt::format("\"online_proxy\" {}", checked.error()));
    preserve.online_proxy = proxy->text;
  }
  BOOST_OUTCOME_TRY(preserve.cache, table.path("cache"));
  BOOST_OUTCOME_TRY(table.read_count("jobs", 1, kMostPreserveJobs, preserve.jobs));
  BOOST_OUTCOME_TRY(table.read_count("batch", 1, kLargestPreserveBatch, preserve.batch));
  if (!preserve.journal.empty() && preserve.trusted_lists.empty())
    return table.error(node, "\"journal\" belongs to \"trusted_lists\"");
  for (const char* const key : {"online_hosts", "online_limit", "online_proxy", "cache"})
    if (const TomlNode* const told = table.find(key); told != nullptr && !preserve.online)
      return table.error(*told, fmt::format("\"{}\" belongs to \"online\"", key));
  return preserve;
}

}  // namespace signet::config
