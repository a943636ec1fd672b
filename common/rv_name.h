// The names of the return values, for the log and for people.
#ifndef SIGNET_COMMON_RV_NAME_H_
#define SIGNET_COMMON_RV_NAME_H_

#include <string>

#include "common/cryptoki.h"

namespace signet {

// "CKR_PIN_INCORRECT"; a number for what the standard does not name.
std::string rv_name(CK_RV rv);

}  // namespace signet

#endif  // SIGNET_COMMON_RV_NAME_H_
