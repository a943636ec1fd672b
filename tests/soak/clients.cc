#include "tests/soak/clients.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <utility>

#include "tests/support/files.h"

namespace signet::tests {
namespace {

constexpr int kKilled = 128 + SIGKILL;

}  // namespace

Clients::Clients(std::filesystem::path folder, Results& results)
    : folder_(std::move(folder)), results_(results) {
  // The resident size shall say what is in use: with its own rules glibc keeps, in each arena, as much as
  // the largest answer of a storm ever took.
  setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=2:glibc.malloc.mmap_threshold=131072", 1);
  for (const char* name : {kSteady, kCycling}) processes_[name] = start(name, name);
  brief_ = std::thread([this] { live_briefly(); });
}

Clients::~Clients() {
  if (brief_.joinable()) stop();
}

std::unique_ptr<Process> Clients::start(const std::string& kind, const std::string& name) {
  const auto records = folder_ / (name + ".records");
  const auto output = folder_ / (name + ".output");
  auto process = std::make_unique<Process>(
      std::vector<std::string>{SIGNET_TEST_SOAK_HOST, kind, name, records.string()}, output,
      output);
  results_.add_file(records);
  return process;
}

void Clients::check_end(const std::string& name, int status, int also_good) const {
  if (status == 0 || status == also_good) return;
  ADD_FAILURE() << name << " ended with " << status << ": "
                << read_file(folder_ / (name + ".output"));
}

void Clients::live_briefly() {
  for (int number = 0; !stopping_; ++number) {
    for (; resting_ && !stopping_; std::this_thread::sleep_for(Milliseconds(20)))
      brief_rests_ = true;
    brief_rests_ = false;
    const auto name = fmt::format("brief{}", number);
    check_end(name, start("brief", name)->wait(), kKilled);
  }
}

void Clients::signal_all(int signal) const {
  for (const auto& [name, process] : processes_) kill(process->id(), signal);
}

bool Clients::rest(Milliseconds patience) {
  const int steady = results_.rests_of(kSteady);
  const int cycling = results_.rests_of(kCycling);
  resting_ = true;
  signal_all(SIGUSR1);
  return comes_true(patience, [&] {
    results_.read_on();
    return brief_rests_ && results_.rests_of(kSteady) > steady &&
           results_.rests_of(kCycling) > cycling;
  });
}

void Clients::go_on() {
  signal_all(SIGUSR2);
  resting_ = false;
}

void Clients::stop() {
  stopping_ = true;
  brief_.join();
  for (const auto& [name, process] : processes_) {
    process->end(SIGTERM);
    check_end(name, process->wait(), 0);
  }
}

}  // namespace signet::tests
