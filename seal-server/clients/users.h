// People, beside the clients' machines: who they are, what they may see and do at the web pages and by calls, and how they prove
// who they are.
//
// Functions that read work within the caller's transaction; those that write belong into Sequencer::write(), put an event
// into the register, and end the user's sessions where these might be somebody else's. What cannot be done throws Problem.
#ifndef SIGNET_SEAL_SERVER_CLIENTS_USERS_H_
#define SIGNET_SEAL_SERVER_CLIENTS_USERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

// Each sees what those before it see, too: a person authorised by a client the seals of that client, an auditor all of them, and
// the entries of the log; an administrator also governs the clients. The calls of the contract are for the latter two.
enum class Role { person, auditor, administrator };

const char* role_name(Role role);
std::optional<Role> role_of(std::string_view name);

struct User {
  std::string name;  // lower-case letters of ASCII, digits, and ._@-
  Role role = Role::person;
  std::string client;          // id; of a person only
  std::string spki;            // of the certificate: see spki_of_certificate(); empty: none
  std::string password;        // password_hash(); empty: none
  std::string code_key;        // of one-time codes, hexadecimal; empty: none
  std::int64_t code_step = 0;  // of the last code that was used
  std::int64_t failures = 0;   // since the last success or lock
  std::string locked_until;    // RFC 3339 in UTC; empty: never was
  std::string not_after;       // of the certificate, likewise; empty: not known, or none

  // Whoever has its key may show another certificate for it: the one that was registered counts.
  bool is_expired(const std::string& time) const { return !not_after.empty() && not_after <= time; }
};

// A user without a way to sign in.
void add_user(Group& group, const User& user);

// Both replace what was there, and unlock. A key is that of one user, and of no client.
void set_user_password(Group& group, const std::string& name, const std::string& hash,
                       ByteView code_key);
void set_user_certificate(Group& group, const std::string& name, ByteView certificate);

void remove_user(Group& group, const std::string& name);

std::optional<User> find_user(storage::SqlConnection& sql, const std::string& name);
std::optional<User> user_of_key(storage::SqlConnection& sql, const std::string& spki);
std::vector<User> all_users(storage::SqlConnection& sql);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_USERS_H_
