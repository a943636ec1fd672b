// A client of the seal server: announces seals before they are made, and reports how they ended, at once or later.
#ifndef SIGNET_SEAL_CLIENT_SEAL_CLIENT_H_
#define SIGNET_SEAL_CLIENT_SEAL_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/task.h"
#include "seal-client/contract.h"
#include "seal-client/kept_log.h"
#include "seal-client/outbox.h"
#include "seal-client/server_link.h"

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
  // Kind::wait while another machine changes the credentials. Where the answer has next credentials, a login takes the lease
  // first: change_credentials({}, {}).
  Task<ServerResult<Cryptogram>> start_cryptogram(Deadline deadline);
  ServerResult<Cryptogram> cryptogram(Deadline deadline);

  // Takes the lease on a change of the appliance password, or goes on under `lease` where that is not empty; keeps `next`
  // (empty: none), which may become the credentials. Kind::wait while another machine has it. The answer is what the server
  // keeps then: after it a login tries the current credentials, then each next, once.
  Task<ServerResult<CredentialsLease>> start_change_credentials(std::string lease, Bytes next,
                                                                Deadline deadline);
  ServerResult<CredentialsLease> change_credentials(const std::string& lease, ByteView next,
                                                    Deadline deadline);

  // These are what the appliance takes: the current ones or one of the next. Ends the lease.
  Task<ServerResult<void>> start_commit_credentials(std::string lease, Bytes credentials,
                                                    Deadline deadline);
  ServerResult<void> commit_credentials(const std::string& lease, ByteView credentials,
                                        Deadline deadline);

  // Registers the key of a PKCS#10 (DER) with its cryptogram (DER) and orders its certificate; gives the order's id. One that
  // this key has registered before and that was not confirmed is revoked by it.
  ServerResult<std::string> order_authentication(ByteView request, ByteView cryptogram,
                                                 Succession succession, Deadline deadline);
  ServerResult<CertificateOrder> authentication_order(const std::string& id, Deadline deadline);

  // By the new key, after a login with it: it is active from now on.
  ServerResult<void> confirm_authentication(const std::string& id, Deadline deadline);

  // Kind::wait while another machine of the client has the lease.
  ServerResult<SealingLease> lease_sealing_key(Deadline deadline);

  // `sealed_request`: a PKCS#10 in a CMS SignedData (DER) by the present sealing certificate. Gives the order's id.
  ServerResult<std::string> order_sealing(const std::string& lease, ByteView sealed_request,
                                          Deadline deadline);
  ServerResult<CertificateOrder> sealing_order(const std::string& id, Deadline deadline);

  // The certificate is in the appliance.
  ServerResult<void> activate_sealing(const std::string& id, Deadline deadline);

  // In a child after fork(): lets go of the parent's connections. Nothing else may be called there.
  void abandon() noexcept { link_.abandon(); }

 private:
  ServerResult<CertificateOrder> order_at(const std::string& target, Deadline deadline);
  ServerResult<std::string> place_order(const std::string& target, std::string body,
                                        Deadline deadline);
  void settle(const std::vector<Reported>& results);

  ServerError contradiction(const std::string& sentence, const std::string& said);
  Task<ServerResult<std::string>> fetch_checkpoint(Deadline deadline);
  Task<ServerResult<bool>> is_continued(crypto::TreeState kept, crypto::TreeState now,
                                        Deadline deadline);
  Task<ServerResult<std::uint64_t>> seen_events(Deadline deadline);
  ServerResult<void> check_receipts(const std::vector<OpenedSeal>& seals, std::uint64_t seen);

  Outbox& outbox_;
  KeptLog* const log_;
  ServerLink link_;
};

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_SEAL_CLIENT_H_
