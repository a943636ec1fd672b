// A host that calls the module while it exits: from an atexit handler and a static destructor that
// run before OpenSSL has cleaned up, and from ones that run after it. A line tells each answer.
#include <cstdio>
#include <memory>

#include "tests/process/hosts/host.h"

namespace signet::tests {
namespace {

const LoadedModule* module = nullptr;
CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;

void tell(const char* when, const char* call, CK_RV answer) {
  std::printf("%s %s %#lx\n", when, call, answer);
  static_cast<void>(std::fflush(stdout));
}

CK_RV sign() {
  CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
  const CK_RV begun = (*module)->C_SignInit(session, &mechanism, key);
  if (begun != CKR_OK) return begun;
  CK_BYTE data[] = {1, 2, 3};
  CK_BYTE signature[64];
  CK_ULONG size = sizeof signature;
  return (*module)->C_Sign(session, data, sizeof data, signature, &size);
}

void sign_in_early_handler() {
  tell("early-handler", "C_Sign", sign());
}

void close_in_late_handler() {
  tell("late-handler", "C_Sign", sign());
  tell("late-handler", "C_CloseAllSessions", (*module)->C_CloseAllSessions(0));
  tell("late-handler", "C_Finalize", (*module)->C_Finalize(nullptr));
}

struct EarlyDestructor {
  ~EarlyDestructor() { tell("early-destructor", "C_Sign", sign()); }
};

struct LateDestructor {
  ~LateDestructor() {
    tell("late-destructor", "C_CloseAllSessions", (*module)->C_CloseAllSessions(0));
    tell("late-destructor", "C_Finalize", (*module)->C_Finalize(nullptr));
    tell("late-destructor", "C_Initialize", module->initialize());
  }
};

// Constructed before main, so destroyed after every handler that main registers.
const LateDestructor late;

int run() {
  // Before the module, and with it OpenSSL, has registered anything: it runs after them.
  if (std::atexit(close_in_late_handler) != 0) return 2;
  module = &module_for_good();
  static auto* const own = new Session(*module);
  own->login(pin_of_environment());
  session = own->handle();
  key = own->find_one({CKO_PRIVATE_KEY, "p256", {}});
  tell("main", "C_Sign", sign());
  if (std::atexit(sign_in_early_handler) != 0) return 2;
  static const EarlyDestructor early;
  return kOwnStatus;
}

}  // namespace
}  // namespace signet::tests

int main() {
  return signet::tests::run();
}
