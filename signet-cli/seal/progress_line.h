// One line at the terminal that says how far a batch is: documents, rate, time left. Nothing where standard error is no
// terminal.
#ifndef SIGNET_SIGNET_CLI_SEAL_PROGRESS_LINE_H_
#define SIGNET_SIGNET_CLI_SEAL_PROGRESS_LINE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "common/mutex.h"

namespace signet::cli {

// "12 of 40 documents, 3.1 a second, 9 s left"; of one document alone its megabytes. `all` 0: nobody knows how many.
std::string progress_text(std::size_t done, std::size_t all, std::uint64_t bytes,
                          std::chrono::milliseconds spent);

class ProgressLine {
 public:
  explicit ProgressLine(std::size_t all);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void done() { ++done_; }
  void read(std::uint64_t bytes) { bytes_ += bytes; }

  // The line is away from now on, until show(): other lines may be printed.
  void hide();
  void show();

 private:
  void run();
  void draw(const std::string& line) SIGNET_REQUIRES(mutex_);

  const std::size_t all_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<std::size_t> done_{0};
  std::atomic<std::uint64_t> bytes_{0};
  Mutex mutex_;
  Condition wake_;
  bool hidden_ SIGNET_GUARDED_BY(mutex_) = false;
  bool drawn_ SIGNET_GUARDED_BY(mutex_) = false;
  bool over_ SIGNET_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // not joinable: no terminal
};

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_PROGRESS_LINE_H_
