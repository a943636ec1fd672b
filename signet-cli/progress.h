// A sign of life on the error stream while a token works.
#ifndef SIGNET_SIGNET_CLI_PROGRESS_H_
#define SIGNET_SIGNET_CLI_PROGRESS_H_

#include <ostream>
#include <string>
#include <thread>

#include "common/mutex.h"

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
  Mutex mutex_;
  Condition wake_;
  bool done_ SIGNET_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PROGRESS_H_
