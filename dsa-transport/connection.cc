#include "dsa-transport/connection.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string_view>
#include <utility>

#include "common/descriptor.h"
#include "common/write_guard.h"
#include "dsa-transport/freed_memory.h"
#include "dsa-transport/header_list.h"

namespace signet::transport {

namespace {

using Kind = TransferFault::Kind;

const char* name_of(Method method) {
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

// An exception may not pass through libcurl. Both end the transfer where there is no memory.
std::size_t on_body(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto* const reception = static_cast<Reception*>(target);
  try {
    return reception->body({data, size}) ? size : 0;
  } catch (const std::bad_alloc&) {
    reception->lacked_memory();
    return 0;
  }
}

std::size_t on_header(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto* const reception = static_cast<Reception*>(target);
  try {
    reception->header({data, size});
    return size;
  } catch (const std::bad_alloc&) {
    reception->lacked_memory();
    return 0;
  }
}

// Others, such as that of a machine without IPv6, are a reason why this address cannot be reached.
bool is_want_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

curl_socket_t open_socket(void* connection, curlsocktype /*purpose*/, curl_sockaddr* address) {
  const int descriptor =
      ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  auto* const self = static_cast<Connection*>(connection);
  if (descriptor < 0) {
    if (is_want_of_resources(errno)) self->got_no_socket(errno);
    return CURL_SOCKET_BAD;
  }
  Endpoint* const owner = &self->endpoint();
  // Sent bytes that nobody acknowledges mean a dead peer, long before TCP's own patience ends.
  const auto patience = static_cast<unsigned>(owner->options().limits.connect.count());
  (void)setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
  owner->sockets().add(descriptor);
  return descriptor;
}

int close_socket(void* endpoint, curl_socket_t descriptor) {
  const bool ours = static_cast<Endpoint*>(endpoint)->sockets().remove(descriptor);
  return ours ? ::close(descriptor) : 0;
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

bool is_handshake_code(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED:
      return true;
    default:
      return false;
  }
}

template <typename T>
T info(CURL* curl, CURLINFO what) {
  T value{};
  curl_easy_getinfo(curl, what, &value);
  return value;
}

// At least 1: libcurl takes 0 for "no limit".
long positive(Milliseconds span) {
  return std::max<long>(span.count(), 1);
}

}  // namespace

Connection::Connection(std::shared_ptr<Endpoint> endpoint)
    : endpoint_(std::move(endpoint)),
      owner_(getpid()),
      guard_(endpoint_->options().member.pins, !endpoint_->options().member.ca_file.empty()) {
  const auto& certificate = endpoint_->options().client_certificate;
  if (certificate && pkcs11::is_uri(certificate->key)) identity_.emplace(*certificate);
}

Connection::~Connection() {
  if (curl_ == nullptr) return;
  if (getpid() != owner_) {
    endpoint_->sockets().close_all();
    if (identity_) identity_->abandon();
    return;
  }
  close_handle();
}

void Connection::close_handle() {
  const WriteGuard no_sigpipe;  // OpenSSL writes without MSG_NOSIGNAL
  curl_easy_cleanup(std::exchange(curl_, nullptr));
  curl_slist_free_all(static_cast<curl_slist*>(std::exchange(resolved_, nullptr)));
}

template <typename Value>
void Connection::set(int option, Value value) {
  if (curl_easy_setopt(curl_, static_cast<CURLoption>(option), value) != CURLE_OK) {
    options_hold_ = false;
  }
}

bool Connection::prepare_handshake(ssl_ctx_st* context) {
  guard_.install(context);
  return !identity_ || identity_->install(context);
}

bool Connection::open() {
  if (curl_ != nullptr) return true;
  if (!start_curl()) return false;
  curl_ = curl_easy_init();
  if (curl_ == nullptr) return false;
  options_hold_ = true;
  set_trust();
  set_transport();
  if (!options_hold_) close_handle();
  return options_hold_;
}

void Connection::set_trust() {
  const EndpointOptions& options = endpoint_->options();
  const std::string& ca_file = options.member.ca_file;
  const bool chain = !ca_file.empty();
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_CTX_FUNCTION, transport::prepare_handshake);
  set(CURLOPT_SSL_CTX_DATA, this);
  // The second lock: it also holds for a resumed session, which shows no certificate.
  set(CURLOPT_PINNEDPUBLICKEY, options.member.pins.text().c_str());
  // With verification on and no authorities loaded, nothing is trusted but what the guard accepts.
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, chain ? 2L : 0L);
  set(CURLOPT_CAPATH, nullptr);
  set(CURLOPT_CAINFO, chain ? ca_file.c_str() : nullptr);
  if (!options.client_certificate || identity_) return;
  set(CURLOPT_SSLCERT, options.client_certificate->certificate.c_str());
  set(CURLOPT_SSLKEY, options.client_certificate->key.c_str());
  // Without it OpenSSL would ask the host's terminal for the passphrase of an encrypted key.
  set(CURLOPT_KEYPASSWD, "");
}

void Connection::set_transport() {
  constexpr long keep_idle_seconds = 15;
  constexpr long keep_interval_seconds = 5;
  const EndpointOptions& options = endpoint_->options();
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");  // nor one from the environment
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  // A libcurl without HTTP/2 refuses that, and goes on with HTTP/1.1.
  curl_easy_setopt(curl_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TCP_KEEPIDLE, keep_idle_seconds);
  set(CURLOPT_TCP_KEEPINTVL, keep_interval_seconds);
  set(CURLOPT_MAXCONNECTS, 1L);
  set(CURLOPT_UPLOAD_BUFFERSIZE, kSendBuffer);
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_CLOSESOCKETFUNCTION, close_socket);
  set(CURLOPT_CLOSESOCKETDATA, endpoint_.get());
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_HEADERFUNCTION, on_header);
  if (void* share = endpoint_->sessions().handle(); share != nullptr) set(CURLOPT_SHARE, share);
}

// libcurl's own lookup of a name starts a thread; where that is not wanted, the name is looked up
// here.
bool Connection::resolve() {
  const std::string& host = endpoint_->host();
  if (endpoint_->options().may_create_threads || resolved_ != nullptr || is_address(host)) {
    return true;
  }
  const std::string entry = resolve_entry(host, endpoint_->port());
  if (entry.empty()) return false;
  resolved_ = curl_slist_append(nullptr, entry.c_str());
  if (resolved_ == nullptr) throw std::bad_alloc();
  set(CURLOPT_RESOLVE, resolved_);
  return true;
}

void Connection::set_request(const HttpRequest& request, Reception& reception) {
  const std::string url = endpoint_->options().member.url + request.path;
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_WRITEDATA, &reception);
  set(CURLOPT_HEADERDATA, &reception);
  if (request.body) {
    set(CURLOPT_POST, 1L);
    // Not copied by libcurl: the body stays in memory that is wiped.
    set(CURLOPT_POSTFIELDS, request.body->data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
  } else {
    set(CURLOPT_HTTPGET, 1L);
  }
  set(CURLOPT_CUSTOMREQUEST, name_of(request.method));
}

void Connection::set_limits(Deadline attempt, Milliseconds connect_limit) {
  const Milliseconds left = attempt.left();
  set(CURLOPT_TIMEOUT_MS, positive(left));
  set(CURLOPT_CONNECTTIMEOUT_MS, positive(std::min(left, connect_limit)));
}

void Connection::release_request() {
  set(CURLOPT_POSTFIELDS, nullptr);
  set(CURLOPT_HTTPHEADER, nullptr);
  set(CURLOPT_WRITEDATA, nullptr);
  set(CURLOPT_HEADERDATA, nullptr);
}

void Connection::count() {
  Counters& counters = endpoint_->counters();
  if (info<curl_off_t>(curl_, CURLINFO_APPCONNECT_TIME_T) > 0) {
    counters.handshakes += static_cast<std::uint64_t>(info<long>(curl_, CURLINFO_NUM_CONNECTS));
  }
  counters.bytes_sent += static_cast<std::uint64_t>(
      info<long>(curl_, CURLINFO_REQUEST_SIZE) + info<curl_off_t>(curl_, CURLINFO_SIZE_UPLOAD_T));
  counters.bytes_received += static_cast<std::uint64_t>(
      info<long>(curl_, CURLINFO_HEADER_SIZE) + info<curl_off_t>(curl_, CURLINFO_SIZE_DOWNLOAD_T));
}

Result<HttpAnswer, TransferFault> Connection::exchange(const HttpRequest& request, Deadline attempt,
                                                       Milliseconds connect_limit) {
  if (endpoint_->options().member.pins.empty()) {
    return TransferFault{Kind::untrusted, "no pins are configured, so nothing is trusted"};
  }
  if (endpoint_->host().empty()) {
    return TransferFault{Kind::unreachable, "the url is not an https address"};
  }
  if (!open()) return no_memory(false);
  if (!resolve()) return TransferFault{Kind::unreachable, "the host name cannot be resolved"};

  const WriteGuard no_sigpipe;
  HeaderList headers(request);
  Reception reception;
  error_text_.fill('\0');
  guard_.forget();
  socket_error_ = 0;
  set_request(request, reception);
  set_limits(attempt, connect_limit);
  set(CURLOPT_HTTPHEADER, headers.list());
  if (!options_hold_) {
    close_handle();
    warm_ = false;
    return no_memory(false);
  }
  const CURLcode code = curl_easy_perform(curl_);
  release_request();
  if (request.who != nullptr || request.body) {
    const bool http1 = info<long>(curl_, CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_1_1;
    wipe_freed_memory(http1 ? HttpVersion::http1 : HttpVersion::http2);
  }
  count();
  last_used_ = std::chrono::steady_clock::now();
  if (code != CURLE_OK) {
    warm_ = false;
    return fault(code, reception);
  }
  HttpAnswer answer = std::move(reception.answer());
  answer.status = static_cast<int>(info<long>(curl_, CURLINFO_RESPONSE_CODE));
  // libcurl repeats a request silently when a kept-open connection turns out to be dead.
  answer.may_be_repeated = warm_ && info<long>(curl_, CURLINFO_NUM_CONNECTS) > 0;
  warm_ = true;
  return answer;
}

TransferFault Connection::no_memory(bool sent) const {
  return {Kind::no_resources, "this process has no memory left", sent};
}

TransferFault Connection::handshake_fault() const {
  const config::MemberConfig& member = endpoint_->options().member;
  if (const auto& refused = guard_.refused_pin()) {
    return {Kind::untrusted,
            fmt::format("the server's key has the pin {}, expected was {}; nothing was sent. If "
                        "the certificate was changed on purpose, add its pin to the configuration",
                        refused->text(), member.pins.text()),
            false, true};
  }
  if (identity_ && !identity_->complaint().empty()) {
    return {Kind::untrusted, fmt::format("the client certificate or its key cannot be used: {}",
                                         identity_->complaint())};
  }
  const std::string_view text = error_text_.data();
  constexpr std::string_view unexpected_eof = "0A000126";
  const bool protocol_error = text.find("error:") != std::string_view::npos &&
                              text.find(unexpected_eof) == std::string_view::npos;
  const bool connection_lost = !guard_.fatal_alert() && !protocol_error;
  const long system_error = info<long>(curl_, CURLINFO_OS_ERRNO);
  const bool reset = system_error == ECONNRESET || system_error == EPIPE;
  if (connection_lost && (reset || text.find("SSL_connect") != std::string_view::npos ||
                          text.find(unexpected_eof) != std::string_view::npos)) {
    return {Kind::unreachable,
            fmt::format("the connection was lost during the handshake: {}", text)};
  }
  return {Kind::untrusted, fmt::format("the TLS handshake failed: {}", text)};
}

TransferFault Connection::fault(int curl_code, const Reception& reception) const {
  const auto code = static_cast<CURLcode>(curl_code);
  const std::string text =
      error_text_.front() != '\0' ? error_text_.data() : curl_easy_strerror(code);
  const bool sent = info<long>(curl_, CURLINFO_REQUEST_SIZE) > 0;
  // OpenSSL says it in its error's text only, which libcurl hands on.
  if (code == CURLE_OUT_OF_MEMORY || reception.memory_was_lacking() ||
      guard_.memory_was_lacking() || text.find("malloc failure") != std::string::npos) {
    return no_memory(sent);
  }
  if (socket_error_ != 0) {
    return {Kind::no_resources,
            fmt::format("this process gets no socket: {}", system_text(socket_error_))};
  }
  if (guard_.refused_pin() || is_handshake_code(code)) return handshake_fault();
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT) {
    return {Kind::unreachable, text};
  }
  if (reception.oversized()) return {Kind::oversized, "the answer is larger than 8 MiB", sent};
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return sent ? TransferFault{Kind::timed_out, "no whole answer came in time", true}
                : TransferFault{Kind::unreachable, "no connection came about in time", false};
  }
  // TLS 1.3 refuses a client certificate only after the client's side of the handshake is done.
  if (guard_.fatal_alert() && !reception.began()) {
    return {Kind::untrusted, fmt::format("the server ended TLS: {}", text), sent};
  }
  const bool reused = info<long>(curl_, CURLINFO_NUM_CONNECTS) == 0;
  if (reused && !reception.began()) return {Kind::stale, text, sent};
  return {Kind::broken, text, sent};
}

std::string Connection::peer_address() const {
  if (curl_ == nullptr) return {};
  const auto* address = info<const char*>(curl_, CURLINFO_PRIMARY_IP);
  return address == nullptr ? std::string() : std::string(address);
}

}  // namespace signet::transport
