#include "pkcs11-client/error.h"

#include <fmt/format.h>

#include "cryptoki/rv_name.h"

namespace signet::pkcs11 {
namespace {

struct Meaning {
  CK_RV rv;
  Reason reason;
  std::string_view sentence;
};

constexpr Meaning kMeanings[] = {
    {CKR_PIN_INCORRECT, Reason::pin,
     "the PIN is wrong; several wrong ones lock the account, so try it once more at most"},
    {CKR_PIN_LOCKED, Reason::pin, "the PIN or the account is locked; its administrator unlocks it"},
    {CKR_PIN_EXPIRED, Reason::pin, "the PIN has expired and must be changed first"},
    {CKR_PIN_LEN_RANGE, Reason::pin, "the PIN is too short or too long for this token"},
    {CKR_USER_PIN_NOT_INITIALIZED, Reason::pin, "the token has no PIN yet"},
    {CKR_USER_NOT_LOGGED_IN, Reason::pin, "the token wants a login for this"},
    {CKR_DEVICE_MEMORY, Reason::token_full,
     "the token is full: its limit of keys or certificates is reached; delete one, or have the "
     "limit raised"},
    {CKR_DEVICE_REMOVED, Reason::no_answer, "the appliance cannot be reached"},
    {CKR_DEVICE_ERROR, Reason::no_answer, "the appliance did not answer as it should"},
    {CKR_TOKEN_NOT_PRESENT, Reason::not_found, "the token is gone"},
    {CKR_OBJECT_HANDLE_INVALID, Reason::not_found, "somebody else has deleted it"},
    {CKR_KEY_HANDLE_INVALID, Reason::not_found, "somebody else has deleted the key"},
    {CKR_MECHANISM_INVALID, Reason::not_supported, "the token does not offer this algorithm"},
    {CKR_MECHANISM_PARAM_INVALID, Reason::not_supported,
     "the token does not offer this form of the algorithm"},
    {CKR_KEY_SIZE_RANGE, Reason::not_supported, "the token does not make keys of this size"},
    {CKR_CURVE_NOT_SUPPORTED, Reason::not_supported, "the token does not make keys on this curve"},
    {CKR_DOMAIN_PARAMS_INVALID, Reason::not_supported,
     "the token does not make keys on this curve"},
    {CKR_FUNCTION_NOT_SUPPORTED, Reason::not_supported, "the token does not do this"},
    {CKR_TOKEN_WRITE_PROTECTED, Reason::not_supported, "the token is write-protected"},
    {CKR_ACTION_PROHIBITED, Reason::not_supported, "the token prohibits it"},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, Reason::key_disabled,
     "the key may not sign: it is disabled, or was made for another purpose"},
};

}  // namespace

TokenError token_error(CK_RV rv, std::string_view what) {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.rv == rv)
      return {meaning.reason, fmt::format("{}: {} ({})", what, meaning.sentence, rv_name(rv)), rv};
  }
  return {Reason::failed, fmt::format("{}: the token answers {}", what, rv_name(rv)), rv};
}

}  // namespace signet::pkcs11
