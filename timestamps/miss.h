// Why an authority gave no time-stamp.
#ifndef SIGNET_TIMESTAMPS_MISS_H_
#define SIGNET_TIMESTAMPS_MISS_H_

#include <optional>
#include <string>

#include "timestamps/token.h"

namespace signet::timestamps {

struct Miss {
  enum class Kind {
    settings,      // it cannot be asked as it is configured
    unreachable,   // no connection, or no complete answer in time
    untrusted,     // TLS: a wrong pin or certificate, or it refused ours
    credentials,   // HTTP 401, 403, 407
    busy,          // HTTP 429 or 503, now or lately
    http,          // another answer that is no time-stamp answer: status, content type, size
    rejected,      // Defect::rejected
    bad_token,     // another Defect
    no_time,       // the deadline passed before it was asked
    no_resources,  // no memory, descriptor or random number here
    not_offered,   // the service of the key gives no time-stamps
    service,       // the service of the key failed, or refused
  };
  Kind kind = Kind::http;
  std::string authority;
  std::string sentence;  // what is wrong and what to do; printable
  std::optional<Defect> defect = {};
};

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_MISS_H_
