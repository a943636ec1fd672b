// One HTTP request and its answer, as the layers below the dialect pass them on.
#ifndef SIGNET_DSA_TRANSPORT_HTTP_H_
#define SIGNET_DSA_TRANSPORT_HTTP_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"
#include "dsa-transport/appliance.h"
#include "common/wiped_text.h"

namespace signet::transport {

// An answer over this many bytes is an error of the appliance.
inline constexpr std::size_t kMaxAnswer = 8UL * 1024 * 1024;

// The statuses of success (RFC 9110, 15.3).
inline constexpr int kOk = 200;
inline constexpr int kCreated = 201;

enum class Method { get, post, put, patch, del };

struct HttpRequest {
  Method method = Method::get;
  std::string path;                 // below the member's URL, with its query: "/keys/…"
  const Credential* who = nullptr;  // not owned; null: no Authorization
  std::string idempotency_key;      // UUID; empty: none
  std::string if_none_match;        // an ETag; empty: none
  std::optional<WipedText> body;    // JSON
};

struct HttpAnswer {
  int status = 0;
  std::string media_type;  // lower case, without parameters
  std::string etag;
  std::string request_id;
  std::string member;  // URL of the one that answered
  std::optional<Milliseconds> retry_after;
  std::optional<std::chrono::system_clock::time_point> date;  // whole seconds
  std::string body;
  bool may_be_repeated = false;  // the appliance may have had this very request before
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_HTTP_H_
