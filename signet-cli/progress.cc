#include "signet-cli/progress.h"

#include <chrono>

namespace signet::cli {
namespace {

constexpr std::chrono::seconds kInterval{2};

}  // namespace

Progress::Progress(std::ostream& out, const std::string& what) : out_(out) {
  out_ << what << '\n' << std::flush;
  thread_ = std::thread([this] { run(); });
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Progress::run() {
  std::unique_lock lock(mutex_);
  for (auto spent = kInterval; !wake_.wait_for(lock, kInterval, [this] { return done_; });
       spent += kInterval)
    out_ << "still at work after " << spent.count() << " s\n" << std::flush;
}

}  // namespace signet::cli
