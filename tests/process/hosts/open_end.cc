// A host that exits in the middle of everything: sessions, a login, a search and a signature are
// open, and it never finalises.
#include "tests/process/hosts/host.h"

namespace signet::tests {
namespace {

int run() {
  const LoadedModule& module = module_for_good();
  static auto* const session = new Session(module);
  session->login(pin_of_environment());
  const auto key = session->find_one({CKO_PRIVATE_KEY, "p256", {}});
  session->sign(CKM_ECDSA_SHA256, key, view_of("complete"));
  CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
  expect_ok(module->C_SignInit(session->handle(), &mechanism, key), "C_SignInit");
  CK_BYTE part[] = {1, 2, 3};
  expect_ok(module->C_SignUpdate(session->handle(), part, sizeof part), "C_SignUpdate");
  expect_ok(module->C_FindObjectsInit(session->handle(), nullptr, 0), "C_FindObjectsInit");
  return kOwnStatus;
}

}  // namespace
}  // namespace signet::tests

int main() {
  return signet::tests::run();
}
