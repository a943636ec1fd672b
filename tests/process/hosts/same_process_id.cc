// A host whose process id is the same in its children, as the first process of a pid namespace has it that makes another
// namespace and forks. A child begins again all the same; ends with kOwnStatus where both did right.
#include <sys/wait.h>
#include <unistd.h>

#include "tests/process/hosts/host.h"

// In the place of the system's, for the module too.
extern "C" __attribute__((visibility("default"))) pid_t getpid() noexcept {
  return 1;
}

namespace signet::tests {
namespace {

constexpr int kServedBeforeInitialize = 10;
constexpr int kChildFailed = 11;

void sign(Session& session) {
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "p256", {}}), view_of("text"));
}

int begin_again(const LoadedModule& module) {
  CK_INFO info{};
  if (module->C_GetInfo(&info) != CKR_CRYPTOKI_NOT_INITIALIZED) return kServedBeforeInitialize;
  expect_ok(module.initialize(), "C_Initialize");
  Session session(module);
  session.login(pin_of_environment());
  sign(session);
  return 0;
}

int run() {
  const LoadedModule& module = module_for_good();
  Session session(module);
  session.login(pin_of_environment());
  sign(session);
  const pid_t child = fork();
  if (child == 0) _exit(begin_again(module));
  int status = -1;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return kChildFailed;
  if (WEXITSTATUS(status) != 0) return WEXITSTATUS(status);
  sign(session);
  return kOwnStatus;
}

}  // namespace
}  // namespace signet::tests

int main() {
  return signet::tests::run();
}
