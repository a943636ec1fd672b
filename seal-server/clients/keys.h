// What becomes of an authentication key: registered by another key of its client, with a certificate, active, superseded by
// its successor, or revoked (clients.h). Functions that write, for Sequencer::write(); each change is an event.
#ifndef SIGNET_SEAL_SERVER_CLIENTS_KEYS_H_
#define SIGNET_SEAL_SERVER_CLIENTS_KEYS_H_

#include <chrono>
#include <string>

#include "common/bytes.h"
#include "seal-server/clients/clients.h"

namespace signet::sealserver {

// A key is that of one client or one user, for ever: Problem 409 where it is known already.
void expect_new_key(storage::SqlConnection& sql, const std::string& spki);

// Without a certificate as yet; with its cryptogram, base64. See expect_new_key().
void register_key(Group& group, const AuthenticationKey& by, const std::string& spki,
                  const std::string& cryptogram);

// DER; of a key that is registered.
void give_certificate(Group& group, const std::string& spki, ByteView certificate);

void activate_key(Group& group, const std::string& spki);

// Problem 404 where it is no key of that client.
void expect_key_of(storage::SqlConnection& sql, const std::string& client, const std::string& spki);

// It is accepted for `grace` longer; its cryptogram stays as long.
void supersede_key(Group& group, const AuthenticationKey& key, std::chrono::seconds grace);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_KEYS_H_
