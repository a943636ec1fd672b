#include "activation/client_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>

#include "common/json_text.h"
#include "common/printable.h"
#include "common/private_file.h"
#include "seal-client/installation_key.h"

namespace signet::activation {

namespace {

namespace fs = std::filesystem;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;

constexpr const char* kRecords = "imported.json";
constexpr const char* kExtension = ".activation";
constexpr std::size_t kMostRecords = std::size_t{1024} * 1024;  // bytes

TokenError cannot_write(const fs::path& file, std::string_view why) {
  return token_error(Reason::failed,
                     fmt::format("cannot write {}: {}", printable(file.string()), why));
}

boost::json::object record_json(const ImportRecord& record) {
  return {{"client", record.client},
          {"file", record.file},
          {"issued", record.issued},
          {"imported", record.imported}};
}

// Throws for a member that is missing or of another type.
ImportRecord record_in(const boost::json::value& json) {
  const auto text = [&](const char* name) { return std::string(json.at(name).as_string()); };
  return {text("client"), text("file"), text("issued"), text("imported")};
}

// A JSON string is one of TOML, too.
std::string account_text(const sealclient::Credentials& account) {
  std::string text = fmt::format("# Written by signet client import.\nuser = {}\n",
                                 json_text(boost::json::value(account.user)));
  for (const sealclient::ApplianceMember& member : account.members) {
    boost::json::array pins;
    for (const pinning::Pin& pin : member.pins.all()) pins.emplace_back(pin.text());
    text += fmt::format("\n[[member]]\nurl  = {}\npins = {}\n",
                        json_text(boost::json::value(member.url)), json_text(pins));
  }
  return text;
}

}  // namespace

TokenResult<ClientFolder> ClientFolder::open(const fs::path& folder) {
  Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock && errno == ENOENT) {
    return token_error(Reason::not_found,
                       fmt::format("there is no folder {}; signet client init makes it",
                                   printable(folder.string())));
  }
  if (!lock || flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    const bool busy = lock && errno == EWOULDBLOCK;
    return token_error(busy ? Reason::exists : Reason::failed,
                       fmt::format("cannot lock {}: {}", printable(folder.string()),
                                   busy ? "another process is at work there" : system_text(errno)));
  }
  if (const auto checked = check_folder(folder, Folder::own); !checked)
    return token_error(Reason::failed, fmt::format("{}: {}", printable(folder.string()),
                                                   checked.assume_error().sentence));
  return ClientFolder(folder, std::move(lock));
}

TokenResult<std::vector<ImportRecord>> ClientFolder::records() const {
  const fs::path file = folder_ / kRecords;
  const auto content = read_plain_file(file, kMostRecords);
  if (!content)
    return token_error(Reason::unreadable, fmt::format("{}: {}", printable(file.string()),
                                                       content.assume_error().sentence));
  std::vector<ImportRecord> records;
  if (!content.assume_value()) return records;
  try {
    const auto json = boost::json::parse(text_of(content.assume_value()->bytes));
    for (const auto& each : json.as_array()) records.push_back(record_in(each));
  } catch (const std::exception&) {
    return token_error(Reason::unreadable,
                       fmt::format("{} is not a list of imported files; without it an old file "
                                   "could not be told from a new one",
                                   printable(file.string())));
  }
  return records;
}

TokenResult<void> ClientFolder::keep(const ImportRecord& record) const {
  BOOST_OUTCOME_TRY(auto all, records());
  const auto same = std::ranges::find(all, record.file, &ImportRecord::file);
  if (same != all.end()) {
    *same = record;
  } else {
    all.push_back(record);
  }
  boost::json::array json;
  for (const ImportRecord& each : all) json.push_back(record_json(each));
  const fs::path file = folder_ / kRecords;
  const auto written =
      replace_private_file(file, view_of(json_text(json) + "\n"), Durability::durable, ".part");
  if (!written) return cannot_write(file, written.assume_error().sentence);
  return success();
}

TokenResult<void> ClientFolder::store(const std::string& name, ByteView content,
                                      const sealclient::Credentials& account) const {
  BOOST_OUTCOME_TRY(place(folder_ / (name + ".account"), view_of(account_text(account))));
  return place(file_of(name), content);
}

TokenResult<void> ClientFolder::place(const fs::path& file, ByteView content) const {
  const fs::path fresh = file.string() + ".new";
  const auto written = replace_private_file(fresh, content, Durability::whole, ".part");
  if (!written) return cannot_write(fresh, written.assume_error().sentence);
  struct stat key {};
  const bool placed = lstat((folder_ / sealclient::kInstallationKeyFile).c_str(), &key) != 0 ||
                      (chown(fresh.c_str(), static_cast<uid_t>(-1), key.st_gid) == 0 &&
                       chmod(fresh.c_str(), key.st_mode & 0640U) == 0);
  if (!placed || rename(fresh.c_str(), file.c_str()) != 0 || fsync(lock_.get()) != 0)
    return cannot_write(file, system_text(errno));
  return success();
}

bool is_client_name(const std::string& name) {
  constexpr std::size_t most = 64;
  return !name.empty() && name.size() <= most && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '.' || c == '_' || c == '-';
         });
}

std::vector<std::string> client_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == kExtension) names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace signet::activation
