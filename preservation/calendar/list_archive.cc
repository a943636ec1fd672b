#include "preservation/calendar/list_archive.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "common/bounded_file.h"
#include "common/private_file.h"
#include "crypto/openssl.h"

namespace signet::preservation {

namespace {

namespace fs = std::filesystem;
using ListState = validation::TrustedLists::ListState;

constexpr std::size_t kLargestList = std::size_t{64} * 1024 * 1024;  // bytes

Result<void, FileError> keep(const fs::path& file, ByteView content) {
  std::error_code unknown;
  if (fs::exists(file, unknown)) return success();
  return replace_private_file(file, content, Durability::durable);
}

Result<void, FileError> keep(const fs::path& folder, const ListState& list,
                             const fs::path& archive) {
  const fs::path copy = archive / (list.digest + ".xml");
  std::error_code unknown;
  if (fs::exists(copy, unknown)) return success();
  const fs::path file = folder / fs::path(list.file).filename();
  BOOST_OUTCOME_TRY(const auto content, read_file(file, kLargestList));
  if (to_hex(crypto::sha256(content)) != list.digest)
    return file_refused(file, "it changed while it was used: try again");
  return keep(copy, content);
}

}  // namespace

fs::path list_archive_of(const fs::path& register_file) {
  fs::path archive = register_file;
  archive += ".lists";
  return archive;
}

Result<std::string, FileError> keep_lists(const fs::path& folder,
                                          const validation::TrustedLists& lists,
                                          const fs::path& archive) {
  if (!make_folder(archive)) return file_refused_by_system(archive, errno);
  std::vector<std::string> lines;
  for (const ListState& list : lists.lists()) {
    if (!list.conclusion.passed()) continue;
    BOOST_OUTCOME_TRY(keep(folder, list, archive));
    lines.push_back(list.digest + "  " + list.digest + ".xml\n");
  }
  std::ranges::sort(lines);
  std::string manifest;
  for (const std::string& line : lines) manifest += line;
  const std::string name = to_hex(crypto::sha256(view_of(manifest)));
  BOOST_OUTCOME_TRY(keep(archive / (name + ".sha256"), view_of(manifest)));
  return name;
}

}  // namespace signet::preservation
