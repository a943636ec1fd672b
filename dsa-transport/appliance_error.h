// What can go wrong with an appliance, in words that belong neither to PKCS#11 nor to one wire format. The
// module turns a Failure into the CK_RV of the call it serves.
#ifndef SIGNET_DSA_TRANSPORT_APPLIANCE_ERROR_H_
#define SIGNET_DSA_TRANSPORT_APPLIANCE_ERROR_H_

#include <string>

#include "common/cause.h"
#include "common/result.h"

namespace signet::transport {

enum class Failure {
  wrong_password,    // counts towards the lock; never retried
  account_locked,    // too many wrong passwords, or the key is locked
  password_expired,  // only a password change still works
  account_disabled,
  account_not_activated,
  sign_credential_missing,  // the key requires a second credential
  sign_credential_wrong,
  key_disabled,    // by its operator, or because its certificate has ended
  access_refused,  // the service does not let this client in, whoever the user is
  not_permitted,   // the account lacks the right
  no_such_object,  // the object list is out of date
  exists_already,
  password_policy,  // a new password is refused
  password_length,
  digest_length,
  bad_parameter,
  not_supported,    // the appliance does not offer it
  storage_full,     // key or certificate limit
  busy,             // still busy at the deadline
  appliance_fault,  // it said so itself (5xx)
  bad_answer,       // an answer that breaks the contract; nothing of it was used
  untrusted,        // wrong pin or broken TLS; no credential was sent
  unreachable,      // no member of the pair accepts connections
  timed_out,        // the deadline passed; the outcome of a write is unknown
  no_resources,     // no memory or descriptors here; the outcome of a write is unknown
};

struct ApplianceError {
  Failure failure = Failure::appliance_fault;
  std::string sentence;  // what is wrong and what to do; never a secret
  Cause cause;           // of the last answer, where there was one
};

// A value, or why the appliance did not give it.
template <typename T>
using Answer = Result<T, ApplianceError>;

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_APPLIANCE_ERROR_H_
