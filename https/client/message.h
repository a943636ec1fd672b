// One HTTP request and its response.
#ifndef SIGNET_HTTPS_CLIENT_MESSAGE_H_
#define SIGNET_HTTPS_CLIENT_MESSAGE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "common/clock.h"
#include "common/wiped_text.h"
#include "https/client/header_list.h"

namespace signet::https {

// A larger body is a fault of the server, unless its endpoint allows less. Bytes.
inline constexpr std::size_t kLargestBody = std::size_t{8} * 1024 * 1024;
inline constexpr std::size_t kLargestHeaders = std::size_t{128} * 1024;  // all of them together

// RFC 9110, 15.
inline constexpr int kOk = 200;
inline constexpr int kCreated = 201;
inline constexpr int kNoContent = 204;
inline constexpr int kNotModified = 304;

enum class Method { get, post, put, patch, del };

struct Request {
  Method method = Method::get;
  std::string target;             // below the endpoint's URL, with its query: "/keys/…"
  HeaderList headers;             // Host, Content-Length and User-Agent are added
  std::optional<WipedText> body;  // may carry a password
  bool once = false;              // not sent again where it may have arrived
  bool looks_first = false;       // not on a connection on which something unasked waits for it
};

struct Response {
  int status = 0;
  std::string media_type;  // lower case, without parameters
  std::string etag;
  std::string request_id;  // X-Request-Id
  std::optional<Milliseconds> retry_after;
  std::optional<std::chrono::system_clock::time_point> date;  // whole seconds
  WipedString body;                                           // may carry an access token
  bool may_be_repeated = false;  // the server may have had this very request before
};

// Why there is no response.
struct Fault {
  enum class Kind {
    unreachable,   // no connection: name, TCP, or nobody finishing the handshake
    untrusted,     // the handshake was refused, by us or by the server
    timed_out,     // connected, but no whole response in time
    stale,         // a kept-open connection had died; nothing of a response came
    broken,        // the response was cut off, or is not HTTP
    oversized,     // over EndpointOptions::largest_body or kLargestHeaders
    saturated,     // every connection of the pool stayed in use
    no_resources,  // no memory or no descriptor, here: says nothing about the server
  };
  Kind kind = Kind::broken;
  std::string sentence;
  bool sent = false;       // the request may have reached the server
  bool wrong_pin = false;  // untrusted, because no pin matches
};

// What one exchange moved, whatever became of it.
struct Traffic {
  std::uint64_t connections = 0;  // made by it
  std::uint64_t handshakes = 0;   // of TLS
  std::uint64_t sent = 0;         // bytes of HTTP, without TLS
  std::uint64_t received = 0;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_MESSAGE_H_
