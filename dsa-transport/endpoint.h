// What all connections to one member share: where it is, how it is recognised, and its TLS
// sessions.
#ifndef SIGNET_DSA_TRANSPORT_ENDPOINT_H_
#define SIGNET_DSA_TRANSPORT_ENDPOINT_H_

#include <sys/types.h>

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/file_stamp.h"
#include "config/config.h"
#include "dsa-transport/counters.h"
#include "dsa-transport/socket_table.h"

namespace signet::transport {

struct EndpointOptions {
  config::MemberConfig member;
  std::optional<config::ClientCertificate> client_certificate;
  config::Limits limits;
  std::string user_agent;
  bool may_create_threads = true;

  // The files named above, as they were when these options were made: a renewed one makes others.
  std::vector<FileStamp> files;

  bool operator==(const EndpointOptions&) const = default;
};

// Lets the connections of one member resume each other's TLS sessions.
class SessionCache {
 public:
  SessionCache();
  ~SessionCache();
  SessionCache(const SessionCache&) = delete;
  SessionCache& operator=(const SessionCache&) = delete;

  void* handle() const { return share_; }  // a CURLSH

 private:
  static void lock(void* easy, int data, int access, void* self);
  static void unlock(void* easy, int data, void* self);

  static constexpr std::size_t kKinds = 16;  // more than libcurl's kinds of shared data
  const pid_t owner_;                        // the process that made it
  std::array<std::mutex, kKinds> mutexes_;
  void* share_;
};

class Endpoint {
 public:
  // The counters are the member's, the sockets the whole appliance's; both outlive it.
  Endpoint(EndpointOptions options, Counters& counters, SocketTable& sockets);

  const EndpointOptions& options() const { return options_; }
  Counters& counters() const { return counters_; }
  SocketTable& sockets() const { return sockets_; }

  // Made at the first connection, not before: making it needs libcurl's global start.
  SessionCache& sessions();

  // From the member's URL; empty where it is not an https URL.
  const std::string& host() const { return host_; }  // without brackets
  const std::string& port() const { return port_; }

 private:
  const EndpointOptions options_;
  Counters& counters_;
  SocketTable& sockets_;
  std::string host_;
  std::string port_;
  std::once_flag sessions_once_;
  std::unique_ptr<SessionCache> sessions_;
};

// libcurl's global start, once per process and never undone: others in the process may use it too.
// False where it fails.
bool start_curl();

// Whether the host is written as an IPv4 or IPv6 address.
bool is_address(const std::string& host);

// "host:port:[address],…" in the form of CURLOPT_RESOLVE, looked up in this thread; empty where
// nothing is found.
std::string resolve_entry(const std::string& host, const std::string& port);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_ENDPOINT_H_
