#include "seal-client/administration.h"

#include "seal-client/wire_administration.h"

namespace signet::sealclient {

namespace {

std::string path_of(const std::string& id) {
  return "clients/" + id;
}

std::string path_of(const std::string& id, ByteView key) {
  return path_of(id) + "/keys/" + to_hex(key);
}

}  // namespace

ServerResult<std::string> Administration::add_client(const NewClient& client,
                                                     const std::string& idempotency_key,
                                                     Deadline deadline) {
  BOOST_OUTCOME_TRY(
      const auto response,
      link_.ask(https::Method::post, "clients", write_new_client(client), idempotency_key, deadline)
          .finish());
  auto id = read_added_client(response.body);
  if (!id) return bad_answer();
  return *std::move(id);
}

ServerResult<ClientRecord> Administration::client(const std::string& id, Deadline deadline) {
  BOOST_OUTCOME_TRY(const auto response, link_.get(path_of(id), deadline));
  auto record = read_client_record(response.body);
  if (!record) return bad_answer();
  return *std::move(record);
}

ServerResult<void> Administration::set_state(const std::string& id, ClientState state,
                                             Deadline deadline) {
  BOOST_OUTCOME_TRY(link_.put(path_of(id) + "/state", write_client_state(state), deadline));
  return success();
}

ServerResult<void> Administration::add_card(const std::string& id, ByteView certificate,
                                            const KeyCiphertexts& ciphertexts, Deadline deadline) {
  BOOST_OUTCOME_TRY(
      link_.post(path_of(id) + "/keys", write_new_card(certificate, ciphertexts), deadline));
  return success();
}

ServerResult<void> Administration::put_cryptogram(const std::string& id, ByteView key,
                                                  const KeyCiphertexts& ciphertexts,
                                                  Deadline deadline) {
  BOOST_OUTCOME_TRY(
      link_.put(path_of(id, key) + "/cryptogram", write_ciphertexts(ciphertexts), deadline));
  return success();
}

ServerResult<void> Administration::revoke_key(const std::string& id, ByteView key,
                                              Deadline deadline) {
  BOOST_OUTCOME_TRY(link_.post(path_of(id, key) + "/revoke", "{}", deadline));
  return success();
}

ServerResult<void> Administration::add_sealing_certificate(const std::string& id,
                                                           ByteView certificate,
                                                           Deadline deadline) {
  BOOST_OUTCOME_TRY(
      link_.post(path_of(id) + "/sealing-certificates", write_certificate(certificate), deadline));
  return success();
}

ServerResult<void> Administration::put_statement(const std::string& id, ByteView statement,
                                                 Deadline deadline) {
  BOOST_OUTCOME_TRY(
      link_.put(path_of(id) + "/statement", write_statement_call(statement), deadline));
  return success();
}

}  // namespace signet::sealclient
