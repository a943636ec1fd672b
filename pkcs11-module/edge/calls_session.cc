// Sessions and logins (PKCS#11 3.0, 5.6; C_InitPIN and C_SetPIN of 5.5).

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/pending.h"

namespace signet::edge {

namespace {

CkResult<void> require_read_write(const token::Session& session) {
  if (session.read_write()) return success();
  return ck_error(CKR_SESSION_READ_ONLY, "open the session with CKF_RW_SESSION");
}

CkResult<Secret> new_pin_of(const CK_UTF8CHAR* pin, CK_ULONG length) {
  BOOST_OUTCOME_TRY(required(pin, "the new PIN"));
  BOOST_OUTCOME_TRY(const auto bytes, input(pin, length, "the new PIN"));
  if (bytes.empty() || bytes.size() > 255)
    return ck_error(CKR_PIN_LEN_RANGE, "a PIN has 1 to 255 bytes");
  return Secret(bytes);
}

CkResult<std::optional<Secret>> pin_of(const CK_UTF8CHAR* pin, CK_ULONG length) {
  if (pin == nullptr && length != 0)
    return ck_error(CKR_ARGUMENTS_BAD, "the PIN is NULL but has a length");
  if (pin == nullptr) return std::optional<Secret>();
  BOOST_OUTCOME_TRY(const auto bytes, input(pin, length, "the PIN"));
  if (bytes.size() > 255) return ck_error(CKR_PIN_INCORRECT, "the PIN is longer than 255 bytes");
  return std::optional<Secret>(Secret(bytes));
}

}  // namespace

CkResult<void> Calls::OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR /*application*/,
                                  CK_NOTIFY /*notify*/, CK_SESSION_HANDLE_PTR session_out) {
  BOOST_OUTCOME_TRY(required(session_out, "phSession"));
  BOOST_OUTCOME_TRY(library_.token(slot));
  if ((flags & CKF_SERIAL_SESSION) == 0) {
    return ck_error(CKR_SESSION_PARALLEL_NOT_SUPPORTED, "set CKF_SERIAL_SESSION");
  }
  BOOST_OUTCOME_TRY(*session_out, library_.open_session(slot, flags));
  return success();
}

CkResult<void> Calls::CloseSession(CK_SESSION_HANDLE session) {
  return library_.close_session(session);
}

CkResult<void> Calls::CloseAllSessions(CK_SLOT_ID slot) {
  return library_.close_all_sessions(slot);
}

CkResult<void> Calls::GetSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO_PTR info) {
  BOOST_OUTCOME_TRY(required(info, "pInfo"));
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  *info = {};
  info->slotID = found->slot();
  info->state = found->state();
  info->flags = CKF_SERIAL_SESSION;
  if (found->read_write()) info->flags |= CKF_RW_SESSION;
  if (found->asynchronous()) info->flags |= CKF_ASYNC_SESSION;
  return success();
}

CkResult<void> Calls::Login(CK_SESSION_HANDLE session, CK_USER_TYPE user_type, CK_UTF8CHAR_PTR pin,
                            CK_ULONG pin_len) {
  return login_as(session, user_type, {}, pin, pin_len, Waiting::as_the_session_does);
}

CkResult<void> Calls::LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE user_type, CK_CHAR_PTR pin,
                                CK_ULONG pin_len, CK_UTF8CHAR_PTR username, CK_ULONG username_len) {
  BOOST_OUTCOME_TRY(const auto name, input(username, username_len, "pUsername"));
  return login_as(session, user_type, name, pin, pin_len, Waiting::always);
}

CkResult<void> Calls::login_as(CK_SESSION_HANDLE session, CK_USER_TYPE user_type,
                               ByteView user_name, const CK_UTF8CHAR* pin, CK_ULONG pin_len,
                               Waiting waiting) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(auto secret, pin_of(pin, pin_len));
  const auto log_in = [&](token::Role role) -> CkResult<void> {
    const auto enter = [&library = library_, session](token::Role entering,
                                                      const token::Token::LastStep& begin) {
      return library.enter(session, entering, begin);
    };
    auto task =
        found->token().start_login(role, std::string(text_of(user_name)), std::move(secret), enter);
    if (waiting == Waiting::always || !found->asynchronous())
      return library_.driver().finish(std::move(task));
    return start_pending(
        library_, *found,
        {.function = "C_Login", .kind = token::CallKind::login, .has_output = false},
        {.task = outcome_of(std::move(task))});
  };
  switch (user_type) {
    case CKU_USER:
      return log_in(token::Role::user);
    case CKU_SO: {
      BOOST_OUTCOME_TRY(library_.enter(session, token::Role::security_officer,
                                       [] { return CkResult<void>(success()); }));
      return log_in(token::Role::security_officer);
    }
    case CKU_CONTEXT_SPECIFIC:
      return context_login(*found, std::move(secret));
    default:
      return ck_error(CKR_USER_TYPE_INVALID, "there are CKU_USER, CKU_SO and CKU_CONTEXT_SPECIFIC");
  }
}

// The second credential of one signature (CKA_ALWAYS_AUTHENTICATE). The appliance checks it with the
// signature itself, so a wrong one is reported by C_Sign.
CkResult<void> Calls::context_login(token::Session& session, std::optional<Secret> pin) {
  BOOST_OUTCOME_TRY(auto secret, session.token().secret_or_configured(std::move(pin)));
  const MutexLock lock(session.mutex());
  auto& operations = session.operations();
  if (!operations.sign && !operations.message_sign) {
    return ck_error(CKR_OPERATION_NOT_INITIALIZED, "call C_SignInit first");
  }
  auto& operation = operations.sign ? *operations.sign : *operations.message_sign;
  operation.sign_password = std::move(secret);
  return success();
}

CkResult<void> Calls::Logout(CK_SESSION_HANDLE session) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(found->token().logout());
  library_.end_private_use(found->slot());
  return success();
}

CkResult<void> Calls::InitPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR pin, CK_ULONG pin_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  if (found->state() != CKS_RW_SO_FUNCTIONS) {
    return ck_error(CKR_USER_NOT_LOGGED_IN, "the security officer must be logged in");
  }
  BOOST_OUTCOME_TRY(const auto secret, new_pin_of(pin, pin_len));
  return found->token().init_pin(secret);
}

CkResult<void> Calls::SetPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old_pin, CK_ULONG old_len,
                             CK_UTF8CHAR_PTR new_pin, CK_ULONG new_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(require_read_write(*found));
  BOOST_OUTCOME_TRY(auto old_secret, pin_of(old_pin, old_len));
  BOOST_OUTCOME_TRY(auto new_secret, new_pin_of(new_pin, new_len));
  BOOST_OUTCOME_TRY(auto present, found->token().secret_or_configured(std::move(old_secret)));
  auto task = found->token().start_change_pin(std::move(present), std::move(new_secret));
  if (!found->asynchronous()) return library_.driver().finish(std::move(task));
  return start_pending(
      library_, *found,
      {.function = "C_SetPIN", .kind = token::CallKind::set_pin, .has_output = false},
      {.task = outcome_of(std::move(task))});
}

CkResult<void> Calls::SessionCancel(CK_SESSION_HANDLE session, CK_FLAGS flags) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  using token::CallKind;
  const auto cancel = [&](CK_FLAGS flag, CallKind kind) {
    if ((flags & flag) == 0) return;
    library_.cancel_pending(*found, kind);
    library_.cancel_saved(*found, kind);
  };
  cancel(CKF_SIGN, CallKind::sign);
  cancel(CKF_MESSAGE_SIGN, CallKind::message_sign);
  cancel(CKF_GENERATE_KEY_PAIR, CallKind::generate);
  const MutexLock lock(found->mutex());
  auto& operations = found->operations();
  if ((flags & CKF_FIND_OBJECTS) != 0) operations.find.reset();
  if ((flags & CKF_DIGEST) != 0) operations.digest.reset();
  if ((flags & CKF_SIGN) != 0) operations.sign.reset();
  if ((flags & CKF_VERIFY) != 0) {
    operations.verify.reset();
    operations.verify_signature.reset();
  }
  if ((flags & CKF_MESSAGE_SIGN) != 0) operations.message_sign.reset();
  if ((flags & CKF_MESSAGE_VERIFY) != 0) operations.message_verify.reset();
  return success();
}

// There are no validation objects (PKCS#11 3.2), so that no operation is a validated one.
CkResult<void> Calls::GetSessionValidationFlags(CK_SESSION_HANDLE session,
                                                CK_SESSION_VALIDATION_FLAGS_TYPE type,
                                                CK_FLAGS_PTR flags) {
  BOOST_OUTCOME_TRY(library_.session(session));
  BOOST_OUTCOME_TRY(required(flags, "pFlags"));
  if (type != CKS_LAST_VALIDATION_OK)
    return ck_error(CKR_ARGUMENTS_BAD, "there is only CKS_LAST_VALIDATION_OK");
  *flags = 0;
  return success();
}

// The parallel functions of PKCS#11 1.0: legacy, whatever the handle.
CkResult<void> Calls::GetFunctionStatus(CK_SESSION_HANDLE /*session*/) {
  return ck_error(CKR_FUNCTION_NOT_PARALLEL, "no function runs in parallel");
}

CkResult<void> Calls::CancelFunction(CK_SESSION_HANDLE /*session*/) {
  return ck_error(CKR_FUNCTION_NOT_PARALLEL, "no function runs in parallel");
}

}  // namespace signet::edge
