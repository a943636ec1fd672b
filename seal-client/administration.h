// The seal server's calls for administrators: clients, their keys, what is kept for them.
#ifndef SIGNET_SEAL_CLIENT_ADMINISTRATION_H_
#define SIGNET_SEAL_CLIENT_ADMINISTRATION_H_

#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"
#include "seal-client/contract.h"
#include "seal-client/server_link.h"

namespace signet::sealclient {

struct NewClient {
  std::string name;                       // 1 to 256 characters
  std::string organisation;               // identifier, such as "NTRCZ-12345678"
  std::vector<std::string> members = {};  // addresses of the appliance, for display
  std::optional<std::int64_t> seals_a_day = {};
  std::optional<std::int64_t> seals_in_all = {};
};

enum class ClientState { active, suspended, ended };

// As an administrator sees a client.
struct ClientRecord {
  std::string id;
  std::string name;
  std::string organisation;
  ClientState state = ClientState::active;
  std::vector<AuthenticationKey> keys = {};
  std::vector<SealingCertificate> sealing_certificates = {};
};

// What the server keeps for one key: ciphertexts.
struct KeyCiphertexts {
  Bytes cryptogram;   // DER, for that key
  Bytes credentials;  // for all keys of the client: in place of those before, and of each next
};

// Thread-safe. The identity is an administrator's; anybody else is Kind::not_admitted. Keys are named by the SHA-256 of their
// DER SubjectPublicKeyInfo.
class Administration {
 public:
  explicit Administration(ServerAddress server) : link_(std::move(server)) {}

  // Gives the id. Under the same idempotency key (new_idempotency_key()) it is the same client, for a day.
  ServerResult<std::string> add_client(const NewClient& client, const std::string& idempotency_key,
                                       Deadline deadline);
  ServerResult<ClientRecord> client(const std::string& id, Deadline deadline);
  ServerResult<void> set_state(const std::string& id, ClientState state, Deadline deadline);

  // Registers the key of a certificate (DER) on an activation card, with what is kept for it. Kind::conflict where the key is
  // registered already.
  ServerResult<void> add_card(const std::string& id, ByteView certificate,
                              const KeyCiphertexts& ciphertexts, Deadline deadline);
  ServerResult<void> put_cryptogram(const std::string& id, ByteView key,
                                    const KeyCiphertexts& ciphertexts, Deadline deadline);

  // For ever, with the keys that it has registered. Again: a success.
  ServerResult<void> revoke_key(const std::string& id, ByteView key, Deadline deadline);

  // The present one, DER. Kind::conflict where it is registered already.
  ServerResult<void> add_sealing_certificate(const std::string& id, ByteView certificate,
                                             Deadline deadline);
  // statement.h
  ServerResult<void> put_statement(const std::string& id, ByteView statement, Deadline deadline);

 private:
  ServerLink link_;
};

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_ADMINISTRATION_H_
