#include "seal-client/statement.h"

#include <openssl/cms.h>

#include <boost/json/object.hpp>
#include <map>
#include <utility>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/cms/reader.h"
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "seal-client/member_list.h"
#include "seal-client/members.h"

namespace signet::sealclient {

namespace {

using StatementKind = StatementError::Kind;

constexpr std::size_t kMostStatementContent = 64 * 1024;  // bytes

StatementError statement_error(StatementKind kind, const std::string& sentence) {
  return {.kind = kind, .sentence = sentence};
}

StatementError malformed_statement() {
  return statement_error(StatementKind::malformed,
                         "This is no statement of a registration authority.");
}

std::optional<std::string> content_of(const cms::Message& message, const cms::Source& source) {
  if (!message.has_content || message.content_size > kMostStatementContent) return std::nullopt;
  std::string content;
  const bool whole = message.each_piece(source, [&](ByteView piece) {
    content += text_of(piece);
    return true;
  });
  return whole ? std::optional(std::move(content)) : std::nullopt;
}

// By exactly one signer, whose certificate's key is this one; who issued the certificate does not count.
bool is_signed_by(const cms::Message& message, std::string_view content, ByteView key) {
  const auto context = crypto::Context::create();
  if (!context) return false;
  std::map<crypto::Hash, Bytes> digests;
  for (const crypto::Hash hash : cms::hashes_of(message.parts)) {
    const auto digest = crypto::digest_of(context.assume_value(), hash, view_of(content));
    if (digest) digests[hash] = digest.assume_value();
  }
  const auto verdicts = cms::verify(context.assume_value(), message.parts, digests);
  if (verdicts.size() != 1) return false;
  const cms::Verdict& verdict = verdicts.front();
  const X509Ptr signer = crypto::certificate_of(verdict.certificate);
  return verdict.certificate_found && verdict.digest_matches && verdict.signature_matches &&
         signer && equal(crypto::public_key_of(signer.get()), key);
}

std::optional<Statement> read_statement(std::string_view content) {
  const auto json = parsed(content);
  if (!json || repeats_a_name(content, *json)) return std::nullopt;
  Members members(&*json);
  Statement statement;
  statement.client = members.text("client");
  statement.number = members.optional_number("number").value_or(0);
  statement.enrol_key = members.optional_octets("enrolKey");
  auto list = read_member_list(members);
  if (!list || !members.good() || statement.client.empty() || statement.number < 1)
    return std::nullopt;
  statement.members = *std::move(list);
  return statement;
}

}  // namespace

Result<Bytes, StatementError> sign_statement(const Statement& statement, EVP_PKEY* key,
                                             ByteView certificate) {
  boost::json::object json{{"client", statement.client}, {"number", statement.number}};
  json["members"] = write_member_list(statement.members);
  if (!statement.enrol_key.empty()) json["enrolKey"] = crypto::to_base64(statement.enrol_key);
  const std::string content = json_text(json);
  if (!read_statement(content)) return malformed_statement();
  const X509Ptr signer = crypto::certificate_of(certificate);
  const BioPtr data = crypto::bio_over(view_of(content));
  const OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free> message(
      signer && data ? CMS_sign_ex(signer.get(), key, nullptr, data.get(), CMS_BINARY,
                                   crypto::library_context(), nullptr)
                     : nullptr);
  if (!message)
    return statement_error(StatementKind::system,
                           "The statement cannot be signed: " + crypto::openssl_reason() + ".");
  return crypto::der_of(message.get(), i2d_CMS_ContentInfo);
}

Result<Statement, StatementError> open_statement(ByteView message, ByteView enrol_key,
                                                 const std::string& client, std::int64_t last) {
  const auto source = cms::Source::of(message);
  const auto read = cms::read_signed_data(source);
  if (!read) return malformed_statement();
  const auto content = content_of(read.assume_value(), source);
  if (!content) return malformed_statement();
  if (!is_signed_by(read.assume_value(), *content, enrol_key))
    return statement_error(StatementKind::bad_signature,
                           "The statement is not signed by the key that was given at the "
                           "enrolment; it does not count.");
  auto statement = read_statement(*content);
  if (!statement) return malformed_statement();
  if (statement->client != client)
    return statement_error(StatementKind::another_client, "The statement is about another client.");
  if (statement->number <= last)
    return statement_error(StatementKind::old, "The statement is older than one that was seen.");
  return *std::move(statement);
}

}  // namespace signet::sealclient
