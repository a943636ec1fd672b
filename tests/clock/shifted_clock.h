// The calendar of this program, and of every library in it: what they ask for the time of day comes
// through here. The steady clock and the machine's own clock stay as they are.
#ifndef SIGNET_TESTS_CLOCK_SHIFTED_CLOCK_H_
#define SIGNET_TESTS_CLOCK_SHIFTED_CLOCK_H_

#include <chrono>

namespace signet::tests {

// From now on the time of day is so much later (negative: earlier) than it is.
void shift_clock(std::chrono::seconds by);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_CLOCK_SHIFTED_CLOCK_H_
