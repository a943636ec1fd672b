// For tests: files that must not be read whole, or waited for.
#ifndef SIGNET_COMMON_TESTING_UNREADABLE_FILES_H_
#define SIGNET_COMMON_TESTING_UNREADABLE_FILES_H_

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "common/testing/scratch_folder.h"

namespace signet {

// In the folder: a FIFO without a writer, a folder, a link to a device without an end, a file of 1 GiB (sparse).
inline std::vector<std::filesystem::path> make_unreadable_files(const ScratchFolder& folder) {
  const std::vector<std::filesystem::path> made = {folder.path("fifo"), folder.path("folder"),
                                                   folder.path("device"), folder.path("large")};
  if (::mkfifo(made[0].c_str(), 0600) != 0)
    throw std::system_error(errno, std::generic_category(), "mkfifo");
  std::filesystem::create_directory(made[1]);
  std::filesystem::create_symlink("/dev/zero", made[2]);
  std::ofstream(made[3]).close();
  std::filesystem::resize_file(made[3], std::uintmax_t{1} << 30U);
  return made;
}

}  // namespace signet

#endif  // SIGNET_COMMON_TESTING_UNREADABLE_FILES_H_
