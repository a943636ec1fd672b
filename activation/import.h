// `signet client import`: an installation becomes a client by an activation file.
#ifndef SIGNET_ACTIVATION_IMPORT_H_
#define SIGNET_ACTIVATION_IMPORT_H_

#include <functional>
#include <optional>
#include <string>

#include "activation/client_folder.h"
#include "activation/import_check.h"
#include "common/clock.h"
#include "common/secret.h"
#include "seal-client/activated_client.h"
#include "seal-client/outbox.h"

namespace signet::activation {

// A file that may be imported, if somebody says yes to it.
struct Candidate {
  Bytes content;  // of the file
  sealclient::SignedActivation file;
  sealclient::Activation activation;
};

// Asked where the file has a passphrase.
using PassphraseSource = std::function<pkcs11::TokenResult<Secret>()>;

// The file's signature, for whom it was made, the demands, whether it is newer than what was imported: all that can be known
// without the server.
pkcs11::TokenResult<Candidate> examine(const ClientFolder& folder, ByteView content,
                                       const ImportDemands& demands,
                                       const PassphraseSource& passphrase);

struct ImportReport {
  std::string account;  // at the appliance
  std::vector<std::string> members;
};

// Fetches and decrypts the credentials, logs in at the appliance, stores NAME.activation, and confirms the key at the server,
// by which the card is used up; then the file is known as imported. Killed anywhere, the same import goes on. exists: NAME is
// another client's.
pkcs11::TokenResult<ImportReport> import_activation(
    const ClientFolder& folder, const Candidate& candidate, const std::string& name,
    const sealclient::TryCredentials& log_in, sealclient::Outbox& outbox,
    const std::string& user_agent, Deadline deadline);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_IMPORT_H_
