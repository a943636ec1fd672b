// Work in a fork of this process, with bounds: what becomes of it is seen whatever happens in it.
#ifndef SIGNET_TESTS_PDF_MUTATE_CHILD_H_
#define SIGNET_TESTS_PDF_MUTATE_CHILD_H_

#include <cstdint>
#include <functional>
#include <string>

namespace signet::tests {

struct Bounds {
  unsigned seconds = 5;  // of the processor's time, and ten times as much in all; then it is killed
  std::uint64_t address_space = 1024ULL << 20U;  // bytes, beyond what this process has
};

struct Outcome {
  int status = 0;    // of exit(), meaningful where signal is 0
  int signal = 0;    // that ended it
  std::string said;  // what `work` returned
  double seconds = 0;
  double processor = 0;    // seconds of its time
  std::uint64_t peak = 0;  // of resident memory, bytes; what this process has included
};

// Of `work`: the exit status, and in `said` up to 60 KiB of text. An exception ends it with status 99. Its standard output and
// error are thrown away. Only one thread runs here.
Outcome in_child(const Bounds& bounds, const std::function<int(std::string& said)>& work);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PDF_MUTATE_CHILD_H_
