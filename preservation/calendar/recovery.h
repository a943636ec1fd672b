// After a run that was killed: the register is made to agree with the files.
#ifndef SIGNET_PRESERVATION_CALENDAR_RECOVERY_H_
#define SIGNET_PRESERVATION_CALENDAR_RECOVERY_H_

#include "preservation/calendar/register.h"

namespace signet::preservation {

// What was announced and not settled is decided by the files: a document that has the announced content gets its condition, any
// other one stays as it is registered and loses the replacement that was being made beside it. Where a document cannot be read now
// (its disk is not there), it stays announced. The caller holds the RegisterLock. Gives how many are decided.
RegisterResult<std::size_t> recover(Register& documents, Time now);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_RECOVERY_H_
