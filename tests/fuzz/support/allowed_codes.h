// The answers that PKCS#11 3.0 allows for each call: its section's list of return values and those that any call
// may give (5.1). Where the module departs from a list on purpose, the list here says why.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_ALLOWED_CODES_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_ALLOWED_CODES_H_

#include <string_view>

#include "cryptoki/cryptoki.h"

namespace signet::fuzz {

// `function`: "C_Sign". CKR_GENERAL_ERROR and CKR_HOST_MEMORY count as wrong: nothing that a caller or an appliance
// does may lead there.
bool may_answer(std::string_view function, CK_RV rv);

// Ends the process where the answer is none of those; gives it back otherwise.
CK_RV checked(std::string_view function, CK_RV rv);

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_ALLOWED_CODES_H_
