#include "activation/errors.h"

#include <string>
#include <utility>

namespace signet::activation {

namespace {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;

// Messages of the command begin in lower case and have no full stop.
std::string as_told(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  if (sentence.size() > 1 && sentence[0] >= 'A' && sentence[0] <= 'Z' &&
      !(sentence[1] >= 'A' && sentence[1] <= 'Z'))
    sentence[0] = static_cast<char>(sentence[0] - 'A' + 'a');
  return sentence;
}

Reason reason_of(sealclient::ServerError::Kind kind) {
  using Kind = sealclient::ServerError::Kind;
  return kind == Kind::unreachable || kind == Kind::wait ? Reason::no_answer : Reason::failed;
}

}  // namespace

TokenError error_of(const sealclient::ServerError& error) {
  return token_error(reason_of(error.kind), as_told(error.sentence));
}

TokenError error_of(const sealclient::ActivationError& error) {
  using Kind = sealclient::ActivationError::Kind;
  switch (error.kind) {
    case Kind::unreadable:
      return token_error(Reason::unreadable, as_told(error.sentence));
    case Kind::changed:
    case Kind::mixed:
      return token_error(Reason::bad_signature, as_told(error.sentence));
    case Kind::other_installation:
      return token_error(Reason::other_key, as_told(error.sentence));
    case Kind::passphrase:
      return token_error(Reason::pin, as_told(error.sentence));
    case Kind::system:
      break;
  }
  return token_error(Reason::failed, as_told(error.sentence));
}

TokenError error_of(const sealclient::LoginError& error) {
  using Kind = sealclient::LoginError::Kind;
  if (error.kind == Kind::server)
    return token_error(reason_of(error.server), as_told(error.sentence));
  const Reason reason = error.kind == Kind::wrong_password ? Reason::pin : Reason::failed;
  return token_error(reason, as_told(error.sentence));
}

}  // namespace signet::activation
