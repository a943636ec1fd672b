// One kept-open connection to one server. A request on it is started, stepped and finished, and never blocks: a libcurl
// multi handle of its own, with one transfer, tells which descriptors and which moment it waits for. Where libcurl has
// connected and made the first request over HTTP/1.1, the following ones are ours (connection_kept.cc): libcurl only
// carries their bytes.
#ifndef SIGNET_HTTPS_CLIENT_CONNECTION_H_
#define SIGNET_HTTPS_CLIENT_CONNECTION_H_

#include <array>
#include <boost/container/small_vector.hpp>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/result.h"
#include "common/task.h"
#include "https/client/endpoint.h"
#include "https/client/message.h"
#include "https/client/multi.h"
#include "https/client/reception.h"
#include "https/client/response_reader.h"
#include "pinning/tls_guard.h"

struct ssl_st;

namespace signet::https {

// Used by one thread at a time. The memory in which libcurl held a request is wiped by the thread of its last step.
class Connection {
 public:
  explicit Connection(std::shared_ptr<Endpoint> endpoint);

  // Ends what is under way. In a child after fork() it says nothing on the wire: the descriptor is
  // closed, the libcurl handles stay behind. They do so too where the host has closed a descriptor of
  // theirs: libcurl would read, write and close what has its number now. After the process's OpenSSL was cleaned up (static
  // destruction), a Connection must not be destroyed.
  ~Connection();

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Begins an exchange that must end within `attempt`, `connect_limit` of it for connecting. The
  // request, which outlives the exchange, goes out with the first step. After a fault the connection
  // is not to be used again. Only a lookup of a name without libcurl's thread blocks here.
  void start(Request& request, Deadline attempt, Milliseconds connect_limit);

  // Goes on as far as it can without blocking, with what was polled of wait() since the last step. True at the end.
  bool step();

  // For the next step; valid until then.
  Wait wait() { return {.until = timer_, .descriptors = {sockets_.data(), sockets_.size()}}; }

  // After the last step.
  Result<Response, Fault> finish();
  const Traffic& traffic() const { return traffic_; }

  // Whether it has carried a response and may still be open.
  bool warm() const { return warm_; }
  SteadyTime last_used() const { return last_used_; }

  // The address that was connected to, "127.0.0.1"; empty: none yet.
  std::string peer_address() const;

  // For libcurl's callbacks: the context of each coming handshake (false ends the attempt), sockets, what to wait for.
  bool prepare_handshake(ssl_ctx_st* context);
  int open_socket(int family, int type, int protocol);  // -1: none
  void close_socket(int descriptor);
  void watch(int descriptor, short events);
  void set_timer(SteadyTime moment) { timer_ = moment; }

 private:
  std::optional<Fault> open();
  // Sets an option. libcurl copies most values: one that it had no memory for leaves another request
  // than was meant, so that nothing is sent where one is refused.
  template <typename Value>
  void set(int option, Value value);
  void set_multi();
  void set_trust(ByteView authorities);
  void set_proxy();
  void set_transport();
  bool resolve();
  void set_request(Request& request);
  void set_limits(Deadline attempt, Milliseconds connect_limit);
  std::optional<Fault> begin(Request& request, Deadline attempt, Milliseconds connect_limit);
  void end();
  void close_handles();
  bool is_whole() const;  // every descriptor of the handles is still ours
  void leave_handles_behind();
  void forget_handles();
  bool is_still_ours();   // the socket of a request of ours
  bool has_sent() const;  // of the request under way, maybe all
  void lose();
  bool act_on_events();  // true: the exchange is over

  // Of the requests that are ours, in connection_kept.cc.
  void keep(int socket);
  void keep_no_more();
  bool is_quiet();
  bool needs_a_look(const Request& request) const;
  bool may_be_ours(const Request& request) const;
  void write(Request& request);
  bool start_ours(Request& request);
  bool step_ours();               // like step()
  int exchange_ours(bool ready);  // a CURLcode, as those below
  int send_ours();
  int receive_ours();
  bool end_ours(int code);  // like step()
  void forget_request();
  bool repeat();  // like step()
  void end_use_of_random();
  void measure();
  Fault no_memory(bool sent) const;
  Fault fault(int curl_code) const;
  Fault handshake_fault() const;

  const std::shared_ptr<Endpoint> endpoint_;
  const std::uint64_t owner_;  // the mark of the process that made it
  pinning::TlsGuard guard_;
  std::unique_ptr<Identity> identity_;  // the handle below may hold its key; null: files, or none
  std::unique_ptr<Multi> multi_;
  void* curl_ = nullptr;         // a CURL
  void* resolved_ = nullptr;     // a curl_slist for CURLOPT_RESOLVE
  std::string target_;           // of the last request
  Method method_ = Method::get;  // likewise
  bool has_body_ = false;        // likewise
  bool once_ = false;            // likewise
  int kept_ =
      -1;  // the socket of a connection on which the next request is ours; -1: it is libcurl's
  bool tuned_ = false;     // its TLS reads ahead
  ssl_st* tls_ = nullptr;  // of a tuned one; null: without TLS
  bool ours_ = false;      // the request under way is
  bool looked_ = false;    // start() has seen that the socket is ours, and nothing happened since
  bool repeated_ = false;  // the request under way was lost on a kept connection before
  Request* request_ = nullptr;
  Deadline attempt_ = Deadline::after(Milliseconds(0));
  Milliseconds connect_limit_{0};
  WipedText outgoing_;  // whole, with its headers
  std::size_t written_ = 0;
  bool all_written_ = false;  // of the last request
  std::optional<ResponseReader> reader_;
  bool lost_ = false;  // a request of that kind may have arrived on a connection that then died
  boost::container::static_vector<int, 8> opened_;     // libcurl's sockets; two are usual at most
  boost::container::small_vector<pollfd, 4> sockets_;  // those that it waits for
  SteadyTime timer_ = SteadyTime::max();
  bool under_way_ = false;
  bool uses_random_ =
      false;  // TLS may have used random numbers in the last step, and may in the next
  std::optional<Fault> not_begun_;  // why the exchange ended before it began
  int code_ = 0;                    // a CURLcode, how it ended
  Reception reception_;
  Traffic traffic_;
  std::array<char, 256> error_text_{};
  int socket_error_ = 0;      // errno of the last attempt; 0: it got one
  bool options_hold_ = true;  // libcurl has taken every option so far
  bool warm_ = false;
  SteadyTime last_used_{};
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_CONNECTION_H_
