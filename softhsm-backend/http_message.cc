#include "softhsm-backend/http_message.h"

#include <boost/beast/http/write.hpp>
#include <sstream>

namespace signet::emulator {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kMaxHeader = 16 * 1024;
constexpr std::uint64_t kMaxBody = 1024 * 1024;

std::string header_of(const Parser& parser, http::field name) {
  const auto value = parser.get()[name];
  return {value.data(), value.size()};
}

std::optional<std::string> header_if_there(const Parser& parser, http::field name) {
  if (parser.get().count(name) == 0) return std::nullopt;
  return header_of(parser, name);
}

}  // namespace

void set_limits(Parser& parser) {
  parser.header_limit(kMaxHeader);
  parser.body_limit(kMaxBody);
}

std::optional<Problem> refusal_of(boost::system::error_code error) {
  if (error == http::error::body_limit) {
    return problems::too_large("A request's body may have 1 MiB.");
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return problems::header_too_large();
  }
  if (error.category() == make_error_code(http::error::bad_version).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    return problems::malformed("This is not an HTTP request: " + error.message() + ".");
  }
  return std::nullopt;
}

Request request_of(Parser& parser, std::string id) {
  const auto& message = parser.get();
  const auto method = message.method_string();
  const auto target = message.target();
  const auto key = message["Idempotency-Key"];
  Request request{.method = std::string(method.data(), method.size()),
                  .target = std::string(target.data(), target.size()),
                  .authorization = header_of(parser, http::field::authorization),
                  .content_type = header_of(parser, http::field::content_type),
                  .idempotency_key = std::string(key.data(), key.size()),
                  .if_none_match = header_if_there(parser, http::field::if_none_match),
                  .body = {},
                  .id = std::move(id),
                  .signature_fault = {}};
  request.body = std::move(parser.get().body());
  return request;
}

Wire wire_of(const Request& request, const Answer& answer, bool keep_alive) {
  http::response<http::string_body> response;
  response.version(11);
  response.result(answer.status);
  response.keep_alive(keep_alive);
  response.set(http::field::server, "signet-emulator");
  response.set(http::field::cache_control, "no-store");
  response.set("X-Request-Id", request.id);
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  if (!answer.body.empty()) {
    response.set(http::field::content_type,
                 answer.status >= 400 ? "application/problem+json" : "application/json");
  }
  // HTTP knows no body there; a fault may ask for one (RFC 9110, 6.4.1).
  const bool with_body = request.method != "HEAD" && answer.status != 204 && answer.status != 304;
  if (with_body) response.body() = answer.body;
  response.prepare_payload();
  std::ostringstream text;
  text << response;
  Wire wire{.bytes = std::move(text).str(), .header_size = 0};
  wire.header_size = wire.bytes.size() - response.body().size();
  return wire;
}

}  // namespace signet::emulator
