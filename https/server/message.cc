#include "https/server/message.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>

namespace signet::https::server {

namespace http = boost::beast::http;

namespace {

auto find(const Fields& fields, std::string_view name) {
  return std::ranges::find_if(
      fields, [&](const auto& field) { return boost::beast::iequals(field.first, name); });
}

std::string string_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  const auto found = find(headers, name);
  return found == headers.end() ? std::string_view() : found->second;
}

bool Request::has_header(std::string_view name) const {
  return find(headers, name) != headers.end();
}

void Request::set_header(std::string_view name, std::string value) {
  std::erase_if(headers,
                [&](const auto& field) { return boost::beast::iequals(field.first, name); });
  headers.emplace_back(name, std::move(value));
}

void set_limits(Parser& parser, const Limits& limits) {
  parser.header_limit(limits.header);
  parser.body_limit(limits.body);
}

bool is_framed(const Parser& parser) {
  const auto& message = parser.get();
  const auto codings = message.count(http::field::transfer_encoding);
  const auto lengths = message.count(http::field::content_length);
  if (codings == 0) {
    const auto length = message[http::field::content_length];
    return lengths == 0 || (lengths == 1 && !length.empty() &&
                            length.find_first_not_of("0123456789") == length.npos);
  }
  return codings == 1 && lengths == 0 && message.version() == 11 &&
         boost::beast::iequals(message[http::field::transfer_encoding], "chunked");
}

std::optional<Refusal> refusal_of(boost::system::error_code error) {
  if (error == http::error::body_limit) return Refusal::body_too_large;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return Refusal::header_too_large;
  }
  if (error.category() == make_error_code(http::error::bad_version).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    return Refusal::malformed;
  }
  return std::nullopt;
}

Request request_of(Parser& parser, Peer peer) {
  auto& message = parser.get();
  Request request{.method = string_of(message.method_string()),
                  .target = string_of(message.target()),
                  .headers = {},
                  .body = std::move(message.body()),
                  .peer = std::move(peer)};
  for (const auto& field : message) {
    request.headers.emplace_back(string_of(field.name_string()), string_of(field.value()));
  }
  return request;
}

Octets octets_of(std::string_view method, const Response& response, bool keep_alive) {
  http::response<http::string_body> message;
  message.version(11);
  message.result(response.status);
  message.keep_alive(keep_alive);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  // HTTP knows no body there, whatever the handler says (RFC 9110, 6.4.1).
  const bool with_body = method != "HEAD" && response.status != 204 && response.status != 304;
  if (with_body) message.body() = response.body;
  message.prepare_payload();
  std::ostringstream text;
  text << message;
  Octets octets{.text = std::move(text).str(), .header_size = 0};
  octets.header_size = octets.text.size() - message.body().size();
  return octets;
}

}  // namespace signet::https::server
