#include "tests/fuzz/support/fake_wire.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <deque>

#include "common/process_mark.h"
#include "dsa-transport/backoff.h"
#include "https/client/connection.h"
#include "https/client/tcp_probe.h"
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
int give_header(std::string_view& text, https::Reception& reception) {
  std::string_view status = text.substr(0, text.find('\n'));
  take_until(status, " ");
  const auto code = static_cast<int>(number_in(status));
  while (!text.empty()) {
    const std::string line(take_until(text, "\n"));
    if (!reception.header(line + "\r\n")) break;
    if (line.empty() || line == "\r") break;
  }
  return code;
}

bool give_body(std::string_view text, std::size_t pieces, https::Reception& reception) {
  const std::size_t size = text.size() / std::max<std::size_t>(pieces, 1) + 1;
  for (std::size_t at = 0; at < text.size(); at += size) {
    if (!reception.body(text.substr(at, size))) return false;
  }
  return true;
}

// Whatever the appliance said before, what goes out is well-formed.
void check_request(https::Request& request) {
  require(request.target.starts_with('/'), "a request has a target");
  for (const char c : request.target) {
    require(c > ' ' && c < 0x7F && c != '#', "a target is printable: " + request.target);
  }
  for (const curl_slist* line = request.headers.list(); line != nullptr; line = line->next) {
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

namespace signet::https {

Connection::Connection(std::shared_ptr<Endpoint> endpoint)
    : endpoint_(std::move(endpoint)),
      owner_(process_mark()),
      guard_(endpoint_->options().pins, pinning::Demand::pin) {}

Connection::~Connection() = default;

void Connection::start(Request& request, Deadline /*attempt*/, Milliseconds /*connect_limit*/) {
  using Kind = Fault::Kind;
  fuzz::check_request(request);
  reception_ = Reception();
  not_begun_.reset();
  if (fuzz::answers().empty()) {
    not_begun_ = Fault{Kind::unreachable, "nobody answers"};
    return;
  }
  fuzz::WireAnswer next = fuzz::answers().front();
  fuzz::answers().pop_front();
  last_used_ = std::chrono::steady_clock::now();
  if (!next.text.starts_with("HTTP/")) {
    not_begun_ = Fault{Kind::broken, "this is not HTTP", true};
    return;
  }
  code_ = fuzz::give_header(next.text, reception_);
  if (reception_.oversized() || !fuzz::give_body(next.text, next.pieces, reception_)) {
    not_begun_ = Fault{Kind::oversized, "the answer is larger than 8 MiB", true};
  }
}

bool Connection::step() {
  return true;
}

Result<Response, Fault> Connection::finish() {
  if (not_begun_) return *not_begun_;
  warm_ = true;
  Response response = std::move(reception_.response());
  response.status = code_;
  return response;
}

std::string Connection::peer_address() const {
  return "127.0.0.1";
}

TcpProbe::State TcpProbe::look(const std::string& /*address*/, const std::string& /*port*/,
                               Milliseconds /*patience*/) {
  return State::connected;
}

void TcpProbe::stop() {}

}  // namespace signet::https

namespace signet::transport {

Milliseconds jittered_backoff(Milliseconds /*first*/, Milliseconds /*most*/, unsigned /*round*/) {
  return {};
}

Milliseconds growing_span(Milliseconds /*first*/, Milliseconds most, unsigned /*round*/) {
  return most;
}

}  // namespace signet::transport
