// Reads one table of the configuration against the list of keys: only known keys, each with its
// type. What is left to the reader of a table is the meaning of the values.
#ifndef SIGNET_CONFIG_CONFIG_READER_H_
#define SIGNET_CONFIG_CONFIG_READER_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"
#include "config/config.h"
#include "config/config_keys.h"
#include "config/toml_tree.h"

namespace signet::config {

// "500ms", "3s", "2m": a whole number and its unit.
std::optional<Milliseconds> parse_duration(std::string_view text);

// The shortest exact form.
std::string duration_text(Milliseconds span);

// Below 0x20, or DEL.
bool has_control_character(std::string_view text);

// "file:line:column: sentence"
ConfigError error_at(const std::string& file, Position at, std::string_view sentence);

class TableReader {
 public:
  // Fails for an unknown key or a value of another type. `name` is the table's in config_keys();
  // the tree and `file` must outlive the reader.
  static Result<TableReader, ConfigError> open(const TomlNode& table, std::string_view name,
                                               const std::string& file);

  // Null where the key is not there.
  const TomlNode* find(std::string_view key) const { return table_->find(key); }

  // Fails where the key is not there.
  Result<const TomlNode*, ConfigError> demand(std::string_view key) const;

  // `into` keeps its value where the key is not there; fails outside of the limits.
  Result<void, ConfigError> read_duration(std::string_view key, Milliseconds least,
                                          Milliseconds most, Milliseconds& into) const;
  Result<void, ConfigError> read_count(std::string_view key, unsigned least, unsigned most,
                                       unsigned& into) const;

  // An absolute path; empty where the key is not there.
  Result<std::string, ConfigError> path(std::string_view key) const;

  ConfigError error(const TomlNode& at, std::string_view sentence) const {
    return error_at(*file_, at.at, sentence);
  }

 private:
  TableReader(const TomlNode& table, std::string_view name, const std::string& file)
      : table_(&table), name_(name), file_(&file) {}

  Result<void, ConfigError> check_entry(const TomlEntry& entry) const;

  const TomlNode* table_;
  std::string_view name_;
  const std::string* file_;
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CONFIG_READER_H_
