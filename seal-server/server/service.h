// The calls of the contract (seal-v1.openapi.yaml), without sockets: a request with its client's certificate in, an answer
// out. Blocks; thread-safe.
#ifndef SIGNET_SEAL_SERVER_SERVER_SERVICE_H_
#define SIGNET_SEAL_SERVER_SERVER_SERVICE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "https/server/message.h"
#include "seal-server/clients/clients.h"
#include "seal-server/clients/users.h"
#include "seal-server/register/sequencer.h"
#include "seal-server/server/rate_limit.h"
#include "seal-server/store/readers.h"

namespace signet::sealserver {

inline constexpr std::string_view kBasePath = "/seal/v1/";

// One call of a client, or of an administrator or auditor, that was admitted.
struct Call {
  const https::server::Request& request;
  std::string path;   // behind kBasePath
  std::string query;  // without the question mark
  Client client;
  AuthenticationKey key;         // that authenticated
  std::optional<User> official;  // in place of both
  std::string time;              // now, RFC 3339 in UTC
};

class Service {
 public:
  struct Options {
    std::string database;
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
    RateLimit::Options rate = {};
    std::function<void()> ordered = [] {};  // after each order of a certificate
  };

  // The sequencer outlives it.
  Service(Sequencer& sequencer, Options options);

  // Never throws.
  https::server::Response handle(const https::server::Request& request);

  // Whether somebody with this certificate (DER) may finish the handshake: its key was registered once as a client's, or is
  // that of a user. What has become of it since, handle() says.
  bool knows(ByteView certificate);

  // Whether the database answers.
  bool is_healthy();

  // What has to be done from time to time: gives up seals of which there was no word for a day, and forgets old answers.
  void tidy();

 private:
  using Answer = https::server::Response;

  Answer answer_to(const https::server::Request& request);
  void admit_caller(Call& call);

  using Path = std::vector<std::string>;
  Answer dispatch(const Call& call);
  Answer dispatch_log(const Call& call);
  Answer dispatch_transactions(const Call& call, const Path& path);
  Answer dispatch_authentication(const Call& call, const Path& path);
  Answer dispatch_sealing(const Call& call, const Path& path);
  Answer dispatch_administration(const Call& call, const Path& path);

  Answer show_client(const Call& call);
  Answer show_cryptogram(const Call& call);
  Answer change_credentials(const Call& call);
  Answer commit_credentials(const Call& call);
  Answer open_transactions(const Call& call);
  Answer end_transaction(const Call& call, const std::string& id);
  Answer show_transaction(const Call& call, const std::string& id);
  Answer list_transactions(const Call& call);
  Answer show_checkpoint();
  Answer show_tile(const Call& call, const std::string& path);

  Answer order_authentication(const Call& call);
  Answer confirm_authentication(const Call& call, const std::string& id);
  Answer show_order(const Call& call, std::string_view purpose, const std::string& id);
  Answer lease_sealing(const Call& call);
  Answer order_sealing(const Call& call);
  Answer activate_sealing(const Call& call, const std::string& id);

  Answer add_client(const Call& call);
  Answer list_clients(const Call& call);
  Answer show_any_client(const std::string& id);
  Answer change_client(const Call& call, const std::string& id, const std::string& what);
  Answer add_client_key(const Call& call, const std::string& id);
  Answer put_key_cryptogram(const Call& call, const std::string& id, const std::string& key);
  Answer revoke_client_key(const Call& call, const std::string& id, const std::string& key);
  Answer add_client_sealing_certificate(const Call& call, const std::string& id);

  // `work(sql)` over one state of the database, on a connection of its own.
  template <typename Work>
  auto read(Work work) {
    return readers_.read(std::move(work));
  }

  Sequencer& sequencer_;
  const Options options_;
  RateLimit rate_;
  Readers readers_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_SERVICE_H_
