// The way into a service: an access token, fetched once for all calls, kept until shortly before it ends, and fetched
// again where the service does not accept it any more.
#ifndef SIGNET_DSA_TRANSPORT_CSC_ACCESS_H_
#define SIGNET_DSA_TRANSPORT_CSC_ACCESS_H_

#include <memory>
#include <optional>
#include <string>

#include "common/mutex.h"
#include "common/secret.h"
#include "common/task.h"
#include "dsa-transport/cluster.h"
#include "dsa-transport/csc/answers.h"
#include "dsa-transport/csc/turns.h"

namespace signet::transport::csc {

// Null: the service wants none.
using AccessToken = std::shared_ptr<const Secret>;

// Thread-safe. However many calls wait for a token, one of them asks for it; where that one is cancelled, another does.
class ServiceAccess {
 public:
  // Asks `service` for auth/login, whose counters and limits it shares.
  explicit ServiceAccess(Cluster& service);

  // One that is valid for now. `info`: what the service says of its authorization server. The secret is read from its source when a token is
  // fetched, which takes as long as the source does (at most 10 seconds for a command). A secret that was refused as wrong is not
  // sent again: access_refused.
  Task<Answer<AccessToken>> token(const ServiceInfo& info, Deadline deadline);

  // The service did not accept it: the next call fetches another.
  void refused(const AccessToken& token);

  // Another configuration: everything is forgotten, and what a call under way still learns is not kept.
  void reset();

  ApplianceFigures figures() const;
  void abandon() noexcept SIGNET_NO_LOCK_ANALYSIS;

 private:
  struct Kept {
    AccessToken token;
    SteadyTime ends;
  };

  // The latest fetch that failed.
  struct Failed {
    SteadyTime began;
    ApplianceError why;
  };

  // Whoever has the turn. `secret_is_wrong`: the service said so.
  Task<Answer<AccessToken>> renew(const ServiceInfo& info, std::uint64_t generation,
                                  Deadline deadline);
  Task<Answer<TokenAnswer>> fetch_oauth2(const config::CscConfig& csc, const std::string& client,
                                         const Secret& secret, const ServiceInfo& info,
                                         bool& secret_is_wrong, Deadline deadline);
  Task<Answer<TokenAnswer>> log_in(const std::string& user, const Secret& secret,
                                   bool& secret_is_wrong, Deadline deadline);

  // The token endpoint: where the service names none, one below the URL of each member, for the
  // first may be out of service when the token is fetched.
  Answer<std::shared_ptr<Cluster>> endpoint(const config::CscConfig& csc, std::string url);
  Task<Answer<TokenEndpoint>> find_endpoint(const config::CscConfig& csc, const ServiceInfo& info,
                                            Deadline deadline);

  std::optional<AccessToken> valid_token();
  std::uint64_t generation() const;
  void keep(AccessToken token, std::chrono::seconds lifetime, std::uint64_t generation);
  // Of a fetch that began after `since`: whoever has waited since then does not ask again.
  std::optional<ApplianceError> failure_since(SteadyTime since) const;
  void note_failure(SteadyTime began, const ApplianceError& why, std::uint64_t generation);
  void note_wrong(const Secret& secret, std::uint64_t generation);

  Cluster& service_;
  Turns turns_;          // at fetching
  mutable Mutex mutex_;  // held only for moments
  std::optional<Kept> kept_ SIGNET_GUARDED_BY(mutex_);
  std::optional<Failed> failed_ SIGNET_GUARDED_BY(mutex_);
  std::optional<Secret> wrong_secret_ SIGNET_GUARDED_BY(mutex_);
  std::uint64_t generation_ SIGNET_GUARDED_BY(mutex_) = 0;  // of the configuration
  std::string endpoint_url_ SIGNET_GUARDED_BY(mutex_);      // that endpoint_ is of
  std::shared_ptr<Cluster> endpoint_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_ACCESS_H_
