#include "pkcs11-module/token/failures.h"

namespace signet::token {

namespace {

using transport::Failure;

// Where the call names no object, the appliance has lost something else than what was asked for.
CK_RV missing_object(Purpose purpose) {
  switch (purpose) {
    case Purpose::sign:
      return CKR_KEY_HANDLE_INVALID;
    case Purpose::destroy:
    case Purpose::change:
      return CKR_OBJECT_HANDLE_INVALID;
    default:
      return CKR_DEVICE_ERROR;
  }
}

// "The nearest CKR of the call" for a parameter that the appliance refuses.
CK_RV bad_parameter(Purpose purpose) {
  switch (purpose) {
    case Purpose::sign:
      return CKR_MECHANISM_PARAM_INVALID;
    case Purpose::generate:
    case Purpose::create:
    case Purpose::change:
      return CKR_ATTRIBUTE_VALUE_INVALID;
    case Purpose::change_pin:
      return CKR_PIN_INVALID;
    default:
      return CKR_FUNCTION_FAILED;
  }
}

bool makes_or_changes(Purpose purpose) {
  return purpose == Purpose::generate || purpose == Purpose::create || purpose == Purpose::change;
}

CK_RV code_of(Failure failure, Purpose purpose) {
  switch (failure) {
    case Failure::wrong_password:
    case Failure::sign_credential_wrong:
      return CKR_PIN_INCORRECT;
    case Failure::account_locked:
    case Failure::account_disabled:
      return CKR_PIN_LOCKED;
    case Failure::password_expired:
      return CKR_PIN_EXPIRED;
    case Failure::account_not_activated:
      return CKR_USER_PIN_NOT_INITIALIZED;
    case Failure::sign_credential_missing:
      return CKR_USER_NOT_LOGGED_IN;
    case Failure::not_permitted:
      return purpose == Purpose::login ? CKR_USER_TYPE_INVALID : CKR_ACTION_PROHIBITED;
    case Failure::key_disabled:
      return purpose == Purpose::sign ? CKR_KEY_FUNCTION_NOT_PERMITTED : CKR_DEVICE_ERROR;
    case Failure::no_such_object:
      return missing_object(purpose);
    case Failure::exists_already:
      return makes_or_changes(purpose) ? CKR_TEMPLATE_INCONSISTENT : CKR_FUNCTION_FAILED;
    // About what only some calls send: elsewhere no code of the call fits, and the appliance is at fault.
    case Failure::password_policy:
      return purpose == Purpose::change_pin ? CKR_PIN_INVALID : CKR_DEVICE_ERROR;
    case Failure::password_length:
      return purpose == Purpose::change_pin ? CKR_PIN_LEN_RANGE : CKR_DEVICE_ERROR;
    case Failure::digest_length:
      return purpose == Purpose::sign || purpose == Purpose::time_stamp ? CKR_DATA_LEN_RANGE
                                                                        : CKR_DEVICE_ERROR;
    case Failure::bad_parameter:
      return bad_parameter(purpose);
    case Failure::not_supported:
      return purpose == Purpose::sign ? CKR_MECHANISM_INVALID : CKR_FUNCTION_NOT_SUPPORTED;
    case Failure::storage_full:
      return CKR_DEVICE_MEMORY;
    case Failure::no_resources:
      return CKR_HOST_MEMORY;
    case Failure::unreachable:
      return CKR_DEVICE_REMOVED;
    case Failure::access_refused:
    case Failure::busy:
    case Failure::appliance_fault:
    case Failure::bad_answer:
    case Failure::untrusted:
    case Failure::timed_out:
      break;
  }
  return CKR_DEVICE_ERROR;
}

}  // namespace

CkError error_of(const transport::ApplianceError& failure, Purpose purpose) {
  return CkError{code_of(failure.failure, purpose), failure.sentence, failure.cause};
}

}  // namespace signet::token
