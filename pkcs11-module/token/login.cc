#include "pkcs11-module/token/login.h"

#include <utility>

namespace signet::token {

namespace {

CK_FLAGS flags_after(transport::Failure failure) {
  switch (failure) {
    case transport::Failure::wrong_password:
      return CKF_USER_PIN_COUNT_LOW;
    case transport::Failure::account_locked:
    case transport::Failure::account_disabled:
      return CKF_USER_PIN_LOCKED;
    case transport::Failure::password_expired:
      return CKF_USER_PIN_TO_BE_CHANGED;
    default:
      return 0;
  }
}

}  // namespace

LoginPtr LoginState::get() const {
  const MutexLock lock(mutex_);
  return login_;
}

CkResult<LoginPtr> LoginState::user() const {
  LoginPtr login = get();
  if (!login || login->role != Role::user) {
    return ck_error(CKR_USER_NOT_LOGGED_IN, "log in to the token first");
  }
  return login;
}

Role LoginState::role() const {
  const LoginPtr login = get();
  return login ? login->role : Role::nobody;
}

CkResult<void> LoginState::check_nobody(Role role) const {
  const Role present = this->role();
  if (present == Role::nobody) return success();
  if (present == role) return ck_error(CKR_USER_ALREADY_LOGGED_IN, "already logged in");
  return ck_error(CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "another user is logged in: log out first");
}

CkResult<void> LoginState::begin(Login login) {
  const MutexLock lock(mutex_);
  if (login_) return ck_error(CKR_USER_ALREADY_LOGGED_IN, "already logged in");
  login_ = std::make_shared<const Login>(std::move(login));
  pin_flags_ = 0;
  return success();
}

CkResult<void> LoginState::end() {
  const MutexLock lock(mutex_);
  if (!login_) return ck_error(CKR_USER_NOT_LOGGED_IN, "nobody is logged in");
  login_.reset();
  return success();
}

void LoginState::forget() {
  const MutexLock lock(mutex_);
  login_.reset();
}

void LoginState::forget_if(const LoginPtr& refused) {
  const MutexLock lock(mutex_);
  if (login_ == refused) login_.reset();
}

void LoginState::renew_password(const LoginPtr& whose, const Secret& password) {
  const MutexLock lock(mutex_);
  pin_flags_ = 0;
  if (!login_ || login_ != whose) return;
  Login renewed = *login_;
  renewed.credential.password = password;
  login_ = std::make_shared<const Login>(std::move(renewed));
}

CK_FLAGS LoginState::pin_flags() const {
  const MutexLock lock(mutex_);
  return pin_flags_;
}

void LoginState::note_failure(transport::Failure failure) {
  const MutexLock lock(mutex_);
  pin_flags_ |= flags_after(failure);
}

bool LoginState::is_refused(const Secret& password) const {
  const MutexLock lock(mutex_);
  return refused_password_ && *refused_password_ == password;
}

void LoginState::note_refused(const Secret& password) {
  const MutexLock lock(mutex_);
  refused_password_ = password;
}

}  // namespace signet::token
