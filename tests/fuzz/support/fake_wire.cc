#include "tests/fuzz/support/fake_wire.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <deque>
#include <boost/json.hpp>

#include "dsa-transport/backoff.h"
#include "dsa-transport/connection.h"
#include "dsa-transport/header_list.h"
#include "dsa-transport/tcp_probe.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

struct WireAnswer {
  std::size_t pieces = 1;
  std::string_view text;  // of the input, which outlives its calls
};

std::deque<WireAnswer>& answers() {
  static std::deque<WireAnswer> queue;
  return queue;
}

// Up to `end`, which is taken off as well.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + end.size(), text.size()));
  return taken;
}

std::size_t number_in(std::string_view text) {
  unsigned short number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Header lines as libcurl gives them, each with its line end, the empty one included.
int give_header(std::string_view& text, transport::Reception& reception) {
  std::string_view status = text.substr(0, text.find('\n'));
  take_until(status, " ");
  const auto code = static_cast<int>(number_in(status));
  while (!text.empty()) {
    const std::string line(take_until(text, "\n"));
    reception.header(line + "\r\n");
    if (line.empty() || line == "\r") break;
  }
  return code;
}

bool give_body(std::string_view text, std::size_t pieces, transport::Reception& reception) {
  const std::size_t size = text.size() / std::max<std::size_t>(pieces, 1) + 1;
  for (std::size_t at = 0; at < text.size(); at += size) {
    if (!reception.body(text.substr(at, size))) return false;
  }
  return true;
}

// Whatever the appliance said before, what goes out is well-formed.
void check_request(const transport::HttpRequest& request) {
  require(request.path.starts_with('/'), "a request has a path");
  for (const char c : request.path) {
    require(c > ' ' && c < 0x7F && c != '#', "a path is printable: " + request.path);
  }
  transport::HeaderList headers(request);
  for (const curl_slist* line = headers.list(); line != nullptr; line = line->next) {
    const std::string_view text = line->data;
    require(std::ranges::none_of(text, [](char c) { return c >= 0 && c < ' '; }),
            "no header splits into two");
  }
  if (request.body) {
    boost::json::error_code error;
    boost::json::parse(text_of(*request.body), error);
    require(!error, "a body is JSON");
  }
}

}  // namespace

std::vector<std::string> load_wire(std::string_view input) {
  answers().clear();
  std::vector<std::string> calls;
  while (!input.empty()) {
    std::string_view block = take_until(input, "\n%%\n");
    std::string_view first = take_until(block, "\n");
    calls.emplace_back(take_until(first, " "));
    answers().push_back({number_in(first), block});
  }
  return calls;
}

}  // namespace signet::fuzz

namespace signet::transport {

Connection::Connection(std::shared_ptr<Endpoint> endpoint)
    : endpoint_(std::move(endpoint)),
      owner_(getpid()),
      guard_(endpoint_->options().member.pins, false) {}

Connection::~Connection() = default;

Result<HttpAnswer, TransferFault> Connection::exchange(const HttpRequest& request,
                                                       Deadline /*attempt*/,
                                                       Milliseconds /*connect_limit*/) {
  using Kind = TransferFault::Kind;
  fuzz::check_request(request);
  if (fuzz::answers().empty()) return TransferFault{Kind::unreachable, "nobody answers"};
  fuzz::WireAnswer next = fuzz::answers().front();
  fuzz::answers().pop_front();
  last_used_ = std::chrono::steady_clock::now();
  Reception reception;
  if (!next.text.starts_with("HTTP/")) return TransferFault{Kind::broken, "this is not HTTP", true};
  const int status = fuzz::give_header(next.text, reception);
  if (!fuzz::give_body(next.text, next.pieces, reception)) {
    return TransferFault{Kind::oversized, "the answer is larger than 8 MiB", true};
  }
  warm_ = true;
  HttpAnswer answer = std::move(reception.answer());
  answer.status = status;
  return answer;
}

bool Connection::prepare_handshake(ssl_ctx_st* /*context*/) {
  return true;
}

std::string Connection::peer_address() const {
  return "127.0.0.1";
}

TcpProbe::State TcpProbe::look(const std::string& /*address*/, const std::string& /*port*/,
                               Milliseconds /*patience*/) {
  return State::connected;
}

void TcpProbe::stop() {}

Milliseconds jittered_backoff(Milliseconds /*first*/, Milliseconds /*most*/, unsigned /*round*/) {
  return {};
}

Milliseconds growing_span(Milliseconds /*first*/, Milliseconds most, unsigned /*round*/) {
  return most;
}

}  // namespace signet::transport
