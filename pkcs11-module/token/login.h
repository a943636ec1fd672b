// Who is logged in to a token. PKCS#11 gives the login to the token, not to a session (3.0, 5.6.8).
#ifndef SIGNET_PKCS11_MODULE_TOKEN_LOGIN_H_
#define SIGNET_PKCS11_MODULE_TOKEN_LOGIN_H_

#include <memory>
#include <optional>

#include "common/mutex.h"
#include "common/secret.h"
#include "crypto/ck_result.h"
#include "cryptoki/cryptoki.h"
#include "dsa-transport/appliance.h"

namespace signet::token {

enum class Role { nobody, user, security_officer };

// A login as one call uses it from its beginning to its end; the password is wiped with the last call that does.
struct Login {
  Role role = Role::user;
  transport::Credential credential;
};
using LoginPtr = std::shared_ptr<const Login>;

// Thread-safe; its lock is held for moments and with no other.
class LoginState {
 public:
  LoginPtr get() const;             // nullptr: nobody
  CkResult<LoginPtr> user() const;  // CKR_USER_NOT_LOGGED_IN
  Role role() const;

  // CKR_USER_ALREADY_LOGGED_IN, CKR_USER_ANOTHER_ALREADY_LOGGED_IN; `role`: who wants to log in.
  CkResult<void> check_nobody(Role role) const;

  CkResult<void> begin(Login login);  // CKR_USER_ALREADY_LOGGED_IN: another thread was faster
  CkResult<void> end();               // CKR_USER_NOT_LOGGED_IN
  void forget();
  void forget_if(const LoginPtr& refused);  // not a later login

  // After the password of `whose` was changed; nullptr: nobody was logged in.
  void renew_password(const LoginPtr& whose, const Secret& password);

  // CKF_USER_PIN_LOCKED and the like, as the latest refusals tell.
  CK_FLAGS pin_flags() const;
  void note_failure(transport::Failure failure);

  // The configured source's password that the appliance refused: it is not tried again, so that it does not lock
  // the account.
  bool is_refused(const Secret& password) const;
  void note_refused(const Secret& password);

 private:
  mutable Mutex mutex_;
  LoginPtr login_ SIGNET_GUARDED_BY(mutex_);
  std::optional<Secret> refused_password_ SIGNET_GUARDED_BY(mutex_);
  CK_FLAGS pin_flags_ SIGNET_GUARDED_BY(mutex_) = 0;
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_LOGIN_H_
