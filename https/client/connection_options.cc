// What every request of a connection has in common: trust, sockets, timeouts, callbacks.

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "common/descriptor.h"
#include "common/secret.h"
#include "https/client/connection.h"
#include "https/client/curl_handle.h"
#include "https/client/freed_memory.h"
#include "https/client/tls_options.h"

namespace signet::https {

namespace {

// An exception may not pass through libcurl. Both end the transfer where there is no memory.
std::size_t on_body(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto* const reception = static_cast<Reception*>(target);
  bool taken = false;
  try {
    taken = reception->body({data, size});
  } catch (const std::bad_alloc&) {
    reception->lacked_memory();
  }
  wipe(data, size);  // libcurl's buffer, which lives as long as the connection
  return taken ? size : 0;
}

std::size_t on_header(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto* const reception = static_cast<Reception*>(target);
  try {
    return reception->header({data, size}) ? size : 0;
  } catch (const std::bad_alloc&) {
    reception->lacked_memory();
    return 0;
  }
}

// Others, such as that of a machine without IPv6, are a reason why this address cannot be reached.
bool is_want_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

curl_socket_t on_open(void* connection, curlsocktype /*purpose*/, curl_sockaddr* address) {
  return static_cast<Connection*>(connection)
      ->open_socket(address->family, address->socktype, address->protocol);
}

int on_close(void* connection, curl_socket_t descriptor) {
  static_cast<Connection*>(connection)->close_socket(descriptor);
  return 0;
}

CURLcode prepare_handshake(CURL* /*curl*/, void* context, void* connection) {
  try {
    auto* const self = static_cast<Connection*>(connection);
    return self->prepare_handshake(static_cast<ssl_ctx_st*>(context)) ? CURLE_OK
                                                                      : CURLE_SSL_CERTPROBLEM;
  } catch (const std::bad_alloc&) {
    return CURLE_OUT_OF_MEMORY;
  }
}

int on_socket(CURL* /*curl*/, curl_socket_t descriptor, int what, void* connection,
              void* /*unused*/) {
  short events = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) events |= POLLIN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) events |= POLLOUT;
  try {
    static_cast<Connection*>(connection)->watch(descriptor, events);
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;  // ends the transfer
  }
}

int on_timer(CURLM* /*multi*/, long milliseconds, void* connection) {
  static_cast<Connection*>(connection)
      ->set_timer(milliseconds < 0 ? SteadyTime::max()
                                   : std::chrono::steady_clock::now() + Milliseconds(milliseconds));
  return 0;
}

}  // namespace

int Connection::open_socket(int family, int type, int protocol) {
  // libcurl repeats a request on another connection, without a word, where a kept-open one swallowed it.
  lost_ = lost_ || (once_ && info_of<long>(curl_, CURLINFO_REQUEST_SIZE) > 0);
  if (lost_) return -1;
  Descriptor made(::socket(family, type | SOCK_CLOEXEC, protocol));
  if (!made) {
    if (is_want_of_resources(errno)) socket_error_ = errno;
    return -1;
  }
  // Sent bytes that nobody acknowledges mean a dead peer, long before TCP's own patience ends.
  const auto patience = static_cast<unsigned>(endpoint_->options().connect.count());
  (void)setsockopt(made.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
  if (opened_.size() == opened_.capacity() || !endpoint_->sockets().add(made.get())) {
    socket_error_ = ENOMEM;  // no exception may pass through libcurl
    return -1;
  }
  opened_.push_back(made.get());
  uses_random_ = true;
  return made.release();
}

void Connection::close_socket(int descriptor) {
  const auto known = std::ranges::find(opened_, descriptor);
  if (known != opened_.end()) opened_.erase(known);
  if (endpoint_->sockets().remove(descriptor)) ::close(descriptor);
}

bool Connection::prepare_handshake(ssl_ctx_st* context) {
  if (!set_tls_options(context)) return false;
  guard_.install(context);
  return !identity_ || identity_->install(context);
}

void Connection::watch(int descriptor, short events) {
  const auto same = std::ranges::find(sockets_, descriptor, &pollfd::fd);
  if (events == 0) {
    if (same != sockets_.end()) sockets_.erase(same);
  } else if (same != sockets_.end()) {
    same->events = events;
  } else {
    sockets_.push_back({.fd = descriptor, .events = events, .revents = 0});
  }
}

void Connection::set_multi() {
  CURLM* const multi = multi_->get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1L);
}

void Connection::set_trust(ByteView authorities) {
  const EndpointOptions& options = endpoint_->options();
  const bool chain = guard_.checks_chain();
  set(CURLOPT_SSL_CTX_FUNCTION, https::prepare_handshake);
  set(CURLOPT_SSL_CTX_DATA, this);
  // The second lock: it also holds for a resumed session, which shows no certificate.
  if (guard_.demands_pin()) set(CURLOPT_PINNEDPUBLICKEY, options.pins.text().c_str());
  // With verification on and no authorities loaded, nothing is trusted but what the guard accepts.
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, chain ? 2L : 0L);
  if (chain && options.ca_file.empty()) return;  // libcurl's own are the system's
  set(CURLOPT_CAPATH, nullptr);
  set(CURLOPT_CAINFO, nullptr);
  curl_blob blob{const_cast<std::uint8_t*>(authorities.data()), authorities.size(),
                 CURL_BLOB_NOCOPY};
  set(CURLOPT_CAINFO_BLOB, chain ? &blob : nullptr);
}

// None from the environment, and no exception from there.
void Connection::set_proxy() {
  set(CURLOPT_NOPROXY, "");
  if (!endpoint_->uses_proxy()) {
    set(CURLOPT_PROXY, "");
    return;
  }
  const std::string& host = endpoint_->first_host();
  const bool v6 = host.find(':') != std::string::npos;
  set(CURLOPT_PROXY,
      ("http://" + (v6 ? "[" + host + "]" : host) + ":" + endpoint_->first_port()).c_str());
  // What it says to CONNECT is no part of the server's answer.
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void Connection::set_transport() {
  constexpr long keep_idle_seconds = 15;
  constexpr long keep_interval_seconds = 5;
  const EndpointOptions& options = endpoint_->options();
  set(CURLOPT_NOSIGNAL, 1L);
  set_proxy();
  set(CURLOPT_PROTOCOLS_STR, endpoint_->uses_tls() ? "https" : "http");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PATH_AS_IS, 1L);  // what libcurl folds is another path than the one that was checked
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  // A libcurl without HTTP/2 refuses that, and goes on with HTTP/1.1.
  curl_easy_setopt(curl_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TCP_KEEPIDLE, keep_idle_seconds);
  set(CURLOPT_TCP_KEEPINTVL, keep_interval_seconds);
  set(CURLOPT_UPLOAD_BUFFERSIZE, kSendBuffer);
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_OPENSOCKETFUNCTION, on_open);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_CLOSESOCKETFUNCTION, on_close);
  set(CURLOPT_CLOSESOCKETDATA, this);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, &reception_);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, &reception_);
  set(CURLOPT_HTTPGET, 1L);
  if (void* share = endpoint_->sessions().handle(); share != nullptr) set(CURLOPT_SHARE, share);
}

// libcurl's own lookup of a name starts a thread; where that is not wanted, the name is looked up
// here.
bool Connection::resolve() {
  const std::string& host = endpoint_->first_host();
  const EndpointOptions& options = endpoint_->options();
  const bool known = !options.addresses.empty() && !endpoint_->uses_proxy();
  if ((options.may_create_threads && !known) || resolved_ != nullptr || is_address(host)) {
    return true;
  }
  const std::string entry = known ? host + ":" + endpoint_->first_port() + ":" + options.addresses
                                  : resolve_entry(host, endpoint_->first_port());
  if (entry.empty()) return false;
  resolved_ = curl_slist_append(nullptr, entry.c_str());
  if (resolved_ == nullptr) throw std::bad_alloc();
  set(CURLOPT_RESOLVE, resolved_);
  return true;
}

}  // namespace signet::https
