// `signet activate`: an activation card makes the file with which one installation becomes a client.
#ifndef SIGNET_ACTIVATION_ACTIVATE_H_
#define SIGNET_ACTIVATION_ACTIVATE_H_

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "activation/card.h"
#include "common/clock.h"
#include "common/secret.h"
#include "seal-client/activation_file.h"
#include "seal-client/outbox.h"

namespace signet::activation {

struct ActivationWish {
  sealclient::ServerPlace server;
  Bytes recipient;                        // DER SubjectPublicKeyInfo of the installation key …
  std::optional<Secret> passphrase;       // … or the passphrase of one inside the file
  std::filesystem::path file;             // to be written; FILE.part until it is whole
  std::optional<Bytes> content_key_hash;  // as the registration letter says it
  Milliseconds wait{};                    // for the certification authority
  std::string user_agent;
};

enum class ActivationStep { connecting, key_made, registered, certified, written };

struct ActivationReport {
  std::string client;
  std::string file_id;
  std::string issued;
  keygen::Certificate certificate;
};

// In the order that the specification gives: the new key is on disk, encrypted, before the server hears of it, and a run
// after one that was cut off makes another one, by which the server revokes the unused. `told` is called after each step.
// exists: there is such a file; nothing was done then. no_answer: the server or the authority did not answer in time.
pkcs11::TokenResult<ActivationReport> activate(const Card& card, const ActivationWish& wish,
                                               sealclient::Outbox& outbox,
                                               const std::function<void(ActivationStep)>& told);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_ACTIVATE_H_
