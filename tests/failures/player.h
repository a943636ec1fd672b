// Plays one failure at one step, through the module, and says what came of it.
#ifndef SIGNET_TESTS_FAILURES_PLAYER_H_
#define SIGNET_TESTS_FAILURES_PLAYER_H_

#include "tests/failures/cases.h"
#include "tests/failures/table.h"

namespace signet::tests {

// The failure lasts for `times` requests of the step's call. What holds of every failure is expected here: the call ends in time, it
// ends its operation, no signature that may have been made is asked for again, and the log has the service's words and no
// secret.
Outcome play(Dialect dialect, const Step& step, const Failing& failing, int times);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_FAILURES_PLAYER_H_
