// How long the name of a file may be.
#ifndef SIGNET_COMMON_LONGEST_NAME_H_
#define SIGNET_COMMON_LONGEST_NAME_H_

#include <unistd.h>

#include <climits>
#include <cstddef>
#include <filesystem>

namespace signet {

// In bytes, in that folder: file systems differ. An empty path is the working folder.
inline std::size_t longest_name(const std::filesystem::path& folder) {
  const long most = ::pathconf(folder.empty() ? "." : folder.c_str(), _PC_NAME_MAX);
  return most > 0 ? static_cast<std::size_t>(most) : std::size_t{NAME_MAX};
}

}  // namespace signet

#endif  // SIGNET_COMMON_LONGEST_NAME_H_
