// The requests that follow the first one on a kept-open HTTP/1.1 connection. libcurl has made the connection, keeps it, and
// carries the bytes; what they say is written and read here, in memory that is wiped. A request costs libcurl alone several
// times what it costs this way, and leaves its secrets in memory that only libcurl can wipe, and does not.

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <new>
#include <utility>

#include "common/secret.h"
#include "https/client/connection.h"
#include "https/client/curl_handle.h"

namespace signet::https {

namespace {

constexpr std::size_t kPiece = 16'384;  // bytes: a record of TLS

// Servers end connections that nobody uses. One that was used just now is not asked whether it has ended: where it has, the
// request is sent again, unless it is made only once.
constexpr Milliseconds kInUse{100};

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      break;
  }
  return "DELETE";
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != '#'; });
}

// What comes after the host and the port.
std::string_view path_of(std::string_view url) {
  const std::size_t host = url.find("://");
  const std::size_t path =
      host == std::string_view::npos ? host : url.find_first_of("/?", host + 3);
  return path == std::string_view::npos ? std::string_view() : url.substr(path);
}

}  // namespace

// The handle stays in its multi handle, where libcurl finds the connection for curl_easy_send().
void Connection::keep(int socket) {
  if (curl_easy_setopt(curl_, CURLOPT_CONNECT_ONLY, 1L) != CURLE_OK) return;
  kept_ = socket;
  tuned_ = false;
  tls_ = nullptr;
}

void Connection::keep_no_more() {
  if (std::exchange(kept_, -1) < 0) return;
  const crypto::DefaultContext ours(endpoint_->openssl());
  curl_easy_setopt(curl_, CURLOPT_CONNECT_ONLY, 0L);
  curl_multi_remove_handle(multi_->get(), curl_);
}

bool Connection::is_still_ours() {
  return std::exchange(looked_, false) || endpoint_->sockets().has(kept_);
}

bool Connection::has_sent() const {
  if (repeated_) return true;
  return ours_ ? written_ > 0 : info_of<long>(curl_, CURLINFO_REQUEST_SIZE) > 0;
}

// What libcurl would have to encode or to refuse is left to it.
bool Connection::may_be_ours(const Request& request) const {
  const EndpointOptions& options = endpoint_->options();
  return is_plain(options.url) && options.url.find('@') == std::string::npos &&
         is_plain(request.target);
}

// What TLS has read ahead may be an answer that nobody asked for: to look at that costs no system call.
bool Connection::needs_a_look(const Request& request) const {
  const bool in_use = tuned_ && std::chrono::steady_clock::now() - last_used_ < kInUse;
  return !in_use || request.once || request.looks_first ||
         (tls_ != nullptr && SSL_has_pending(tls_) == 1);
}

// A server that ends a connection does so while nobody uses it. Whatever it has sent unasked, nothing follows it.
bool Connection::is_quiet() {
  const crypto::DefaultContext ours(endpoint_->openssl());
  std::array<char, 64> unasked{};
  std::size_t size = 0;
  if (curl_easy_recv(curl_, unasked.data(), unasked.size(), &size) != CURLE_AGAIN) return false;
  if (std::exchange(tuned_, true)) return true;
  const auto* const session = info_of<curl_tlssessioninfo*>(curl_, CURLINFO_TLS_SSL_PTR);
  if (session != nullptr && session->internals != nullptr) {
    // Not for libcurl's own requests: it waits for the socket while OpenSSL has read the rest of an answer already.
    tls_ = static_cast<SSL*>(session->internals);
    SSL_set_read_ahead(tls_, 1);
    SSL_clear_mode(tls_, SSL_MODE_RELEASE_BUFFERS);
  }
  return true;
}

void Connection::write(Request& request) {
  const EndpointOptions& options = endpoint_->options();
  const std::string& host = endpoint_->host();
  const std::string& port = endpoint_->port();
  std::string_view path = path_of(options.url);
  outgoing_.clear();
  append(outgoing_, name_of(request.method));
  const std::string_view first = path.empty() ? std::string_view(request.target) : path;
  append(outgoing_, first.starts_with('/') ? " " : " /");
  append(outgoing_, path);
  append(outgoing_, request.target);
  append(outgoing_, " HTTP/1.1\r\nHost: ");
  const bool v6 = host.find(':') != std::string::npos;
  if (v6) append(outgoing_, "[");
  append(outgoing_, host);
  if (v6) append(outgoing_, "]");
  if (port != (endpoint_->uses_tls() ? "443" : "80")) {
    append(outgoing_, ":");
    append(outgoing_, port);
  }
  if (!options.user_agent.empty()) {
    append(outgoing_, "\r\nUser-Agent: ");
    append(outgoing_, options.user_agent);
  }
  bool accepts = false;
  for (const curl_slist* line = request.headers.list(); line != nullptr; line = line->next) {
    const std::string_view text = line->data;
    if (text.ends_with(':')) continue;  // takes one of libcurl's own out
    accepts = accepts || text.starts_with("Accept:");
    append(outgoing_, "\r\n");
    append(outgoing_, text);
  }
  if (!accepts) append(outgoing_, "\r\nAccept: */*");
  if (request.body) {
    append(outgoing_, "\r\nContent-Length: ");
    fmt::format_to(std::back_inserter(outgoing_), "{}", request.body->size());
  }
  append(outgoing_, "\r\n\r\n");
  if (request.body) append(outgoing_, text_of(*request.body));
}

bool Connection::start_ours(Request& request) {
  if (kept_ < 0 || !warm_ || !may_be_ours(request) || !endpoint_->sockets().has(kept_))
    return false;
  if (needs_a_look(request) && !is_quiet()) {
    close_handles();
    return false;
  }
  error_text_.fill('\0');
  guard_.forget();
  socket_error_ = 0;
  once_ = request.once;
  lost_ = false;
  reception_ = Reception(endpoint_->options().largest_body);
  reader_.emplace(reception_);
  write(request);
  written_ = 0;
  looked_ = true;
  sockets_.clear();
  sockets_.push_back({.fd = kept_, .events = 0, .revents = 0});
  return true;
}

bool Connection::step_ours() {
  pollfd& socket = sockets_.front();
  const bool first = timer_ == SteadyTime::min();
  const bool ready = std::exchange(socket.revents, short{0}) != 0;
  timer_ = attempt_.moment();
  if (!first && !ready) return attempt_.passed() && end_ours(CURLE_OPERATION_TIMEDOUT);
  const int code = exchange_ours(ready);
  if (code != CURLE_AGAIN) return end_ours(code);
  if (attempt_.passed()) return end_ours(CURLE_OPERATION_TIMEDOUT);
  const bool sends = written_ < outgoing_.size();
  socket.events = static_cast<short>(sends ? POLLIN | POLLOUT : POLLIN);
  return false;
}

// Goes on as far as it can. CURLE_AGAIN: it waits for the socket.
int Connection::exchange_ours(bool ready) try {
  const crypto::DefaultContext ours(endpoint_->openssl());
  const int sent = send_ours();
  const bool failed = sent != CURLE_OK && sent != CURLE_AGAIN;
  // An answer may come before everything is sent, and be the reason why no more of it is taken.
  const int received = ready || failed ? receive_ours() : CURLE_AGAIN;
  return failed && received == CURLE_AGAIN ? sent : received;
} catch (const std::bad_alloc&) {
  return CURLE_OUT_OF_MEMORY;
}

int Connection::send_ours() {
  while (written_ < outgoing_.size()) {
    std::size_t size = 0;
    const CURLcode code =
        curl_easy_send(curl_, outgoing_.data() + written_, outgoing_.size() - written_, &size);
    if (code != CURLE_OK) return code;
    written_ += size;
    traffic_.sent += size;
  }
  return CURLE_OK;
}

int Connection::receive_ours() {
  struct Piece {
    ~Piece() { wipe(bytes.data(), size); }
    std::array<char, kPiece> bytes;
    std::size_t size = 0;
  };
  for (;;) {
    Piece piece;
    const CURLcode code =
        curl_easy_recv(curl_, piece.bytes.data(), piece.bytes.size(), &piece.size);
    if (code != CURLE_OK) return code;
    if (piece.size == 0) {
      if (reader_->take_end()) return CURLE_OK;
      return traffic_.received == 0 ? CURLE_GOT_NOTHING : CURLE_PARTIAL_FILE;
    }
    traffic_.received += piece.size;
    if (!reader_->take({piece.bytes.data(), piece.size})) return CURLE_WEIRD_SERVER_REPLY;
    if (reader_->done()) return CURLE_OK;
    if (attempt_.passed()) return CURLE_OPERATION_TIMEDOUT;  // there may always be more
  }
}

bool Connection::end_ours(int code) {
  const bool lost = traffic_.received == 0 && code != CURLE_OK &&
                    code != CURLE_OPERATION_TIMEDOUT && code != CURLE_OUT_OF_MEMORY;
  if (lost && (!once_ || written_ == 0)) return repeat();
  lost_ = lost;
  under_way_ = false;
  code_ = code;
  forget_request();
  last_used_ = std::chrono::steady_clock::now();
  return true;
}

void Connection::forget_request() {
  constexpr std::size_t usual = 65'536;
  wipe(outgoing_.data(), outgoing_.size());
  all_written_ = written_ == outgoing_.size();
  outgoing_.clear();
  if (outgoing_.capacity() > usual) outgoing_ = {};
}

// As libcurl does with requests of its own: the server closed the connection while the request was on its way.
bool Connection::repeat() {
  repeated_ = written_ > 0;
  forget_request();
  close_handles();
  ours_ = false;
  timer_ = SteadyTime::min();
  not_begun_ = begin(*request_, attempt_, connect_limit_);
  under_way_ = !not_begun_;
  if (under_way_) return act_on_events();
  not_begun_->sent = repeated_;
  return true;
}

}  // namespace signet::https
