// A client of the seal server: announces seals before they are made, and reports how they ended, at once or later.
#ifndef SIGNET_SEAL_CLIENT_SEAL_CLIENT_H_
#define SIGNET_SEAL_CLIENT_SEAL_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/task.h"
#include "https/client/endpoint.h"
#include "https/client/identity.h"
#include "https/client/message.h"
#include "https/client/pool.h"
#include "https/client/socket_table.h"
#include "pinning/pins.h"
#include "seal-client/contract.h"
#include "seal-client/kept_log.h"
#include "seal-client/outbox.h"

namespace signet::sealclient {

struct Options {
  std::string url;       // "https://host:port", without a slash at its end
  pinning::PinSet pins;  // of the server's key, live and backup
  std::function<std::unique_ptr<https::Identity>()> identity;  // the client's certificate and key
  std::string user_agent;
  KeptLog* log = nullptr;  // outlives the client; null: the log is not looked at
};

// Thread-safe.
class SealClient {
 public:
  // The outbox outlives it.
  SealClient(Options options, Outbox& outbox);

  // Announces 1 to kMostSeals seals; at the return they are in the register. Results of the outbox go with it, and leave it.
  // A request that may not have arrived is repeated until the deadline under the same idempotency key, so that nothing is
  // opened twice.
  Task<ServerResult<std::vector<OpenedSeal>>> start_open(std::vector<NewSeal> seals,
                                                         Deadline deadline);
  ServerResult<std::vector<OpenedSeal>> open(std::vector<NewSeal> seals, Deadline deadline);

  // Keeps the result for the next request; uses no network. With an error it is not on disk, but is reported all the same
  // while the process lives.
  Result<void, FileError> end(const NamedResult& result) { return outbox_.add(result); }

  // Reports all that is in the outbox, each result by itself; for a quiet moment, such as a logout. Ends with the first one
  // that the server could not be told.
  ServerResult<void> flush(Deadline deadline);

  // Whether the server's log continues what this client saw of it; keeps its newest checkpoint. open() does so with the first
  // call of a process and every ten minutes, and compares each new event's number with what was seen. After a
  // Kind::contradiction open() refuses until accept_log(), which goes on with the log as it is now: for a person to decide.
  Task<ServerResult<void>> start_check_log(Deadline deadline);
  ServerResult<void> check_log(Deadline deadline);
  ServerResult<void> accept_log(Deadline deadline);

  ServerResult<ClientStatus> status(Deadline deadline);
  ServerResult<Cryptogram> cryptogram(Deadline deadline);

 private:
  using Exchanged = Result<https::Response, https::Fault>;

  Task<Exchanged> exchange(https::Request& request, Deadline deadline);
  Task<ServerResult<https::Response>> ask(https::Method method, std::string target,
                                          std::string body, std::string key, Deadline deadline);
  ServerResult<https::Response> get(const char* target, Deadline deadline);
  void settle(const std::vector<Reported>& results);

  ServerError contradiction(const std::string& sentence, const std::string& said);
  Task<ServerResult<std::string>> fetch_checkpoint(Deadline deadline);
  Task<ServerResult<bool>> is_continued(crypto::TreeState kept, crypto::TreeState now,
                                        Deadline deadline);
  Task<ServerResult<std::uint64_t>> seen_events(Deadline deadline);
  ServerResult<void> check_receipts(const std::vector<OpenedSeal>& seals, std::uint64_t seen);

  Outbox& outbox_;
  KeptLog* const log_;
  https::SocketTable sockets_;
  const std::shared_ptr<https::Endpoint> endpoint_;
  https::Pool pool_;
};

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_SEAL_CLIENT_H_
