#include "softhsm-backend/http_message.h"

#include <optional>
#include <sstream>
#include <utility>

namespace signet::emulator {

namespace {

namespace http = boost::beast::http;

std::string header_of(const Parser& parser, http::field name) {
  const auto value = parser.get()[name];
  return {value.data(), value.size()};
}

std::optional<std::string> header_if_there(const Parser& parser, http::field name) {
  if (parser.get().count(name) == 0) return std::nullopt;
  return header_of(parser, name);
}

}  // namespace

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
  const bool with_body = request.method != "HEAD";
  if (with_body) response.body() = answer.body;
  response.prepare_payload();
  std::ostringstream text;
  text << response;
  Wire wire{.bytes = std::move(text).str(), .header_size = 0};
  wire.header_size = wire.bytes.size() - response.body().size();
  return wire;
}

}  // namespace signet::emulator
