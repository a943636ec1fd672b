// The server's clients: who they are, the keys by which they authenticate, what they may do, and the ciphertexts that are
// kept for them.
//
// Functions that read work within the caller's transaction; those that write belong into Sequencer::write(), and put an
// event into the register. What cannot be done throws Problem.
#ifndef SIGNET_SEAL_SERVER_CLIENTS_CLIENTS_H_
#define SIGNET_SEAL_SERVER_CLIENTS_CLIENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

// Each that is not set does not hold.
struct SealLimits {
  std::optional<std::int64_t> per_day;  // seals opened on one day of UTC
  std::optional<std::int64_t> in_all;   // seals opened ever
  std::optional<std::string> until;     // RFC 3339 in UTC; no seal is opened from then on
  std::optional<std::int64_t> per_second =
      {};  // requests; where it is not set the server's own limit holds
};

struct Client {
  std::string id;
  std::string name;
  std::string organisation;  // identifier, such as "NTRCZ-12345678"
  std::string state;         // active, suspended or ended
  SealLimits limits;
  std::int64_t opened = 0;   // seals, ever
  std::string members = {};  // addresses of its appliance, for display: a line each
};

struct AuthenticationKey {
  std::string spki;         // hexadecimal SHA-256 of the DER SubjectPublicKeyInfo
  std::string client;       // id
  std::string certificate;  // base64 of the DER; empty: none yet
  std::string state;        // registered, active, superseded or revoked
  std::string not_after;    // RFC 3339 in UTC, of the certificate

  bool card =
      false;  // of an activation card: used up by the first key that it registers and that is confirmed
  std::string registered_by = {};   // the key of the client that did; empty: an administrator
  std::string superseded_at = {};   // RFC 3339 in UTC; empty: it was not
  std::string accepted_until = {};  // likewise, of a superseded one
};

// The hash by which the key of a certificate (DER) is known. Throws Problem where it is no certificate.
std::string spki_of_certificate(ByteView certificate);

// Gives the id.
std::string add_client(Group& group, const Client& client);

// Registers the key of a certificate (DER) as an active one. A key has one owner, for ever.
enum class KeyPlace { machine, card };
AuthenticationKey add_key(Group& group, const std::string& client, ByteView certificate,
                          KeyPlace place = KeyPlace::machine);

// Its state may not change back from "ended".
void set_client_state(Group& group, const std::string& id, const std::string& state);

void set_client_limits(Group& group, const std::string& id, const SealLimits& limits);

// For ever, and with it the keys that it has registered, and those that these have; their orders of certificates are refused.
void revoke_key(Group& group, const std::string& spki);

// Empty: there is none.
std::optional<Client> find_client(storage::SqlConnection& sql, const std::string& id);
std::vector<Client> clients_after(storage::SqlConnection& sql, const std::string& id,
                                  std::int64_t most);  // in the order of their ids
std::optional<AuthenticationKey> find_key(storage::SqlConnection& sql, std::string_view spki);
std::vector<AuthenticationKey> keys_of(storage::SqlConnection& sql, const std::string& client);

// A key that may be used now (`time`: RFC 3339 in UTC), and its client; Problem 403 says why it may not. What it may be used
// for depends on its state: active; registered, with a certificate, to fetch what it needs and confirm itself; superseded,
// within its grace, to log in and report.
struct Admission {
  Client client;
  AuthenticationKey key;
};
Admission admit(storage::SqlConnection& sql, std::string_view spki, const std::string& time);

// What only the client can read: the cryptogram of one of its keys, and the credentials (both base64, as they came).
struct Cryptogram {
  std::string cryptogram;
  std::string credentials;
};
void put_cryptogram(Group& group, const std::string& spki, const Cryptogram& cryptogram);
std::optional<Cryptogram> find_cryptogram(storage::SqlConnection& sql, const std::string& spki);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_CLIENTS_H_
