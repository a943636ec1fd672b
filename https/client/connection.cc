#include "https/client/connection.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "common/process_mark.h"
#include "https/client/curl_handle.h"
#include "https/client/curl_start.h"
#include "https/client/freed_memory.h"

namespace signet::https {

namespace {

using Kind = Fault::Kind;

// What libcurl is told beside CURLOPT_HTTPGET and CURLOPT_POST; null: those say it.
const char* custom_name_of(Method method) {
  switch (method) {
    case Method::get:
    case Method::post:
      break;
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
  }
  return nullptr;
}

// At least 1: libcurl takes 0 for "no limit".
long positive(Milliseconds span) {
  return std::max<long>(span.count(), 1);
}

int events_of(short revents) {
  int events = 0;
  if ((revents & (POLLIN | POLLHUP)) != 0) events |= CURL_CSELECT_IN;
  if ((revents & POLLOUT) != 0) events |= CURL_CSELECT_OUT;
  if ((revents & (POLLERR | POLLNVAL)) != 0) events |= CURL_CSELECT_ERR;
  return events;
}

}  // namespace

Connection::Connection(std::shared_ptr<Endpoint> endpoint)
    : endpoint_(std::move(endpoint)),
      owner_(process_mark()),
      guard_(endpoint_->options().pins, endpoint_->demand()) {
  if (endpoint_->options().identity) identity_ = endpoint_->options().identity();
}

Connection::~Connection() {
  if (curl_ == nullptr) return;
  if (process_mark() != owner_) {
    endpoint_->sockets().close_all();
    if (identity_) identity_->abandon();
    multi_->leave_behind(curl_);
    return;
  }
  if (is_whole()) {
    if (under_way_ && !ours_) {
      code_ = CURLE_ABORTED_BY_CALLBACK;
      end();
    }
    close_handles();
  } else {
    leave_handles_behind();
  }
}

void Connection::close_handles() {
  keep_no_more();
  {
    const crypto::DefaultContext ours(endpoint_->openssl());
    curl_easy_cleanup(std::exchange(curl_, nullptr));
    multi_.reset();
    curl_slist_free_all(static_cast<curl_slist*>(std::exchange(resolved_, nullptr)));
  }
  if (std::exchange(uses_random_, false)) crypto::end_thread_in(endpoint_->openssl());
  forget_handles();
}

void Connection::forget_handles() {
  kept_ = -1;
  tls_ = nullptr;
  opened_.clear();
  sockets_.clear();
  target_.clear();
  method_ = Method::get;
  has_body_ = false;
  warm_ = false;
}

bool Connection::is_whole() const {
  const SocketTable& ours = endpoint_->sockets();
  return multi_->is_whole() &&
         std::ranges::all_of(opened_, [&](int each) { return ours.has(each); });
}

// Nothing of them is used any more. Their memory is lost, for a connection or two in the life of a daemon.
void Connection::leave_handles_behind() {
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, nullptr);
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(curl_, CURLOPT_SHARE, nullptr);
  for (const int descriptor : opened_) {
    if (endpoint_->sockets().remove(descriptor)) ::close(descriptor);
  }
  multi_->leave_behind(curl_);
  multi_.reset();
  curl_ = nullptr;
  resolved_ = nullptr;
  forget_handles();
}

void Connection::lose() {
  under_way_ = false;
  measure();
  not_begun_ =
      Fault{Kind::stale, "this program has closed the connection's descriptor", has_sent()};
  leave_handles_behind();
}

std::optional<Fault> Connection::open() {
  if (curl_ != nullptr && !is_whole()) leave_handles_behind();
  if (kept_ >= 0) close_handles();
  if (curl_ != nullptr) return std::nullopt;
  ByteView authorities;
  if (!endpoint_->options().ca_file.empty()) {
    const auto read = endpoint_->authorities();
    if (!read) return Fault{Kind::untrusted, "cannot use " + read.error().sentence};
    authorities = read.value();
  }
  if (!start_curl()) return no_memory(false);
  (void)endpoint_->openssl();  // may throw, before there is anything to close
  multi_ = std::make_unique<Multi>(endpoint_->sockets());
  curl_ = curl_easy_init();
  options_hold_ = multi_->get() != nullptr && curl_ != nullptr;
  if (options_hold_) {
    set_multi();
    set_trust(authorities);
    set_transport();
  }
  if (options_hold_) return std::nullopt;
  close_handles();
  return no_memory(false);
}

void Connection::set_request(Request& request) {
  // Another request of the same kind to the same place needs no option but its headers and its body.
  if (target_.empty() || request.target != target_) {
    set(CURLOPT_URL, (endpoint_->options().url + request.target).c_str());
    target_ = request.target;
  }
  if (request.body) {
    set(CURLOPT_POST, 1L);
    // Not copied by libcurl: the body stays in memory that is wiped.
    set(CURLOPT_POSTFIELDS, request.body->data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
  } else if (has_body_) {
    set(CURLOPT_HTTPGET, 1L);
  }
  has_body_ = request.body.has_value();
  if (request.method != method_) {
    set(CURLOPT_CUSTOMREQUEST, custom_name_of(request.method));
    method_ = request.method;
  }
  set(CURLOPT_HTTPHEADER, request.headers.list());
}

void Connection::set_limits(Deadline attempt, Milliseconds connect_limit) {
  const Milliseconds left = attempt.left();
  set(CURLOPT_TIMEOUT_MS, positive(left));
  set(CURLOPT_CONNECTTIMEOUT_MS, positive(std::min(left, connect_limit)));
}

std::optional<Fault> Connection::begin(Request& request, Deadline attempt,
                                       Milliseconds connect_limit) {
  if (endpoint_->options().pins.empty() && guard_.demands_pin()) {
    return Fault{Kind::untrusted, "no pins are configured, so nothing is trusted"};
  }
  if (endpoint_->host().empty()) {
    return Fault{Kind::unreachable, endpoint_->options().trust == Trust::none_needed
                                        ? "the url is not an http or https address"
                                        : "the url is not an https address"};
  }
  if (endpoint_->first_host().empty())
    return Fault{Kind::unreachable, "the proxy's url is not an http address"};
  if (auto fault = open()) return fault;
  if (!resolve()) return Fault{Kind::unreachable, "the host name cannot be resolved"};
  error_text_.fill('\0');
  guard_.forget();
  socket_error_ = 0;
  once_ = request.once;
  lost_ = false;
  reception_ = Reception(endpoint_->options().largest_body);
  set_request(request);
  set_limits(attempt, connect_limit);
  if (options_hold_ && curl_multi_add_handle(multi_->get(), curl_) != CURLM_OK)
    options_hold_ = false;
  if (options_hold_) return std::nullopt;
  close_handles();
  return no_memory(false);
}

void Connection::start(Request& request, Deadline attempt, Milliseconds connect_limit) {
  traffic_ = {};
  timer_ = SteadyTime::min();
  not_begun_.reset();
  request_ = &request;
  attempt_ = attempt;
  connect_limit_ = connect_limit;
  repeated_ = false;
  ours_ = false;
  ours_ = start_ours(request);
  if (!ours_) not_begun_ = begin(request, attempt, connect_limit);
  under_way_ = !not_begun_;
}

// A handshake uses random numbers; later on records do, unless their cipher is an AEAD.
void Connection::end_use_of_random() {
  if (!uses_random_) return;
  crypto::end_thread_in(endpoint_->openssl());
  const bool connected = under_way_ && info_of<curl_off_t>(curl_, CURLINFO_APPCONNECT_TIME_T) > 0;
  const auto* const session =
      connected ? info_of<curl_tlssessioninfo*>(curl_, CURLINFO_TLS_SSL_PTR) : nullptr;
  if (session == nullptr || session->internals == nullptr) return;
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(static_cast<SSL*>(session->internals));
  uses_random_ = cipher == nullptr || SSL_CIPHER_is_aead(cipher) == 0;
}

bool Connection::step() {
  if (!under_way_) return true;
  if (ours_ ? !is_still_ours() : !is_whole()) {
    lose();
    return true;
  }
  const bool over = ours_ ? step_ours() : act_on_events();
  end_use_of_random();
  return over;
}

bool Connection::act_on_events() {
  const crypto::DefaultContext ours(endpoint_->openssl());
  int running = 0;
  CURLMcode trouble = CURLM_OK;
  const auto act = [&](int descriptor, int events) {
    const CURLMcode code = curl_multi_socket_action(multi_->get(), descriptor, events, &running);
    if (code != CURLM_OK) trouble = code;
  };
  // libcurl changes the list meanwhile. An event that is passed over for that stays in it, and ends the next wait at once.
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    const pollfd ready = sockets_[i];
    sockets_[i].revents = 0;
    if (ready.revents != 0) act(ready.fd, events_of(ready.revents));
  }
  if (std::chrono::steady_clock::now() >= timer_) {
    timer_ = SteadyTime::max();
    act(CURL_SOCKET_TIMEOUT, 0);
  }
  int left = 0;
  const CURLMsg* const message = curl_multi_info_read(multi_->get(), &left);
  if (message == nullptr && trouble == CURLM_OK) return false;
  // Where libcurl itself gives up, it had no memory, or a callback of ours had none.
  code_ = message != nullptr ? message->data.result : CURLE_OUT_OF_MEMORY;
  end();
  return true;
}

// Takes the transfer out, whether it is complete or not, and everything of the request out of libcurl.
void Connection::end() {
  under_way_ = false;
  measure();
  const crypto::DefaultContext ours(endpoint_->openssl());
  const auto kept = info_of<curl_socket_t>(curl_, CURLINFO_ACTIVESOCKET);
  const bool http1 = info_of<long>(curl_, CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_1_1;
  // A proxy wants whole URLs, as libcurl writes them.
  const bool may_keep = http1 && kept != CURL_SOCKET_BAD && !endpoint_->uses_proxy();
  if (code_ == CURLE_OK && may_keep) keep(kept);
  if (kept_ < 0) curl_multi_remove_handle(multi_->get(), curl_);
  // libcurl 7.88 closes sockets that were never connected without asking close_socket(); their numbers are others' now.
  const auto dropped = std::ranges::remove_if(opened_, [&](int each) { return each != kept; });
  opened_.erase(dropped.begin(), dropped.end());
  if (has_body_) curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, nullptr);
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, nullptr);
  wipe_freed_memory(http1 ? HttpVersion::http1 : HttpVersion::http2);
  last_used_ = std::chrono::steady_clock::now();
}

void Connection::measure() {
  if (ours_) return;  // it counts by itself
  if (info_of<curl_off_t>(curl_, CURLINFO_APPCONNECT_TIME_T) > 0) {
    traffic_.handshakes = static_cast<std::uint64_t>(info_of<long>(curl_, CURLINFO_NUM_CONNECTS));
  }
  traffic_.connections = static_cast<std::uint64_t>(info_of<long>(curl_, CURLINFO_NUM_CONNECTS));
  traffic_.sent += static_cast<std::uint64_t>(info_of<long>(curl_, CURLINFO_REQUEST_SIZE) +
                                              info_of<curl_off_t>(curl_, CURLINFO_SIZE_UPLOAD_T));
  traffic_.received +=
      static_cast<std::uint64_t>(info_of<long>(curl_, CURLINFO_HEADER_SIZE) +
                                 info_of<curl_off_t>(curl_, CURLINFO_SIZE_DOWNLOAD_T));
}

Result<Response, Fault> Connection::finish() {
  if (not_begun_) return *std::exchange(not_begun_, std::nullopt);
  if (code_ != CURLE_OK) {
    warm_ = false;
    Fault fault = this->fault(code_);
    fault.sent = fault.sent || repeated_;
    return fault;
  }
  Response response = std::move(reception_.response());
  response.status =
      ours_ ? reader_->status() : static_cast<int>(info_of<long>(curl_, CURLINFO_RESPONSE_CODE));
  // libcurl, too, repeats a request silently when a kept-open connection turns out to be dead.
  response.may_be_repeated =
      repeated_ || (!ours_ && warm_ && info_of<long>(curl_, CURLINFO_NUM_CONNECTS) > 0);
  warm_ = !ours_ || (all_written_ && reader_->keeps_connection());
  return response;
}

std::string Connection::peer_address() const {
  if (curl_ == nullptr) return {};
  const auto* address = info_of<const char*>(curl_, CURLINFO_PRIMARY_IP);
  return address == nullptr ? std::string() : std::string(address);
}

}  // namespace signet::https
