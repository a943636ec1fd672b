// The highest counter seen of each series and key, so that an older configuration is noticed when
// somebody puts it back together with its signature.
//
// What this cannot do: the memory belongs to the user of the process and lies in his cache folder.
// Who may write there, or runs the process with another XDG_CACHE_HOME or HOME, can make it forget;
// so can a machine set back as a whole. It stops the hand that may change the configuration but not
// the service's own files.
#ifndef SIGNET_CONFIG_ROLLBACK_H_
#define SIGNET_CONFIG_ROLLBACK_H_

#include <filesystem>

#include "config/signature.h"

namespace signet::config {

// Fails for a counter below the highest seen; else it becomes the highest. A memory that is
// damaged, belongs to somebody else or is locked for more than two seconds fails as well. A folder
// that cannot be written does not: services without a place of their own work, and the log says
// that roll-back goes unnoticed there.
Result<void, SignatureError> check_roll_back(const std::filesystem::path& folder,
                                             const ConfigSignature& signature);

// The file in which the memory of this signature's series and key lies. Version 0.1 kept it in `seal-…` beside it: what
// that says still counts where this file says nothing.
std::filesystem::path counter_file(const std::filesystem::path& folder,
                                   const ConfigSignature& signature);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_ROLLBACK_H_
