// When a certificate should be renewed.
#ifndef SIGNET_SEAL_SERVER_PAGES_DUE_H_
#define SIGNET_SEAL_SERVER_PAGES_DUE_H_

#include <algorithm>
#include <chrono>

#include "seal-server/pages/session.h"

namespace signet::sealserver {

// From 60 days before its end on, or a third of its life, whichever is less: as its owner does it.
inline bool is_due(WallTime from, WallTime until, WallTime now) {
  const WallTime::duration before =
      std::min<WallTime::duration>(std::chrono::days(60), (until - from) / 3);
  return now >= until - before;
}

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_DUE_H_
