// Spans of waiting that grow and are spread at random, so that many clients do not return in sync.
#ifndef SIGNET_DSA_TRANSPORT_BACKOFF_H_
#define SIGNET_DSA_TRANSPORT_BACKOFF_H_

#include "common/clock.h"

namespace signet::transport {

// Full jitter: anything from zero to first·2^round, at most `most`.
Milliseconds jittered_backoff(Milliseconds first, Milliseconds most, unsigned round);

// Half of first·2^round (at most `most`), and at random up to the whole.
Milliseconds growing_span(Milliseconds first, Milliseconds most, unsigned round);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_BACKOFF_H_
