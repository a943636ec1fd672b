// Requests and answers as HTTP has them.
#ifndef SIGNET_SOFTHSM_BACKEND_HTTP_MESSAGE_H_
#define SIGNET_SOFTHSM_BACKEND_HTTP_MESSAGE_H_

#include <boost/beast/http.hpp>
#include <cstddef>
#include <string>

#include "softhsm-backend/message.h"

namespace signet::emulator {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// What was parsed; the body is moved out of the parser.
Request request_of(Parser& parser, std::string id);

// The wire form of an answer, and how much of it is header.
struct Wire {
  std::string bytes;
  std::size_t header_size = 0;
};
Wire wire_of(const Request& request, const Answer& answer, bool keep_alive);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_HTTP_MESSAGE_H_
