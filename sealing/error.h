// Why a document was not sealed.
#ifndef SIGNET_SEALING_ERROR_H_
#define SIGNET_SEALING_ERROR_H_

#include <string>
#include <utility>

#include "common/result.h"
#include "pkcs11-client/error.h"

namespace signet::sealing {

enum class Failure {
  input,          // the document cannot be read
  changed,        // it changed while it was read
  output,         // the sealed document cannot be written
  exists,         // the output is there already
  broken,         // it is no document of the form that was asked for
  forbidden,      // the document allows no such seal
  token,          // see Error::token
  settings,       // what is asked for contradicts itself or the key
  no_time_stamp,  // no authority gave one
  cancelled,
};

struct Error {
  Failure failure = Failure::input;
  std::string sentence;  // for people: what is wrong and what to do; printable, never a secret
  pkcs11::TokenError token = {};

  Error(Failure why, std::string text) : failure(why), sentence(std::move(text)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): so that BOOST_OUTCOME_TRY takes a token's error
  Error(pkcs11::TokenError why)
      : failure(Failure::token), sentence(why.sentence), token(std::move(why)) {}
};

template <typename T>
using SealResult = Result<T, Error>;

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_ERROR_H_
