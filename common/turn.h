// Waiting that can be cancelled: in turns, between which its owner looks whether it still wants to.
#ifndef SIGNET_COMMON_TURN_H_
#define SIGNET_COMMON_TURN_H_

#include <array>

#include "common/clock.h"
#include "common/task.h"

namespace signet {

inline constexpr Milliseconds kTurn{100};

// Blocks until the wait is over, but no longer than a turn.
inline void wait_a_turn(const Wait& wait) {
  const std::array waits = {wait, wait_for(kTurn)};
  wait_for_any(waits);
}

}  // namespace signet

#endif  // SIGNET_COMMON_TURN_H_
