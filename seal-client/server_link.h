// Requests to the seal server, for those who know its calls: over kept-open connections, repeated until they are answered or
// their time is over.
#ifndef SIGNET_SEAL_CLIENT_SERVER_LINK_H_
#define SIGNET_SEAL_CLIENT_SERVER_LINK_H_

#include <functional>
#include <memory>
#include <string>

#include "common/clock.h"
#include "common/task.h"
#include "https/client/endpoint.h"
#include "https/client/identity.h"
#include "https/client/message.h"
#include "https/client/pool.h"
#include "https/client/socket_table.h"
#include "pinning/pins.h"
#include "seal-client/contract.h"

namespace signet::sealclient {

struct ServerAddress {
  std::string url;       // "https://host:port", without a slash at its end
  pinning::PinSet pins;  // of the server's key, live and backup
  std::function<std::unique_ptr<https::Identity>()> identity;  // who asks: certificate and key
  std::string user_agent;
};

// Thread-safe.
class ServerLink {
 public:
  explicit ServerLink(ServerAddress address);

  // Every request of the contract may be repeated: reads, results, and announcements by their key (empty: none). `target` is
  // below the contract's base.
  Task<ServerResult<https::Response>> ask(https::Method method, std::string target,
                                          std::string body, std::string key, Deadline deadline);
  ServerResult<https::Response> get(const std::string& target, Deadline deadline);
  ServerResult<https::Response> put(const std::string& target, std::string body, Deadline deadline);

  // Under an idempotency key of its own.
  ServerResult<https::Response> post(const std::string& target, std::string body,
                                     Deadline deadline);

  // In a child after fork(): closes its copies of the descriptors, and says nothing on them.
  void abandon() noexcept { sockets_.close_all(); }

 private:
  using Exchanged = Result<https::Response, https::Fault>;

  Task<Exchanged> exchange(https::Request& request, Deadline deadline);

  https::SocketTable sockets_;
  const std::shared_ptr<https::Endpoint> endpoint_;
  https::Pool pool_;
};

// Random; empty where the system has no randomness.
std::string new_idempotency_key();

ServerError bad_answer();
ServerError no_randomness();

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_SERVER_LINK_H_
