// The REST contract without sockets: a request in, an answer out. Finds the call for a path, checks
// who asks, and sees to it that a POST happens once.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_SERVICE_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_SERVICE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/mutex.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/native/authorization.h"
#include "softhsm-backend/native/problem.h"
#include "softhsm-backend/objects.h"
#include "softhsm-backend/token.h"

namespace signet::emulator {

inline constexpr std::string_view kBasePath = "/dsa/v1";
inline constexpr std::size_t kMaxDigestsPerRequest = 100;
inline constexpr std::size_t kMaxLabel = 1024;             // bytes
inline constexpr std::size_t kMaxCkaId = 255;              // bytes
inline constexpr std::size_t kMaxReference = 4096;         // bytes of UTF-8
inline constexpr std::size_t kMaxCertificate = 64 * 1024;  // bytes of DER
inline constexpr std::int64_t kObjectsPerPage = 1000;

// One request on its way through the service.
struct Call {
  const Request& request;
  std::string_view query;              // behind the question mark
  std::vector<std::string> arguments;  // decoded path parameters, in order
  Caller caller;
  RequestMark mark;  // of a POST

  const Account& account() const { return caller.account; }
  const std::string& user() const { return caller.account.user; }
};

// What a request that was carried out before gets, or the refusal of an idempotency key that was used with
// another one; nothing where the key is new. To be asked in the transaction that carries the request out: the other
// member may have been faster.
std::optional<Outcome<Answer>> answer_before(Database& database, const RequestMark& mark);

struct Route;

// Requests of the same idempotency key that arrive while the first is still at work wait for it. Thread-safe.
class InFlight {
 public:
  // Waits until no other turn of this name is held, then holds it.
  class Turn {
   public:
    Turn(InFlight& all, std::string name);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

   private:
    InFlight& all_;
    std::string name_;
  };

 private:
  Mutex mutex_;
  Condition freed_;
  std::set<std::string> held_ SIGNET_GUARDED_BY(mutex_);
};

// Thread-safe. What it is given outlives it.
class Service {
 public:
  Service(State& state, Token& token, std::string role);

  // Never throws: what goes wrong inside is logged and becomes 500.
  Answer handle(const Request& request) noexcept;

  // The call's name for counters, such as "POST /keys/{id}/signatures"; "other" where there is
  // none.
  static std::string route_name(std::string_view method, std::string_view target);

  // Takes seconds rather than milliseconds: making keys.
  static bool is_slow(std::string_view method, std::string_view target);

 private:
  friend struct Route;

  Outcome<Answer> dispatch(const Request& request);
  Outcome<Answer> run(const Route& route, Call& call);
  Outcome<Answer> run_once(const Route& route, Call& call);
  Outcome<Answer> remember_refusal(const Call& call, const Answer& answer);

  // Calls, one for each row of the contract's table.
  Outcome<Answer> get_appliance(Call& call);
  Outcome<Answer> get_account(Call& call);
  Outcome<Answer> put_own_password(Call& call);
  Outcome<Answer> post_account(Call& call);
  Outcome<Answer> put_password(Call& call);
  Outcome<Answer> get_objects(Call& call);
  Outcome<Answer> post_key(Call& call);
  Outcome<Answer> patch_key(Call& call);
  Outcome<Answer> delete_key(Call& call);
  Outcome<Answer> post_signatures(Call& call);
  Outcome<Answer> post_certificate(Call& call);
  Outcome<Answer> patch_certificate(Call& call);
  Outcome<Answer> delete_certificate(Call& call);

  Outcome<Answer> list_objects(const Call& call, Database& database);
  Outcome<KeyRow> key_of(const Call& call);
  Outcome<void> change_password(const std::string& user, const std::string& new_password);

  State& state_;
  Token& token_;
  std::string role_;
  Authenticator authenticator_;
  InFlight in_flight_;
  std::string serial_number_;
  std::string cluster_id_;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_SERVICE_H_
