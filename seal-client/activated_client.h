// A client that was activated: its calls at the seal server, and the credentials that it finds there.
#ifndef SIGNET_SEAL_CLIENT_ACTIVATED_CLIENT_H_
#define SIGNET_SEAL_CLIENT_ACTIVATED_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/task.h"
#include "seal-client/activation_file.h"
#include "seal-client/credentials.h"
#include "seal-client/seal_client.h"

namespace signet::sealclient {

struct LoginError {
  enum class Kind {
    server,          // the seal server: see `server`
    forged,          // what it gave is not this client's: another K, changed, or another client's
    wrong_password,  // the appliance takes none of the passwords
    appliance,       // the appliance: unreachable, a locked account and so on
  };
  Kind kind = Kind::server;
  std::string sentence;  // whole; never a secret
  ServerError::Kind server = ServerError::Kind::unreachable;
};

template <typename T>
using LoginResult = Result<T, LoginError>;

// What the appliance says to credentials: nothing, or Kind::wrong_password or Kind::appliance.
using TryCredentials = std::function<LoginResult<void>(const Credentials&)>;

// What a login may try, in this order and each once: the current credentials first. More than one only where a change of the
// password was cut off; then the lease on it is this client's.
struct OfferedCredentials {
  std::vector<Credentials> candidates;
  std::vector<Bytes> encrypted;  // the same, as the server keeps them
  std::string lease;             // empty: there is one candidate
};

// Used by one thread at a time.
class ActivatedClient {
 public:
  // The outbox outlives it. Null where the activation's key cannot be read.
  static std::unique_ptr<ActivatedClient> make(Activation activation, Outbox& outbox,
                                               std::string user_agent);

  const Activation& activation() const { return activation_; }
  SealClient& server() { return *server_; }

  // In a child after fork(): see SealClient::abandon().
  void abandon() noexcept { server_->abandon(); }

  // Fetched and decrypted; only what is in them says to whom the password goes. Waits while another machine of the client
  // changes it.
  Task<LoginResult<OfferedCredentials>> start_offer(Deadline deadline);

  // The appliance took that candidate.
  Task<LoginResult<void>> start_settle(OfferedCredentials offered, std::size_t accepted,
                                       Deadline deadline);

  // Both, with `attempt` in between: the credentials that the appliance takes.
  LoginResult<Credentials> log_in(const TryCredentials& attempt, Deadline deadline);

  // K, for another key of this client.
  LoginResult<Secret> content_key(Deadline deadline);

 private:
  ActivatedClient() = default;
  Task<LoginResult<Cryptogram>> start_fetch(Deadline deadline);
  LoginResult<Secret> opened(const Cryptogram& cryptogram) const;
  LoginResult<void> add_candidate(const Bytes& encrypted, const Secret& content_key,
                                  OfferedCredentials& offered) const;

  Activation activation_;
  std::shared_ptr<EVP_PKEY> key_;
  std::unique_ptr<SealClient> server_;
};

// Options for a client at this place.
Options options_at(const ServerPlace& place, std::vector<Bytes> chain,
                   std::shared_ptr<EVP_PKEY> key, std::string user_agent);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_ACTIVATED_CLIENT_H_
