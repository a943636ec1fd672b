// Which descriptors a spawned program does not get.
#ifndef SIGNET_CONFIG_CLOSE_FROM_H_
#define SIGNET_CONFIG_CLOSE_FROM_H_

#include <fcntl.h>
#include <spawn.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace signet::config {

// Closes every descriptor from `first` on in the program. False where that cannot be asked for.
#if SIGNET_HAVE_SPAWN_CLOSEFROM
inline bool close_from(posix_spawn_file_actions_t& actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(&actions, first) == 0;
}
#else
// For C libraries without that (musl). Those that are open now; one that another thread of the host opens from here until
// the spawn, and leaves open for programs, is not closed.
inline bool close_from(posix_spawn_file_actions_t& actions, int first) {
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
       at.increment(error)) {
    const int descriptor = std::stoi(at->path().filename().string());
    const int flags = fcntl(descriptor, F_GETFD);
    if (descriptor < first || flags < 0 || (flags & FD_CLOEXEC) != 0) continue;
    if (posix_spawn_file_actions_addclose(&actions, descriptor) != 0) return false;
  }
  return !error;
}
#endif

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CLOSE_FROM_H_
