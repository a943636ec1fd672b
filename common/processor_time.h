// What work costs, however busy the machine is: bounds of work that cannot be counted, and tests.
#ifndef SIGNET_COMMON_PROCESSOR_TIME_H_
#define SIGNET_COMMON_PROCESSOR_TIME_H_

#include <time.h>

#include <chrono>

namespace signet {

// Of this thread, since it began.
inline std::chrono::nanoseconds processor_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace signet

#endif  // SIGNET_COMMON_PROCESSOR_TIME_H_
