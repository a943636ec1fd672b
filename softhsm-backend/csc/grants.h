// What a client of the CSC API was given, in the state that both members share: OAuth clients, access tokens,
// authorisations to sign (SADs) with a row for each authorised hash, and signatures that are made later. Tokens and SADs
// are kept as their SHA-256.
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_GRANTS_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_GRANTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/secret.h"
#include "softhsm-backend/accounts.h"
#include "softhsm-backend/state.h"

namespace signet::emulator::csc {

// How an account's credentials are shown and authorised; `signet-emulator account` changes it.
struct Policy {
  std::int64_t scal = 2;
  std::int64_t multisign = 10;
  std::string mode = "explicit";   // explicit, implicit, oauth2code
  std::int64_t delay = 0;          // milliseconds until an asynchronous signature is there
  std::int64_t token_life = 3600;  // seconds
  std::string client_secret;       // its hash; empty: the OAuth client has none
  std::string client_certificate;  // its certificate_mark(); empty: the account has none
  std::int64_t wrong_secrets = 0;  // of the client, in a row

  bool client_locked() const { return wrong_secrets >= kWrongPasswordsToLock; }
};
Policy find_policy(Database& database, std::string_view account);
// Makes the row where there is none; then one column of it may be set.
void save_policy(Database& database, std::string_view account, const Policy& policy);

// Counts an attempt with a client's secret before it is checked, as count_attempt() does. False: there is no such client, or
// it is locked.
bool count_client_attempt(Database& database, std::string_view account);
void clear_client_attempts(Database& database, std::string_view account);

// Whose client certificate has this mark.
std::optional<std::string> account_of_certificate(Database& database, std::string_view mark);
bool knows_certificates(Database& database);  // whether any account has one

// A random access token, whose hash belongs to the account for `lifetime` seconds. `refresh`: the refresh token that it came
// of, empty: none.
std::string new_token(Database& database, std::string_view account, std::int64_t lifetime,
                      std::string_view refresh = {});
// A random refresh token, good for 30 days.
std::string new_refresh_token(Database& database, std::string_view account);

enum class TokenKind { access, refresh };
// Nothing where it is of the other kind, has expired, or is none.
std::optional<std::string> account_of_token(Database& database, std::string_view token,
                                            TokenKind kind = TokenKind::access);

enum class Revoked { yes, unknown, of_another };
// Of either kind; the access tokens that came of a refresh token end with it (CSC API 2.0, 11.3).
Revoked revoke_token(Database& database, std::string_view account, std::string_view token);
void forget_tokens(Database& database, std::string_view account);

struct Sad {
  std::string hash;  // of the SAD
  std::string account;
  std::string credential;
  bool bound = false;     // to hashes: SCAL 2
  std::int64_t left = 0;  // signatures
  std::int64_t ends = 0;  // milliseconds since 1970
};
// A random one. `hashes` is empty for SCAL 1. Forgets authorisations that ended over an hour ago.
std::string new_sad(Database& database, std::string_view account, std::string_view credential,
                    std::int64_t signatures, std::int64_t lifetime,
                    const std::vector<Bytes>& hashes);
std::optional<Sad> find_sad(Database& database, std::string_view sad);

enum class Reserved {
  yes,
  not_authorised,  // a hash is not among the authorised ones, or was signed before
  used_up,
};
// Uses up one signature for each hash, so that neither a second request nor the other member can sign one again.
Reserved reserve(Database& database, const Sad& sad, const std::vector<Bytes>& hashes);

// Takes reserve() back, of hashes that were certainly not signed.
void release(Database& database, const Sad& sad, const std::vector<Bytes>& hashes);

// Another SAD for what is left of the transaction, over these hashes where it is bound to any; the former one is used up.
std::string extend_sad(Database& database, const Sad& sad, std::int64_t lifetime,
                       const std::vector<Bytes>& hashes);

// A signature that is asked for later by this id.
std::string keep_answer(Database& database, std::string_view account, std::string_view body,
                        std::int64_t ready, std::int64_t until);
struct KeptAnswer {
  std::string body;
  std::int64_t ready = 0;  // milliseconds since 1970
};
std::optional<KeptAnswer> find_answer(Database& database, std::string_view account,
                                      std::string_view id);

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_GRANTS_H_
