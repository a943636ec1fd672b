#include "https/client/endpoint.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <new>
#include <utility>

#include "common/bounded_file.h"
#include "common/process_mark.h"

namespace signet::https {

namespace {

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  const CURLUcode code = curl_url_get(url, part, &text, CURLU_DEFAULT_PORT);
  if (code == CURLUE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

struct UrlParts {
  std::string scheme, host, port;  // the host without brackets; all empty where it is no URL
};

UrlParts parts_of(const std::string& text) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  if (!url) throw std::bad_alloc();
  const CURLUcode set = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0);
  if (set == CURLUE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (set != CURLUE_OK) return {};
  UrlParts parts{url_part(url.get(), CURLUPART_SCHEME), url_part(url.get(), CURLUPART_HOST),
                 url_part(url.get(), CURLUPART_PORT)};
  if (parts.host.starts_with('[')) parts.host = parts.host.substr(1, parts.host.size() - 2);
  return parts;
}

}  // namespace

// libcurl's enums become int in the header, which thereby stays free of curl.h.
void SessionCache::lock(void* /*easy*/, int data, int /*access*/, void* self) {
  static_cast<SessionCache*>(self)->mutexes_.at(static_cast<std::size_t>(data)).lock();
}

void SessionCache::unlock(void* /*easy*/, int data, void* self) {
  static_cast<SessionCache*>(self)->mutexes_.at(static_cast<std::size_t>(data)).unlock();
}

SessionCache::SessionCache() : owner_(process_mark()), share_(curl_share_init()) {
  if (share_ == nullptr) return;
  const curl_lock_function lock_function = [](CURL* easy, curl_lock_data data,
                                              curl_lock_access access,
                                              void* self) { lock(easy, data, access, self); };
  const curl_unlock_function unlock_function = [](CURL* easy, curl_lock_data data, void* self) {
    unlock(easy, data, self);
  };
  curl_share_setopt(share_, CURLSHOPT_USERDATA, this);
  curl_share_setopt(share_, CURLSHOPT_LOCKFUNC, lock_function);
  curl_share_setopt(share_, CURLSHOPT_UNLOCKFUNC, unlock_function);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

SessionCache::~SessionCache() {
  // In a child after fork() the connections that use it stay behind, and so does it.
  if (share_ != nullptr && process_mark() == owner_) curl_share_cleanup(share_);
}

Endpoint::Endpoint(EndpointOptions options, SocketTable& sockets)
    : options_(std::move(options)), sockets_(sockets) {
  if (uses_proxy()) {
    UrlParts proxy = parts_of(options_.proxy);
    if (proxy.scheme == "http") {
      proxy_host_ = std::move(proxy.host);
      proxy_port_ = std::move(proxy.port);
    }
  }
  UrlParts parts = parts_of(options_.url);
  if (parts.scheme.empty()) return;
  tls_ = parts.scheme == "https";
  // What is told to prove somebody is not to be forgotten because an address begins otherwise.
  const bool may_be_plain = options_.trust == Trust::none_needed && options_.pins.empty() &&
                            options_.ca_file.empty() && !options_.identity;
  if (!tls_ && (parts.scheme != "http" || !may_be_plain)) return;
  host_ = std::move(parts.host);
  port_ = std::move(parts.port);
}

pinning::Demand Endpoint::demand() const {
  const bool needs_pin = options_.trust == Trust::pins || !options_.pins.empty();
  if (!needs_pin) return pinning::Demand::chain;
  return options_.ca_file.empty() ? pinning::Demand::pin : pinning::Demand::pin_and_chain;
}

SessionCache& Endpoint::sessions() {
  std::call_once(sessions_once_, [this] { sessions_ = std::make_unique<SessionCache>(); });
  return *sessions_;
}

const crypto::LibraryContext& Endpoint::openssl() {
  std::call_once(openssl_once_, [this] {
    if (!openssl_.emplace()) throw std::bad_alloc();  // the next call tries again
  });
  return *openssl_;
}

Result<ByteView, FileError> Endpoint::authorities() {
  constexpr std::size_t most = 4UL * 1024 * 1024;  // bytes; libcurl takes 8,000,000
  const MutexLock lock(authorities_mutex_);
  if (authorities_.empty()) {
    BOOST_OUTCOME_TRY(authorities_, read_file(options_.ca_file, most));
    if (authorities_.empty()) return file_refused(options_.ca_file, "it is empty");
    authorities_.shrink_to_fit();
  }
  return ByteView(authorities_);
}

bool is_address(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::string resolve_entry(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  std::string addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    const bool v6 = entry->ai_family == AF_INET6;
    if (!addresses.empty()) addresses += ',';
    addresses += v6 ? "[" + std::string(text.data()) + "]" : std::string(text.data());
  }
  return addresses.empty() ? std::string() : host + ":" + port + ":" + addresses;
}

}  // namespace signet::https
