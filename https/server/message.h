// Requests and responses, and how HTTP/1.1 writes them, without sockets.
#ifndef SIGNET_HTTPS_SERVER_MESSAGE_H_
#define SIGNET_HTTPS_SERVER_MESSAGE_H_

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/bytes.h"

namespace signet::https::server {

struct Limits {
  std::uint32_t header = 16 * 1024;            // bytes
  std::uint64_t body = 1024 * 1024;            // bytes
  std::size_t unread_body = 16 * 1024 * 1024;  // bytes; read and dropped so that a 413 can arrive
  int connections = 16'384;                    // more are closed at once
  int requests = 4096;                         // at work at once; more are refused
  std::chrono::seconds handshake{10};
  std::chrono::seconds idle{75};         // until a request's first byte
  std::chrono::seconds header_time{30};  // from its first byte until its header is whole
  std::chrono::seconds body_time{30};
  std::chrono::seconds write{60};   // for each write
  std::chrono::seconds goodbye{2};  // for the client's last bytes
  std::chrono::seconds stop{3};     // for requests at work when the server stops
};

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Peer {
  std::string address;  // in numbers
  bool loopback = false;
  Bytes
      certificate;  // DER; empty where it showed none. TLS has proved that it has the key, nothing else
};

struct Request {
  std::string method;
  std::string target;  // path and query as they came
  Fields headers;
  std::string body;
  Peer peer;

  // The first value of that name, in whatever case; empty where there is none.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const;

  // In place of all that are there.
  void set_header(std::string_view name, std::string value);
};

class Wire;
enum class Next { request, end };  // what the connection does after a response

// The octets of a response, and how many of them are header.
struct Octets {
  std::string text;
  std::size_t header_size = 0;
};

struct Response {
  unsigned status = 200;
  std::string body = {};
  Fields headers = {};  // beside Content-Length and Connection
  // How the octets leave, where not all at once.
  std::function<boost::asio::awaitable<Next>(Wire& wire, const Octets& octets)> send = {};
};

enum class Refusal { malformed, header_too_large, body_too_large, busy };

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

void set_limits(Parser& parser, const Limits& limits);

// Of a parser that has read a whole request. Takes the body out of it.
Request request_of(Parser& parser, Peer peer);

// Whether the header leaves no doubt where the body ends (RFC 9112, 6.1): the parser takes a Transfer-Encoding that it does
// not know for none.
bool is_framed(const Parser& parser);

// Why a request could not be read to its end; nothing where the connection has ended or failed.
std::optional<Refusal> refusal_of(boost::system::error_code error);

// The answer to a request with this method.
Octets octets_of(std::string_view method, const Response& response, bool keep_alive);

}  // namespace signet::https::server

#endif  // SIGNET_HTTPS_SERVER_MESSAGE_H_
