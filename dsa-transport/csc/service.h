// A service of the CSC API as the calls of this dialect use it: what it offers, with whom it is spoken as, its credentials.
#ifndef SIGNET_DSA_TRANSPORT_CSC_SERVICE_H_
#define SIGNET_DSA_TRANSPORT_CSC_SERVICE_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/mutex.h"
#include "dsa-transport/csc/access.h"
#include "dsa-transport/csc/failures.h"
#include "dsa-transport/csc/requests.h"
#include "dsa-transport/der_check.h"

namespace signet::transport::csc {

using InfoPtr = std::shared_ptr<const ServiceInfo>;

// A credential that can sign here, with its key.
struct SigningCredential : ServiceCredential {
  std::string name;  // the domain's id of its key: printable, without blanks, at most 200 bytes
  crypto::KeyParameters key;

  std::size_t signature_size() const;  // bytes, as the domain has it
  bool wants_pin() const { return mode == AuthMode::is_explicit && !pin_object.empty(); }
  bool wants_otp() const { return mode == AuthMode::is_explicit && !otp_object.empty(); }
};
using CredentialPtr = std::shared_ptr<const SigningCredential>;

// The call's time was over before all certificates were read.
ApplianceError out_of_time();

// All of them, and the chains once.
struct Listing {
  std::vector<CredentialPtr> credentials;
  SteadyTime read_at;
};
using ListingPtr = std::shared_ptr<const Listing>;

// An answer, or what can be done about the lack of one.
// No aggregate: g++ 12 destroys those that a coroutine returns twice.
template <typename T>
struct Attempt {
  explicit Attempt(Result<T, CallFailure> its_result, Remedy its_remedy = Remedy::none)
      : result(std::move(its_result)), remedy(its_remedy) {}
  explicit Attempt(ApplianceError error) : result(CallFailure{std::move(error)}) {}

  Result<T, CallFailure> result;
  Remedy remedy = Remedy::none;
};

// Thread-safe.
class Service {
 public:
  explicit Service(Settings settings);

  Cluster cluster;

  Version version() const { return version_of(cluster.settings()->members.front().url); }
  const DerCheck& der() const { return der_; }

  // True where it is another service, or spoken as somebody else: what was learnt of it is forgotten then.
  bool reconfigure(const Settings& settings);
  ApplianceFigures figures() const;
  void abandon() noexcept;

  // `info`, asked once.
  Task<Answer<InfoPtr>> info(Deadline deadline);
  Task<Answer<InfoPtr>> fresh_info(Deadline deadline);

  // The credentials of the configured user; not older than that.
  Task<Answer<ListingPtr>> listing(Milliseconds age, Deadline deadline);
  // By its name; of an earlier listing, or of one that is read now.
  Task<Answer<CredentialPtr>> credential(std::string name, Deadline deadline);
  // Signatures in one request with it, as far as it was listed; else 1.
  std::size_t multisign_of(std::string_view name) const;

  // What it means that the service has no such method.
  enum class Absent { wrong_address, not_offered };

  // POST with an access token; once more with another one where the first is refused. `read` makes a T of a good body.
  // `body` is made for each attempt, because a request takes it along.
  template <typename T, typename MakeBody, typename Read>
  Task<Attempt<T>> post(Call call, std::string target, MakeBody body, Read read,
                        Absent absent = Absent::wrong_address) {
    for (bool again = false;; again = true) {
      auto known = co_await info(call.deadline);
      if (!known) co_return Attempt<T>(std::move(known).error());
      auto token = co_await access_.token(*known.value(), call.deadline);
      if (!token) co_return Attempt<T>(std::move(token).error());
      https::Request request = new_request(target, body());
      if (token.value() != nullptr) add_bearer(request, *token.value());
      Remedy remedy = Remedy::none;
      const auto judge = [&](const https::Response& response,
                             const std::string& /*member*/) -> Judged<T> {
        remedy = Remedy::none;
        const Shown shown = token.value() != nullptr ? Shown::token : Shown::no_token;
        Refusal refusal;
        const bool good = response.status == https::kOk;
        if (!good) {
          refusal = refusal_of(response, shown);
          if (absent == Absent::not_offered) refusal = without_method(std::move(refusal), response);
          remedy = refusal.remedy;
          if (remedy != Remedy::ask_again) return std::move(refusal.verdict);
        }
        // Or not done yet, which is no failure: what else it says is the reader's.
        auto value = read(response);
        // Services put errors into good answers, too, and their words tell more than what is missing.
        if (!value && good && is_error(response.body)) {
          refusal = refusal_of(response, shown);
          remedy = refusal.remedy;
          return std::move(refusal.verdict);
        }
        return judged<T>(std::move(value), response);
      };
      auto result = co_await cluster.ask<T>(call, std::move(request), judge);
      const bool other_token = !result && remedy == Remedy::other_token && !again;
      if (!other_token) co_return Attempt<T>(std::move(result), remedy);
      access_.refused(token.value());
    }
  }

 private:
  Task<Answer<std::vector<std::string>>> credential_ids(Deadline deadline);
  Task<Answer<CredentialPtr>> read_credential(std::string id, Deadline deadline);
  CredentialPtr find_listed(std::string_view name) const;
  // Null where it is of no use, which is logged once.
  Answer<CredentialPtr> usable(ServiceCredential credential, Deadline deadline);
  void tell_once(const std::string& id, std::string_view why);

  ServiceAccess access_{cluster};
  const DerCheck der_;
  mutable Mutex mutex_;  // held only for moments
  InfoPtr info_ SIGNET_GUARDED_BY(mutex_);
  ListingPtr listing_ SIGNET_GUARDED_BY(mutex_);
  bool sends_user_ SIGNET_GUARDED_BY(mutex_) = false;
  std::set<std::string> told_ SIGNET_GUARDED_BY(mutex_);  // what was logged of unusable credentials
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_SERVICE_H_
