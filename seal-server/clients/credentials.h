// A client's appliance credentials, ciphertexts that only the client can read, and their change: the password at the
// appliance and what the server keeps cannot change in one step, so what may have become the password is kept beside what
// was, until a machine of the client says which it is.
//
// Functions that write belong into Sequencer::write(). What cannot be done throws Problem. Ciphertexts are base64, as they
// came, and never in an event.
#ifndef SIGNET_SEAL_SERVER_CLIENTS_CREDENTIALS_H_
#define SIGNET_SEAL_SERVER_CLIENTS_CREDENTIALS_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

// Of the machine that changes the password; the others wait.
inline constexpr std::chrono::seconds kCredentialsLease{60};

// Which may be kept at once: an account locks after five wrong passwords, and a login tries the current one and then each.
inline constexpr std::size_t kMostNext = 4;

struct Credentials {
  std::string current;
  std::vector<std::string> next;  // from the oldest on
};

struct CredentialsLease {
  std::string id;
  std::string until;  // RFC 3339 in UTC
  Credentials credentials;
};

// Gives the key (its SPKI's hash) the client's lease, unless another one is live; with `lease`, which is live and the
// key's own, takes none but goes on under it. Then adds `next`, where there is one.
struct CredentialsChange {
  std::string lease;  // empty: none
  std::string next;   // empty: none
};
CredentialsLease change_credentials(Group& group, const std::string& client,
                                    const std::string& spki, const CredentialsChange& change);

// `credentials`, which are the current ones or one of the next, become the current ones; all next ones go, and the lease
// ends. A lease that has lapsed still counts while nobody else was given one.
void commit_credentials(Group& group, const std::string& client, const std::string& spki,
                        const std::string& lease, const std::string& credentials);

// Problem 404 where the client has none.
Credentials credentials_of(storage::SqlConnection& sql, const std::string& client);

// The end of the live lease; nothing where nobody has one at that time.
std::optional<std::string> leased_until(storage::SqlConnection& sql, const std::string& client,
                                        const std::string& time);

// What the registration authority says of the client's appliance: a CMS SignedData (DER) around JSON with the members
// client and number. The client checks the signature, by a key that the server does not know; here the client must be this
// one, and the number over that of the statement before.
void put_statement(Group& group, const std::string& client, ByteView statement);

// Base64; empty where there is none.
std::string statement_of(storage::SqlConnection& sql, const std::string& client);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_CREDENTIALS_H_
