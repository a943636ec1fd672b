// For tests: how many descriptors this process has open.
#ifndef SIGNET_COMMON_TESTING_OPEN_DESCRIPTORS_H_
#define SIGNET_COMMON_TESTING_OPEN_DESCRIPTORS_H_

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace signet {

inline std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

}  // namespace signet

#endif  // SIGNET_COMMON_TESTING_OPEN_DESCRIPTORS_H_
