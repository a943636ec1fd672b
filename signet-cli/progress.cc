#include "signet-cli/progress.h"

#include <chrono>

#include "common/printable.h"

namespace signet::cli {
namespace {

constexpr std::chrono::seconds kInterval{2};

}  // namespace

Progress::Progress(std::ostream& out, const std::string& what) : out_(out) {
  out_ << printable(what) << '\n' << std::flush;
  thread_ = std::thread([this] { run(); });
}

Progress::~Progress() {
  {
    const MutexLock lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Progress::run() {
  const auto begin = std::chrono::steady_clock::now();
  const MutexLock lock(mutex_);
  for (auto spent = kInterval; !done_;) {
    if (wake_.wait_until(mutex_, begin + spent)) continue;
    out_ << "still running after " << spent.count() << " s\n" << std::flush;
    spent += kInterval;
  }
}

}  // namespace signet::cli
