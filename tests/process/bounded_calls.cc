#include "tests/process/bounded_calls.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "tests/support/files.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

constexpr auto kMostBeyond = 1s;
constexpr std::size_t kMostGrowth = std::size_t{128} * 1024;  // KiB

// Of this process, in KiB.
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
  }
  throw std::runtime_error("no VmHWM");
}

std::size_t forget_peak() {
  std::ofstream("/proc/self/clear_refs") << 5;
  return peak_memory();
}

}  // namespace

BoundedCalls::BoundedCalls(std::chrono::milliseconds limit)
    : limit_(limit), before_(forget_peak()) {}

BoundedCalls::~BoundedCalls() {
  EXPECT_LE(peak_memory() - before_, kMostGrowth) << "KiB";
}

CK_RV BoundedCalls::run(const std::string& name, const std::function<CK_RV()>& call) const {
  const auto began = std::chrono::steady_clock::now();
  const CK_RV answer = call();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  std::cout << fmt::format("{}: {:#x}, {} ms, {} MiB\n", name, answer, took.count(),
                           (peak_memory() - before_) / 1024);
  EXPECT_LE(took, limit_ + kMostBeyond) << name;
  return answer;
}

void configure(const std::filesystem::path& folder, const BoundedToken& token,
               const Member& member) {
  write_file(
      folder / "client.toml",
      fmt::format("cache_dir = \"{0}/cache\"\n[log]\nlevel = \"info\"\nto = \"{0}/log\"\n"
                  "[[token]]\nlabel = \"seal\"\nuser = \"seal\"\ndialect = \"{1}\"\n{2}"
                  "[token.limits]\ncall = \"{3}ms\"\nrefresh = \"1s\"\n{4}",
                  folder.string(), token.dialect, token.tables, token.call.count(), token.limits) +
          members_text({member}));
  use_config(folder / "client.toml");
}

bool is_clean_log(const std::filesystem::path& log) {
  return std::ranges::none_of(read_file(log),
                              [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; });
}

}  // namespace signet::tests
