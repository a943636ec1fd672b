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

std::string write_change(std::string_view lease, ByteView next);  // either may be empty
std::string write_commit(std::string_view lease, ByteView credentials);
std::string write_authentication_order(ByteView request, ByteView cryptogram,
                                       Succession succession);
std::string write_sealing_order(std::string_view lease, ByteView sealed_request);
std::string write_activation();
std::string write_nothing();

// Each gives nothing for a text that the contract does not have; members that it does not name are passed over.
std::optional<Opening> read_opening(std::string_view text);
std::optional<ClientStatus> read_client(std::string_view text);
std::optional<Cryptogram> read_cryptogram(std::string_view text);
std::optional<CredentialsLease> read_credentials_lease(std::string_view text);
std::optional<SealingLease> read_sealing_lease(std::string_view text);
std::optional<CertificateOrder> read_order(std::string_view text);
std::optional<std::string> read_ordered(std::string_view text);  // the order's id

// A result as write_result() wrote it: for the outbox.
std::optional<SealResult> read_result(std::string_view text);

// The detail of a problem (RFC 9457); empty where there is none.
std::string read_problem(std::string_view text);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_WIRE_H_
