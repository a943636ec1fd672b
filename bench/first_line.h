// How the benchmarks read a PIN.
#ifndef SIGNET_BENCH_FIRST_LINE_H_
#define SIGNET_BENCH_FIRST_LINE_H_

#include <fstream>
#include <stdexcept>
#include <string>

namespace signet::bench {

// Throws std::runtime_error where the file has none.
inline std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw std::runtime_error("cannot read " + file);
  return line;
}

}  // namespace signet::bench

#endif  // SIGNET_BENCH_FIRST_LINE_H_
