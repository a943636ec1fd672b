#include "tests/secrets/host_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>

#include "tests/support/module.h"

namespace signet::tests {

HostProcess::HostProcess(const std::filesystem::path& errors) {
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  if (pipe2(to.data(), O_CLOEXEC) != 0 || pipe2(from.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot make pipes");
  }
  to_ = Descriptor(to[1]);
  from_ = Descriptor(from[0]);
  const Descriptor its_input(to[0]);
  const Descriptor its_output(from[1]);
  const std::string module = module_file();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(its_input.get(), STDIN_FILENO);
  dup2(its_output.get(), STDOUT_FILENO);
  const int log = open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log >= 0) dup2(log, STDERR_FILENO);
  execl(SIGNET_TEST_SECRETS_HOST, SIGNET_TEST_SECRETS_HOST, module.c_str(), nullptr);
  _exit(127);
}

HostProcess::~HostProcess() {
  to_.close();  // the end of its input ends it
  for (int i = 0; i < 500; ++i) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) return;
    usleep(10'000);
  }
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

CK_RV HostProcess::tell(char letter, unsigned char slot, std::string_view one,
                        std::string_view two) {
  std::string command = {letter, static_cast<char>(slot), static_cast<char>(one.size())};
  command += one;
  command += static_cast<char>(two.size());
  command += two;
  std::uint64_t rv = 0;
  if (write(to_.get(), command.data(), command.size()) != static_cast<ssize_t>(command.size()) ||
      read(from_.get(), &rv, sizeof rv) != sizeof rv) {
    throw std::runtime_error("the host is gone");
  }
  return rv;
}

}  // namespace signet::tests
