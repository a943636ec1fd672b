#include "tests/process/figures.h"

#include <malloc.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace signet::tests {
namespace {

std::size_t entries_of(const char* folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(sizeof "VmRSS:"));
  }
  throw std::runtime_error("/proc/self/status has no VmRSS");
}

}  // namespace

Figures current_figures() {
  // One descriptor is that of the folder being read.
  return {entries_of("/proc/self/task"), entries_of("/proc/self/fd") - 1, resident_kib(),
          mallinfo2().uordblks};
}

}  // namespace signet::tests
