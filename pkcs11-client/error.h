// Why something could not be done with a token, or with a key or certificate of one. The number of a reason is the exit
// status of `signet` (signet(1) lists them) and stays the same for ever.
#ifndef SIGNET_PKCS11_CLIENT_ERROR_H_
#define SIGNET_PKCS11_CLIENT_ERROR_H_

#include <string>
#include <string_view>
#include <utility>

#include "common/result.h"
#include "cryptoki/cryptoki.h"
#include "pkcs11-client/uri.h"

namespace signet::pkcs11 {

enum class Reason {
  failed = 1,          // what has no number of its own
  not_found = 3,       // no such module, token, key, certificate or file
  ambiguous = 4,       // the name fits more than one
  exists = 5,          // the label or id is taken by something else
  pin = 6,             // no PIN, a wrong one, or the account is locked
  token_full = 7,      // the limit of keys or certificates is reached
  key_disabled = 8,    // the key is there, and may not sign
  no_answer = 9,       // the appliance did not answer; whether a write was done is unknown
  not_supported = 10,  // the token does not offer it
  declined = 11,       // the question was not answered with yes
  unreadable = 12,     // not a certificate, a subject, … of any form that is read
  waits = 14,          // a request has waited too long for its answer (13: `signet doctor`)
  other_key = 20,      // the certificate is for a key that is not on the token
  expired = 21,        // the certificate, or one of its issuers
  not_yet_valid = 22,  // likewise
  wrong_chain = 23,    // it does not lead to the given roots
  weak_key = 24,       // the certificate's key, or an issuer's, is too short
  weak_hash = 25,      // signed with SHA-1 or something weaker
  duplicate = 26,      // the very same certificate is on the token already
};

struct TokenError {
  TokenError() = default;
  TokenError(Reason why, std::string text, CK_RV code = CKR_OK)
      : reason(why), sentence(std::move(text)), rv(code) {}
  // NOLINTNEXTLINE(google-explicit-constructor): so that BOOST_OUTCOME_TRY takes a URI's error
  TokenError(UriError error)
      : TokenError(error.shows_pin ? Reason::pin : Reason::unreadable, std::move(error.sentence)) {}

  Reason reason = Reason::failed;
  std::string sentence;  // for people: what is wrong and what to do; never a secret
  CK_RV rv = CKR_OK;     // where a call of the token failed
};

template <typename T>
using TokenResult = Result<T, TokenError>;

inline TokenError token_error(Reason reason, std::string sentence) {
  return {reason, std::move(sentence)};
}

// `what` was to be done, "the key could not be made" for one; the sentence says why not.
TokenError token_error(CK_RV rv, std::string_view what);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_ERROR_H_
