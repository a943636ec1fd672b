// What the registration authority says of a client's appliance.
#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/cms/reader.h"
#include "seal-server/clients/clients.h"
#include "seal-server/clients/credentials.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostStatement = 64 * 1024;  // bytes of its content

struct StatementHead {
  std::string client;
  std::int64_t number = 0;
};

Problem no_statement() {
  return problems::bad_value(
      "A statement is a CMS SignedData around JSON with the members client and number.");
}

std::string statement_content(ByteView statement) {
  const auto source = cms::Source::of(statement);
  const auto message = cms::read_signed_data(source);
  if (!message || !message.assume_value().has_content ||
      message.assume_value().content_size > kMostStatement)
    throw no_statement();
  std::string content;
  const bool whole = message.assume_value().each_piece(source, [&](ByteView piece) {
    content += text_of(piece);
    return true;
  });
  if (!whole) throw no_statement();
  return content;
}

StatementHead head_of(ByteView statement) {
  const std::string content = statement_content(statement);
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(content, error);
  if (error || repeats_a_name(content, value) || !value.is_object()) throw no_statement();
  const auto* client = value.get_object().if_contains("client");
  const auto* number = value.get_object().if_contains("number");
  if (client == nullptr || !client->is_string() || number == nullptr || !number->is_int64())
    throw no_statement();
  return {std::string(client->get_string()), number->get_int64()};
}

}  // namespace

void put_statement(Group& group, const std::string& client, ByteView statement) {
  if (!find_client(group.sql(), client))
    throw problems::no_such("There is no client " + client + ".");
  const StatementHead head = head_of(statement);
  if (head.client != client) throw problems::bad_value("The statement is about another client.");
  const auto rows =
      group.sql().query("SELECT number FROM statement WHERE client = :client", {client});
  if (!rows.empty() && rows.front().number(0) >= head.number)
    throw problems::conflict("The statement's number must exceed " +
                             std::to_string(rows.front().number(0)) + ".");
  group.sql().run("DELETE FROM statement WHERE client = :client", {client});
  group.sql().run(
      "INSERT INTO statement (client, number, statement) VALUES (:client, :number, :statement)",
      {client, head.number, crypto::to_base64(statement)});
  group.add({.kind = "statement-kept",
             .client = client,
             .seal = {},
             .content = json_text({{"client", client}, {"number", head.number}})});
}

std::string statement_of(storage::SqlConnection& sql, const std::string& client) {
  const auto rows = sql.query("SELECT statement FROM statement WHERE client = :client", {client});
  return rows.empty() ? std::string() : rows.front().text(0);
}

}  // namespace signet::sealserver
