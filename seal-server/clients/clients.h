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
};

struct Client {
  std::string id;
  std::string name;
  std::string organisation;  // identifier, such as "NTRCZ-12345678"
  std::string state;         // active, suspended or ended
  SealLimits limits;
  std::int64_t opened = 0;  // seals, ever
};

struct AuthenticationKey {
  std::string spki;         // hexadecimal SHA-256 of the DER SubjectPublicKeyInfo
  std::string client;       // id
  std::string certificate;  // base64 of the DER
  std::string state;        // registered, active, superseded or revoked
  std::string not_after;    // RFC 3339 in UTC, of the certificate
};

// The hash by which the key of a certificate (DER) is known. Throws Problem where it is no certificate.
std::string spki_of_certificate(ByteView certificate);

// Gives the id.
std::string add_client(Group& group, const Client& client);

// Registers the key of a certificate (DER) as an active one. A key has one owner, for ever.
AuthenticationKey add_key(Group& group, const std::string& client, ByteView certificate);

// Its state may not change back from "ended".
void set_client_state(Group& group, const std::string& id, const std::string& state);

// For ever.
void revoke_key(Group& group, const std::string& spki);

// Empty: there is none.
std::optional<Client> find_client(storage::SqlConnection& sql, const std::string& id);
std::optional<AuthenticationKey> find_key(storage::SqlConnection& sql, std::string_view spki);
std::vector<AuthenticationKey> keys_of(storage::SqlConnection& sql, const std::string& client);

// The client of a key that may be used now (`time`: RFC 3339 in UTC); Problem 403 says why it may not.
Client admit(storage::SqlConnection& sql, std::string_view spki, const std::string& time);

// What only the client can read: the cryptogram of one of its keys, and the credentials (both base64, as they came).
struct Cryptogram {
  std::string cryptogram;
  std::string credentials;
};
void put_cryptogram(Group& group, const std::string& spki, const Cryptogram& cryptogram);
std::optional<Cryptogram> find_cryptogram(storage::SqlConnection& sql, const std::string& spki);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_CLIENTS_H_
