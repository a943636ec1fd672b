#include "seal-client/wire_administration.h"

#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-client/client_members.h"

namespace signet::sealclient {

namespace {

boost::json::object ciphertexts_object(const KeyCiphertexts& ciphertexts) {
  return {{"cryptogram", crypto::to_base64(ciphertexts.cryptogram)},
          {"credentials", crypto::to_base64(ciphertexts.credentials)}};
}

const char* word_of(ClientState state) {
  switch (state) {
    case ClientState::active:
      return "active";
    case ClientState::suspended:
      return "suspended";
    case ClientState::ended:
      break;
  }
  return "ended";
}

}  // namespace

std::string write_new_client(const NewClient& client) {
  boost::json::object json{{"name", client.name}, {"organisation", client.organisation}};
  boost::json::array members;
  for (const std::string& member : client.members) members.emplace_back(member);
  if (!members.empty()) json["members"] = std::move(members);
  boost::json::object limits;
  if (client.seals_a_day) limits["sealsADay"] = *client.seals_a_day;
  if (client.seals_in_all) limits["seals"] = *client.seals_in_all;
  if (!limits.empty()) json["limits"] = std::move(limits);
  return json_text(json);
}

std::string write_client_state(ClientState state) {
  return json_text({{"state", word_of(state)}});
}

std::string write_new_card(ByteView certificate, const KeyCiphertexts& ciphertexts) {
  boost::json::object json = ciphertexts_object(ciphertexts);
  json["certificate"] = crypto::to_base64(certificate);
  json["card"] = true;
  return json_text(json);
}

std::string write_ciphertexts(const KeyCiphertexts& ciphertexts) {
  return json_text(ciphertexts_object(ciphertexts));
}

std::string write_certificate(ByteView certificate) {
  return json_text({{"certificate", crypto::to_base64(certificate)}});
}

std::string write_statement_call(ByteView statement) {
  return json_text({{"statement", crypto::to_base64(statement)}});
}

std::optional<std::string> read_added_client(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  std::string id = members.text("id");
  return members.good() && !id.empty() ? std::optional(std::move(id)) : std::nullopt;
}

std::optional<ClientRecord> read_client_record(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  ClientRecord record;
  record.id = members.text("id");
  record.name = members.text("name");
  record.organisation = members.text("organisation");
  const std::string state = members.text("state");
  if (state == "suspended") record.state = ClientState::suspended;
  if (state == "ended") record.state = ClientState::ended;
  members.need(state == "active" || record.state != ClientState::active);
  record.keys = authentication_keys_in(members);
  record.sealing_certificates = sealing_certificates_in(members);
  return members.good() ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace signet::sealclient
