#include "signet-cli/seal/records.h"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <string_view>

#include "common/clock.h"
#include "common/json_text.h"
#include "common/private_file.h"
#include "common/utf8.h"
#include "crypto/openssl.h"
#include "signet-cli/seal/folders.h"
#include "signet-cli/state_folder.h"

namespace signet::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRecord = std::size_t{64} * 1024;  // bytes
constexpr const char* kSuffix = ".json";

fs::path whole_path(const std::string& file) {
  std::error_code unresolved;
  fs::path whole = fs::absolute(file, unresolved).lexically_normal();
  return unresolved ? fs::path(file) : whole;
}

std::optional<fs::path> record_of(const fs::path& file) {
  const auto folder = state_folder("degraded");
  if (!folder) return std::nullopt;
  return *folder / (to_hex(crypto::sha256(view_of(file.native()))).substr(0, 32) + kSuffix);
}

// JSON has no bytes that are not UTF-8; the name of a file may.
constexpr const char* kFile = "file";
constexpr const char* kFileBytes = "fileBytes";

std::optional<std::string> text_in(const fs::path& record, std::string_view name) {
  const auto content = read_plain_file(record, kLargestRecord);
  if (!content || !content.value()) return std::nullopt;
  boost::system::error_code broken;
  const auto parsed = boost::json::parse(text_of(content.value()->bytes), broken);
  const auto* const object = broken ? nullptr : parsed.if_object();
  const auto* const text = object == nullptr ? nullptr : object->if_contains(name);
  if (text == nullptr || !text->is_string()) return std::nullopt;
  return std::string(text->get_string());
}

std::optional<std::string> file_in(const fs::path& record) {
  const auto bytes = text_in(record, kFileBytes);
  if (!bytes) return text_in(record, kFile);
  const auto name = from_hex(*bytes);
  if (!name) return std::nullopt;
  return std::string(text_of(*name));
}

}  // namespace

bool remember_degraded(const std::string& file, const std::string& why) {
  const fs::path whole = whole_path(file);
  const auto record = record_of(whole);
  if (!record || !make_folder(record->parent_path())) return false;
  boost::json::object text{
      {kFile, whole.string()}, {"since", utc_text(std::chrono::system_clock::now())}, {"why", why}};
  if (!is_utf8(whole.native())) text[kFileBytes] = to_hex(view_of(whole.native()));
  return replace_private_file(*record, view_of(json_text(text)), Durability::durable).has_value();
}

void forget_degraded(const std::string& file) {
  const auto record = record_of(whole_path(file));
  std::error_code ignored;
  if (record) fs::remove(*record, ignored);
}

std::optional<std::string> why_degraded(const std::string& file) {
  const auto record = record_of(whole_path(file));
  return record ? text_in(*record, "why") : std::nullopt;
}

sealing::SealResult<std::vector<std::string>> degraded_files() {
  std::vector<std::string> files;
  const auto folder = state_folder("degraded");
  std::error_code error;
  if (!folder || !fs::exists(*folder, error)) return files;
  BOOST_OUTCOME_TRY(const auto entries, entries_of(*folder));
  for (const fs::path& entry : entries) {
    if (entry.extension() != kSuffix) continue;
    auto file = file_in(entry);
    if (!file) continue;
    std::error_code unknown;
    // Moved away: nobody knows where. Where the whole folder is missing, it may come back (a network drive).
    const bool gone = !fs::exists(*file, unknown) && !unknown &&
                      fs::exists(fs::path(*file).parent_path(), unknown);
    if (gone) {
      fs::remove(entry, unknown);
    } else {
      files.push_back(*std::move(file));
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace signet::cli
