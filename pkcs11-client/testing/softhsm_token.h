// For tests of this component and those above it: an empty SoftHSM token "seal" in a folder of its own. The other ways
// to call a module in tests are pkcs11-module/edge/testing (ours, without a file) and tests/support/module.h (any, from
// its file, call by call).
#ifndef SIGNET_PKCS11_CLIENT_TESTING_SOFTHSM_TOKEN_H_
#define SIGNET_PKCS11_CLIENT_TESTING_SOFTHSM_TOKEN_H_

#include <memory>

#include "common/testing/scratch_folder.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

class SoftHsmToken {
 public:
  SoftHsmToken();

  TokenSession& operator*() const { return *session_; }
  TokenSession* operator->() const { return session_.get(); }

  // Logged in again, as another run of a program sees it.
  void reopen();
  void close() { session_.reset(); }

  const std::shared_ptr<Module>& module() const { return module_; }

 private:
  ScratchFolder folder_;
  std::shared_ptr<Module> module_;
  std::unique_ptr<TokenSession> session_;
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_TESTING_SOFTHSM_TOKEN_H_
