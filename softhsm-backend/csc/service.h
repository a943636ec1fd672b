// The CSC API, versions 1.0.4.0 and 2.0.0.2, without sockets: a request in, an answer out.
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_SERVICE_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_SERVICE_H_

#include <string>
#include <string_view>
#include <vector>

#include "softhsm-backend/authenticator.h"
#include "softhsm-backend/csc/answers.h"
#include "softhsm-backend/csc/grants.h"
#include "softhsm-backend/csc/period.h"
#include "softhsm-backend/csc/time_stamp_authority.h"
#include "softhsm-backend/dialect.h"
#include "softhsm-backend/objects.h"
#include "softhsm-backend/token.h"

namespace signet::emulator::csc {

inline constexpr std::string_view kPrefix = "/csc/";
// In front of the issuer's path, which is the API's (RFC 8414, 3.1).
inline constexpr std::string_view kMetadata = "/.well-known/oauth-authorization-server";

enum class Version { v1, v2 };

// One request on its way through the service.
struct Call {
  const Request& request;
  Version version;
  boost::json::object body;
  std::string client_data = {};  // of the client, for the journal (CSC API 2.0, 7.4)
  Account account = {};
  Policy policy = {};

  bool v1() const { return version == Version::v1; }
  bool has_fault(std::string_view name) const { return request.dialect_fault == name; }
};

struct Method;

// A key that has a certificate, and an algorithm of the API.
struct Credential {
  KeyRow key;
  CertificateRow certificate;  // the newest that is valid; else the newest
  Period period;

  bool usable() const { return key.active && period == Period::valid; }
};

// Whether it may sign.
Outcome<void> check_usable(const Credential& credential);

// In the API's words, of an account's state.
Refused refusal_of(Denial denial, Version version);

struct Settings {
  // Ways in which a client may show who it is at the token endpoint (RFC 8414, 2), of client_secret_basic,
  // client_secret_post and tls_client_auth; empty: all. Where some are named, info names the issuer, whose metadata has them.
  std::vector<std::string> token_auth = {};
  // Empty: signatures/timestamp is not served.
  TimeStampAuthority time_stamps = {};
};

// Thread-safe. What it is given outlives it.
class Service final : public Dialect {
 public:
  Service(State& state, Token& token, std::string role, Settings settings = {});

  bool serves(std::string_view target) const override;

  std::uint64_t body_limit() const override { return std::uint64_t{1024} * 1024; }

  // Never throws: what goes wrong inside is logged and becomes 500.
  Answer handle(const Request& request) noexcept override;

  // For counters: "/csc/v1/signatures/signHash", kMetadata; "other" where there is none.
  std::string route_name(const Request& request) const override;

  // A fault's status as a refusal, whose "error" is the fault's code.
  Answer answer_under_fault(const Request& request, const Fault& fault,
                            Answer answer) const override;

 private:
  friend struct Method;

  Outcome<Answer> dispatch(const Request& request);
  Outcome<void> admit(Call& call);
  Outcome<std::string> account_of(const Call& call);
  Outcome<std::string> account_by_certificate(const Request& request);
  Outcome<std::string> oauth_client(const Call& call);
  bool knows_client(const std::string& name, const Secret& secret);
  bool takes(std::string_view method) const;
  bool serves(const Method& method) const;
  Outcome<Answer> renew(const Call& call, const boost::json::value& refresh_token);
  Outcome<Answer> end_token(const Call& call, const std::string& account);

  static bool is_metadata(std::string_view target) {
    return target.starts_with(kMetadata) && target.substr(kMetadata.size()).starts_with(kPrefix);
  }
  Outcome<Answer> metadata(const Request& request);
  Outcome<Answer> info(Call& call);
  Outcome<Answer> token(Call& call);
  Outcome<Answer> revoke_as_client(Call& call);
  Outcome<Answer> revoke_as_user(Call& call);
  Outcome<Answer> log_in(Call& call);
  Outcome<Answer> list(Call& call);
  Outcome<Answer> credential_info(Call& call);
  Outcome<Answer> authorize(Call& call);
  Outcome<Answer> extend(Call& call);
  Outcome<Answer> sign_hash(Call& call);
  Outcome<Answer> poll(Call& call);
  Outcome<Answer> time_stamp(Call& call);

  Outcome<Credential> credential_of(const Call& call);
  Outcome<boost::json::object> credential_json(const Call& call, const Credential& credential);
  Outcome<std::optional<Sad>> use_authorisation(const Call& call, const KeyRow& key,
                                                const std::vector<Bytes>& hashes);
  Outcome<void> check_pin(Call& call);
  Outcome<std::optional<std::int64_t>> check_otp(Call& call);

  State& state_;
  Token& token_;
  const std::string role_;
  const Settings settings_;
  Authenticator authenticator_;
  Mutex secrets_;  // one slow hash of a secret at a time
};

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_SERVICE_H_
