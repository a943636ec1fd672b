// The JSON of the seal server's contract (seal-server/seal-v1.openapi.yaml), written and read by its client. Nothing of it is
// shared with the server.
#ifndef SIGNET_SEAL_CLIENT_WIRE_H_
#define SIGNET_SEAL_CLIENT_WIRE_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "seal-client/contract.h"

namespace signet::sealclient {

std::string write_opening(std::span<const NewSeal> seals, std::span<const NamedResult> results);
std::string write_result(const SealResult& result);

// Each gives nothing for a text that the contract does not have; members that it does not name are passed over.
std::optional<Opening> read_opening(std::string_view text);
std::optional<ClientStatus> read_client(std::string_view text);
std::optional<Cryptogram> read_cryptogram(std::string_view text);

// A result as write_result() wrote it: for the outbox.
std::optional<SealResult> read_result(std::string_view text);

// The detail of a problem (RFC 9457); empty where there is none.
std::string read_problem(std::string_view text);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_WIRE_H_
