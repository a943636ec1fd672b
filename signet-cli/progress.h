// A sign of life on the error stream while a token works.
#ifndef SIGNET_SIGNET_CLI_PROGRESS_H_
#define SIGNET_SIGNET_CLI_PROGRESS_H_

#include <condition_variable>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

namespace signet::cli {

// Says `what` at once, and every few seconds how long it has taken, until it goes.
class Progress {
 public:
  Progress(std::ostream& out, const std::string& what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

 private:
  void run();

  std::ostream& out_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PROGRESS_H_
