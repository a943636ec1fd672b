// The module's look at its own code and constants, as they lie in memory.
#ifndef SIGNET_INTEGRITY_SELF_CHECK_H_
#define SIGNET_INTEGRITY_SELF_CHECK_H_

#include <memory>

#include "crypto/ck_result.h"
#include "crypto/context.h"

namespace signet::integrity {

// CKR_GENERAL_ERROR where they are not what the build wrote down. Which code "its own" is, is chosen when a
// program is linked: the module's (self_check.cc), or what a test puts in its place.
CkResult<void> check_self(const std::shared_ptr<crypto::Context>& context);

}  // namespace signet::integrity

#endif  // SIGNET_INTEGRITY_SELF_CHECK_H_
