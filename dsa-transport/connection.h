// One kept-open connection to one member: a libcurl handle that one thread uses at a time.
#ifndef SIGNET_DSA_TRANSPORT_CONNECTION_H_
#define SIGNET_DSA_TRANSPORT_CONNECTION_H_

#include <sys/types.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "dsa-transport/client_identity.h"
#include "dsa-transport/endpoint.h"
#include "dsa-transport/http.h"
#include "dsa-transport/reception.h"
#include "dsa-transport/tls_guard.h"

namespace signet::transport {

// Why no answer came.
struct TransferFault {
  enum class Kind {
    unreachable,   // no connection: name, TCP, or nobody finishing the handshake
    untrusted,     // the handshake was refused, by us or by the server
    timed_out,     // connected, but no whole answer in time
    stale,         // a kept-open connection had died; nothing of an answer came
    broken,        // the answer was cut off, or is not HTTP
    oversized,     // the answer is over kMaxAnswer
    saturated,     // every connection of the pool stayed in use
    no_resources,  // no memory or no descriptor, here: says nothing about the member
  };
  Kind kind;
  std::string sentence;
  bool sent = false;       // the request may have reached the appliance
  bool wrong_pin = false;  // untrusted, because no pin matches
};

class Connection {
 public:
  explicit Connection(std::shared_ptr<Endpoint> endpoint);

  // In a child after fork() it says nothing on the wire: the descriptor is closed, the libcurl
  // handle stays behind. After the process's OpenSSL was cleaned up (static destruction), a
  // Connection must not be destroyed.
  ~Connection();

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends the request and reads the whole answer within `attempt`, `connect_limit` of it for
  // connecting. After a fault the connection is not to be used again.
  Result<HttpAnswer, TransferFault> exchange(const HttpRequest& request, Deadline attempt,
                                             Milliseconds connect_limit);

  // For libcurl, which calls it with the context of each coming handshake. False ends the attempt.
  bool prepare_handshake(ssl_ctx_st* context);

  // For libcurl, where the system refused it a socket.
  void got_no_socket(int error_number) { socket_error_ = error_number; }
  Endpoint& endpoint() { return *endpoint_; }

  // Whether it has carried an answer and may still be open.
  bool warm() const { return warm_; }
  SteadyTime last_used() const { return last_used_; }

  // The address that was connected to, "127.0.0.1"; empty: none yet.
  std::string peer_address() const;

 private:
  bool open();
  // Sets an option. libcurl copies most values: one that it had no memory for leaves another request
  // than was meant, so that nothing is sent where one is refused.
  template <typename Value>
  void set(int option, Value value);
  void set_trust();
  void set_transport();
  bool resolve();
  void set_request(const HttpRequest& request, Reception& reception);
  void set_limits(Deadline attempt, Milliseconds connect_limit);
  void release_request();
  void close_handle();
  TransferFault no_memory(bool sent) const;
  void count();
  TransferFault fault(int curl_code, const Reception& reception) const;
  TransferFault handshake_fault() const;

  const std::shared_ptr<Endpoint> endpoint_;
  const pid_t owner_;  // the process that made it
  TlsGuard guard_;
  std::optional<ClientIdentity> identity_;  // of a token; the handle below may hold its key
  void* curl_ = nullptr;                    // a CURL
  void* resolved_ = nullptr;                // a curl_slist for CURLOPT_RESOLVE
  std::array<char, 256> error_text_{};
  int socket_error_ = 0;      // errno of the last attempt; 0: it got one
  bool options_hold_ = true;  // libcurl has taken every option so far
  bool warm_ = false;
  SteadyTime last_used_{};
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_CONNECTION_H_
