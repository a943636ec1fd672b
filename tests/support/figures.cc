#include "tests/support/figures.h"

#include <fmt/format.h>
#include <malloc.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace signet::tests {
namespace {

std::size_t entries_of(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

std::size_t resident_kib(const std::string& process) {
  std::ifstream status(process + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(sizeof "VmRSS:"));
  }
  throw std::runtime_error(process + "/status has no VmRSS");
}

Figures figures_in(const std::string& process) {
  return {entries_of(process + "/task"), entries_of(process + "/fd"), resident_kib(process), 0};
}

}  // namespace

Figures current_figures() {
  Figures figures = figures_in("/proc/self");
  --figures.descriptors;  // that of the folder being read
  figures.heap_bytes = mallinfo2().uordblks;
  return figures;
}

Figures figures_of(pid_t process) {
  return figures_in(fmt::format("/proc/{}", process));
}

}  // namespace signet::tests
