// Time-stamps from the service that holds the key, by other means than RFC 3161's requests over HTTP.
#ifndef SIGNET_TIMESTAMPS_KEY_SERVICE_H_
#define SIGNET_TIMESTAMPS_KEY_SERVICE_H_

#include <functional>
#include <string_view>

#include "common/bytes.h"
#include "common/clock.h"
#include "timestamps/miss.h"
#include "timestamps/request.h"

namespace signet::timestamps {

// The URL of an authority that is this service.
inline constexpr std::string_view kKeyServiceUrl = "csc:";

// A TimeStampToken for the request's hash, imprint and nonce, by the deadline; it is checked as any other. Else why not
// (kind and sentence). Empty: there is none here. Called by several threads at once.
using KeyService = std::function<Result<Bytes, Miss>(const StampRequest&, Deadline)>;

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_KEY_SERVICE_H_
