// A failure of a command that has an exit status of its own; any other exception is status 1.
#ifndef SIGNET_SEAL_SERVER_ENROL_COMMAND_FAILURE_H_
#define SIGNET_SEAL_SERVER_ENROL_COMMAND_FAILURE_H_

#include <stdexcept>
#include <string>

namespace signet::sealserver {

class CommandFailure : public std::runtime_error {
 public:
  CommandFailure(int status, const std::string& sentence)
      : std::runtime_error(sentence), status_(status) {}

  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_ENROL_COMMAND_FAILURE_H_
