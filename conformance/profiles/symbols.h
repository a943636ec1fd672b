// The names of PKCS#11 that cases and messages use.
#ifndef SIGNET_CONFORMANCE_PROFILES_SYMBOLS_H_
#define SIGNET_CONFORMANCE_PROFILES_SYMBOLS_H_

#include <optional>
#include <string>
#include <string_view>

#include "cryptoki/cryptoki.h"

namespace signet::profiles {

// "CKM_SHA256" to its number.
std::optional<CK_ULONG> number_of_symbol(std::string_view name);

// "CKR_PIN_INCORRECT"; hexadecimal for a code without a name here.
std::string name_of_answer(CK_RV rv);

}  // namespace signet::profiles

#endif  // SIGNET_CONFORMANCE_PROFILES_SYMBOLS_H_
