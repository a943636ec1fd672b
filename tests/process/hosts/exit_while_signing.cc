// A host whose main thread exits while others sign and another waits for a slot event.
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/process/hosts/host.h"

namespace signet::tests {
namespace {

constexpr int kSigners = 4;

std::atomic<int> signatures = 0;

// Where OpenSSL has cleaned up at the exit of the process, what it does at the end of a thread uses
// locks that are gone, whoever has called it in the thread. So threads do not end here.
[[noreturn]] void stay() {
  for (;;) pause();
}

// For ever: the process ends around it.
void sign_on(const LoadedModule& module, CK_OBJECT_HANDLE key) {
  try {
    auto* const session = new Session(module);
    for (;;) {
      session->sign(CKM_ECDSA_SHA256, key, view_of("without end"));
      ++signatures;
    }
  } catch (const CryptokiError& error) {
    if (error.code() != CKR_CRYPTOKI_NOT_INITIALIZED) std::abort();
  }
  stay();
}

void wait_for_events(const LoadedModule& module) {
  CK_SLOT_ID slot = 0;
  module->C_WaitForSlotEvent(0, &slot, nullptr);
  stay();
}

int run() {
  const LoadedModule& module = module_for_good();
  static auto* const session = new Session(module);
  session->login(pin_of_environment());
  const auto key = session->find_one({CKO_PRIVATE_KEY, "p256", {}});
  for (int i = 0; i < kSigners; ++i) {
    std::thread([&module, key] { sign_on(module, key); }).detach();
  }
  std::thread([&module] { wait_for_events(module); }).detach();
  while (signatures < kSigners) std::this_thread::yield();
  std::exit(kOwnStatus);
}

}  // namespace
}  // namespace signet::tests

int main() {
  return signet::tests::run();
}
