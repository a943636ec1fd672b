#include "dsa-transport/backoff.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdint>

namespace signet::transport {

namespace {

// From the system's generator: no state that threads share or that a fork would double.
Milliseconds random_up_to(Milliseconds most) {
  std::uint32_t number = 0;
  if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) return most / 2;
  return Milliseconds(static_cast<std::int64_t>(number) % (most.count() + 1));
}

Milliseconds doubled(Milliseconds first, Milliseconds most, unsigned round) {
  constexpr unsigned most_rounds = 20;
  return std::min(most, first * (1L << std::min(round, most_rounds)));
}

}  // namespace

Milliseconds jittered_backoff(Milliseconds first, Milliseconds most, unsigned round) {
  return random_up_to(doubled(first, most, round));
}

Milliseconds growing_span(Milliseconds first, Milliseconds most, unsigned round) {
  const Milliseconds half = doubled(first, most, round) / 2;
  return half + random_up_to(half);
}

}  // namespace signet::transport
