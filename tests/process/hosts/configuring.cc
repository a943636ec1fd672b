// A host whose OpenSSL configuration works with the module while it is being read, as an engine or
// a provider does that is activated there. $OPENSSL_CONF must have "signet_probe = on" in its main
// section.
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "tests/process/hosts/host.h"
#include "tests/process/public_key.h"

namespace signet::tests {
namespace {

constexpr unsigned kLongestSeconds = 30;  // then it hangs, and SIGALRM ends it

int readings = 0;
bool signed_well = false;

bool sign_once() {
  Session session(module_for_good());
  if (session.try_login(pin_of_environment()) != CKR_OK) return false;
  const auto key = session.find_one({CKO_PRIVATE_KEY, "p256", {}});
  const PublicKey public_key(session.attribute(key, CKA_PUBLIC_KEY_INFO));
  const Bytes message = copy_of(view_of("in the middle of OpenSSL"));
  return public_key.verifies(message, session.sign(CKM_ECDSA_SHA256, key, message));
}

int work_while_configuring(CONF_IMODULE* /*module*/, const CONF* /*configuration*/) {
  ++readings;
  try {
    signed_well = sign_once();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return signed_well ? 1 : 0;
}

int run() {
  alarm(kLongestSeconds);
  CONF_module_add("signet_probe", &work_while_configuring, nullptr);
  // OpenSSL reads its configuration now.
  if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr) != 1) return 3;
  if (!signed_well) return 4;
  if (readings != 1) return 5;
  return sign_once() ? kOwnStatus : 6;
}

}  // namespace
}  // namespace signet::tests

int main() {
  return signet::tests::run();
}
