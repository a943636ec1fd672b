#include "config/suite_parse.h"

#include <fmt/format.h>

#include "config/suggest.h"
#include "crypto/suite_names.h"

namespace signet::config {

Result<std::string, ConfigError> read_suite(const TableReader& table) {
  const TomlNode* const suite = table.find("suite");
  if (suite == nullptr) return std::string();
  if (suite->text.starts_with('/')) return table.path("suite");
  if (is_one_of(suite->text, crypto::kShippedSuites)) return suite->text;
  return table.error(*suite, fmt::format("\"suite\" is \"{}\", but must be {}, or a file's "
                                         "absolute path{}",
                                         suite->text, one_of(crypto::kShippedSuites),
                                         suggestion(suite->text, crypto::kShippedSuites)));
}

}  // namespace signet::config
