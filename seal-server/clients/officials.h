// The server's own people who call it with a certificate: administrators, who govern the clients, and auditors, who read the
// entries of the log.
//
// Functions that write belong into Sequencer::write(), and put an event into the register. What cannot be done throws Problem.
#ifndef SIGNET_SEAL_SERVER_CLIENTS_OFFICIALS_H_
#define SIGNET_SEAL_SERVER_CLIENTS_OFFICIALS_H_

#include <optional>
#include <string>

#include "common/bytes.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

struct Official {
  std::string spki;  // of his certificate: hexadecimal SHA-256 of the DER SubjectPublicKeyInfo
  std::string name;
  std::string role;       // administrator or auditor
  std::string not_after;  // RFC 3339 in UTC, of the certificate
};

// By his certificate (DER), whose key is nobody else's. Gives its name, the spki.
std::string add_official(Group& group, const std::string& name, const std::string& role,
                         ByteView certificate);
void remove_official(Group& group, const std::string& spki);

std::optional<Official> find_official(storage::SqlConnection& sql, const std::string& spki);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CLIENTS_OFFICIALS_H_
