// The host program (host.cc), driven through its standard streams.
#ifndef SIGNET_TESTS_SECRETS_HOST_PROCESS_H_
#define SIGNET_TESTS_SECRETS_HOST_PROCESS_H_

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "common/descriptor.h"
#include "cryptoki/cryptoki.h"

namespace signet::tests {

class HostProcess {
 public:
  // With SIGNET_CONFIG of this process; what it writes to its error stream goes to the file.
  explicit HostProcess(const std::filesystem::path& errors);
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;
  ~HostProcess();  // ends it

  // Throws where it is gone.
  CK_RV tell(char letter, unsigned char slot = 0, std::string_view one = {},
             std::string_view two = {});

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  Descriptor to_;
  Descriptor from_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SECRETS_HOST_PROCESS_H_
