// What all connections to one server share: where it is, how it is recognised, and its TLS
// sessions.
#ifndef SIGNET_HTTPS_CLIENT_ENDPOINT_H_
#define SIGNET_HTTPS_CLIENT_ENDPOINT_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/clock.h"
#include "common/file_error.h"
#include "common/mutex.h"
#include "common/result.h"
#include "crypto/library_context.h"
#include "https/client/identity.h"
#include "https/client/message.h"
#include "https/client/socket_table.h"
#include "pinning/pins.h"
#include "pinning/tls_guard.h"

namespace signet::https {

// Whom a connection may be made to.
enum class Trust {
  pins,           // https with a pin; an empty set trusts nobody
  pins_or_chain,  // https; without pins the chain and the host name decide
  none_needed,  // likewise, and plain http: for answers that prove themselves, and never with a secret
};

struct EndpointOptions {
  std::string url;       // "https://host:port/path", no trailing slash
  pinning::PinSet pins;  // see Trust
  std::string
      ca_file;  // additional demand: chain to this file and match the host name; empty: none, but
                // where there are no pins and need be none: to an authority that the system trusts
  Trust trust = Trust::pins;
  std::function<std::unique_ptr<Identity>()> identity = {};  // of the client; null: none
  std::string user_agent;
  Milliseconds connect{
      3'000};  // patience with sent bytes that nobody acknowledges, and with TCP probes
  Milliseconds idle{30'000};  // a connection unused for longer is not used again
  unsigned connections = 16;
  std::size_t largest_body = kLargestBody;  // of an answer; bytes
  bool may_create_threads = true;           // false: a host name is looked up in the calling thread
  std::string addresses =
      {};  // of the host, "192.0.2.1,[2001:db8::1]"; empty: the name is looked up
  // "http://host:port" of a proxy; empty: none, whatever the environment says. It looks the host up, is asked for plain http, and
  // leads to https by CONNECT: there it sees the host's name, and nothing inside TLS. `addresses` has no part in it.
  std::string proxy = {};
};

// Lets the connections to one server resume each other's TLS sessions.
class SessionCache {
 public:
  SessionCache();
  ~SessionCache();
  SessionCache(const SessionCache&) = delete;
  SessionCache& operator=(const SessionCache&) = delete;

  void* handle() const { return share_; }  // a CURLSH

 private:
  // libcurl says which mutex, and for how long.
  static void lock(void* easy, int data, int access, void* self) SIGNET_NO_LOCK_ANALYSIS;
  static void unlock(void* easy, int data, void* self) SIGNET_NO_LOCK_ANALYSIS;

  static constexpr std::size_t kKinds = 16;  // more than libcurl's kinds of shared data
  const std::uint64_t owner_;                // the mark of the process that made it
  std::array<Mutex, kKinds> mutexes_;
  void* share_;
};

class Endpoint {
 public:
  // The sockets are those of all its owner's endpoints, and outlive it.
  Endpoint(EndpointOptions options, SocketTable& sockets);

  const EndpointOptions& options() const { return options_; }
  SocketTable& sockets() const { return sockets_; }

  // Both are made at the first connection, not before: making them needs libcurl's global start.
  SessionCache& sessions();
  // Where the TLS of all its connections lives.
  const crypto::LibraryContext& openssl();

  // What the certificate of the server must satisfy.
  pinning::Demand demand() const;
  bool uses_tls() const { return tls_; }

  // The content of ca_file (at most 4 MiB), for libcurl, which would wait for the writer of a FIFO. Read once, but again
  // after an error; lives as long as the endpoint.
  Result<ByteView, FileError> authorities() SIGNET_EXCLUDES(authorities_mutex_);

  // From the URL; empty where it is not one that Trust allows.
  const std::string& host() const { return host_; }  // without brackets
  const std::string& port() const { return port_; }

  // Where connections lead first: to the proxy, or to the host itself. Empty where there is none, or the proxy's URL is not one.
  const std::string& first_host() const { return uses_proxy() ? proxy_host_ : host_; }
  const std::string& first_port() const { return uses_proxy() ? proxy_port_ : port_; }
  bool uses_proxy() const { return !options_.proxy.empty(); }

 private:
  const EndpointOptions options_;
  SocketTable& sockets_;
  bool tls_ = true;
  std::string host_;
  std::string port_;
  std::string proxy_host_;
  std::string proxy_port_;
  std::once_flag openssl_once_;
  std::optional<crypto::LibraryContext> openssl_;  // outlives the sessions
  std::once_flag sessions_once_;
  std::unique_ptr<SessionCache> sessions_;
  Mutex authorities_mutex_;
  Bytes authorities_ SIGNET_GUARDED_BY(authorities_mutex_);  // empty until read
};

// Whether the host is written as an IPv4 or IPv6 address.
bool is_address(const std::string& host);

// "host:port:[address],…" in the form of CURLOPT_RESOLVE, looked up in this thread; empty where
// nothing is found.
std::string resolve_entry(const std::string& host, const std::string& port);

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_ENDPOINT_H_
