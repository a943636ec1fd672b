// The JSON of the administrators' calls (administration.h), likewise written and read by the client alone.
#ifndef SIGNET_SEAL_CLIENT_WIRE_ADMINISTRATION_H_
#define SIGNET_SEAL_CLIENT_WIRE_ADMINISTRATION_H_

#include <optional>
#include <string>
#include <string_view>

#include "seal-client/administration.h"

namespace signet::sealclient {

std::string write_new_client(const NewClient& client);
std::string write_client_state(ClientState state);
std::string write_new_card(ByteView certificate, const KeyCiphertexts& ciphertexts);
std::string write_ciphertexts(const KeyCiphertexts& ciphertexts);
std::string write_certificate(ByteView certificate);
std::string write_statement_call(ByteView statement);

// Nothing for a text that the contract does not have.
std::optional<std::string> read_added_client(std::string_view text);  // the id
std::optional<ClientRecord> read_client_record(std::string_view text);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_WIRE_ADMINISTRATION_H_
