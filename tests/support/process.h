// Other processes: programs that a test starts and ends by their process id, and forks of the test
// itself.
#ifndef SIGNET_TESTS_SUPPORT_PROCESS_H_
#define SIGNET_TESTS_SUPPORT_PROCESS_H_

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace signet::tests {

// A running program; ended with SIGKILL by the destructor where it still runs.
class Process {
 public:
  // The output streams are appended to the two files, which may be one. The program gets SIGKILL
  // when the calling thread ends, so start it from a thread that outlives it.
  Process(const std::vector<std::string>& command, const std::filesystem::path& output,
          const std::filesystem::path& errors);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  bool running();

  // -1 once it is known to have ended.
  pid_t id() const { return pid_; }

  // Sends the signal and waits for the end. Does nothing where it has ended already.
  void end(int signal);

  // Waits for the end; the exit status, or 128 and the signal's number.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = -1;  // meaningful once pid_ is -1
};

// Runs a program to its end and gives its standard output; throws std::runtime_error, with its
// error output, where it fails.
std::string output_of(const std::vector<std::string>& command);

// Runs `body` in a fork of this process and says whether it came to its end without an exception
// and without a failed expectation. Call it only while the module is not loaded here and no other
// thread runs.
bool in_other_process(const std::function<void()>& body);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_PROCESS_H_
