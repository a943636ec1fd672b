// What a process has at the moment: threads, descriptors, memory.
#ifndef SIGNET_TESTS_SUPPORT_FIGURES_H_
#define SIGNET_TESTS_SUPPORT_FIGURES_H_

#include <sys/types.h>

#include <cstddef>

namespace signet::tests {

struct Figures {
  std::size_t threads = 0;
  std::size_t descriptors = 0;
  std::size_t resident_kib = 0;  // VmRSS
  std::size_t heap_bytes =
      0;  // allocated and not freed, as mallinfo2 counts; 0: of another process
};

// Of this process.
Figures current_figures();

// Of another process of the same user; throws std::runtime_error (std::filesystem's too) where it has
// ended.
Figures figures_of(pid_t process);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_FIGURES_H_
