#include "signet-cli/preserve/files.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "common/utf8.h"

namespace signet::cli {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& file) {
  return file.filename().string().starts_with('.');
}

VerifyResult<void> add_folder(const fs::path& folder, std::map<std::string, NamedFile>& files) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (is_hidden(at->path())) {
      at.disable_recursion_pending();
      continue;
    }
    if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
    const std::string path = at->path().string();
    files.try_emplace(path, NamedFile{path, true});
  }
  if (error)
    return VerifyRefusal{exit_failed,
                         fmt::format("cannot read \"{}\": {}", folder.string(), error.message())};
  return success();
}

}  // namespace

std::string registered_path(const std::string& name) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(fs::absolute(name, error), error);
  return error ? name : whole.string();
}

VerifyResult<void> check_name(const std::string& path) {
  if (is_utf8(path)) return success();
  return VerifyRefusal{exit_failed, fmt::format("the name \"{}\" is not UTF-8: rename it", path)};
}

VerifyResult<std::vector<NamedFile>> files_named(const std::vector<std::string>& names) {
  std::map<std::string, NamedFile> files;
  for (const std::string& name : names) {
    std::error_code error;
    const std::string path = registered_path(name);
    if (fs::is_directory(path, error)) {
      BOOST_OUTCOME_TRY(add_folder(path, files));
    } else {
      files.insert_or_assign(path, NamedFile{path, false});
    }
  }
  std::vector<NamedFile> found;
  for (auto& [path, file] : files) {
    BOOST_OUTCOME_TRY(check_name(path));
    found.push_back(std::move(file));
  }
  return found;
}

}  // namespace signet::cli
