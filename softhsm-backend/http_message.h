// Requests and answers as HTTP/1.1 writes them, without sockets.
#ifndef SIGNET_SOFTHSM_BACKEND_HTTP_MESSAGE_H_
#define SIGNET_SOFTHSM_BACKEND_HTTP_MESSAGE_H_

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "softhsm-backend/message.h"
#include "softhsm-backend/native/problem.h"

namespace signet::emulator {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// A header of 16 KiB, a body of 1 MiB.
void set_limits(Parser& parser);

// Of a parser that has read a whole request. Takes the body out of it.
Request request_of(Parser& parser, std::string id);

// What a request gets that could not be read to its end; nothing where the connection has ended or failed.
std::optional<Problem> refusal_of(boost::system::error_code error);

// The wire form of an answer, and how much of it is header.
struct Wire {
  std::string bytes;
  std::size_t header_size = 0;
};

Wire wire_of(const Request& request, const Answer& answer, bool keep_alive);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_HTTP_MESSAGE_H_
