#include <openssl/pem.h>

#include <filesystem>
#include <memory>

#include "common/bounded_file.h"
#include "keygen/request.h"
#include "keygen/subject.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/sign_options.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

using keygen::RequestWish;
using pkcs11::TokenResult;

struct CsrOptions {
  TokenOptions token;
  std::string key;
  std::string id;
  std::string subject;
  std::string subject_file;
  std::string like;
  std::vector<std::string> names;
  std::vector<std::string> usages;
  std::vector<std::string> extended_usages;
  std::vector<std::string> statements;
  std::string profile;
  SignOptions sign;
  std::string sign_pin_file;
  OutOptions out;
};

TokenResult<Bytes> subject_in(const std::string& file) {
  constexpr std::size_t most = 64UL * 1024;  // bytes
  const auto content = read_file(file, most);
  if (content) return keygen::parse_subject(std::string(text_of(content.value())));
  const FileError& error = content.error();
  return pkcs11::token_error(error.missing ? pkcs11::Reason::not_found : pkcs11::Reason::unreadable,
                             "cannot read " + error.sentence);
}

// A file, or the label or URI of a certificate on the token.
TokenResult<keygen::Certificate> certificate_like(const pkcs11::TokenSession& token,
                                                  const std::string& name) {
  std::error_code none;
  if (std::filesystem::is_regular_file(name, none)) {
    BOOST_OUTCOME_TRY(const auto all, keygen::read_certificates(name));
    return all.front();
  }
  BOOST_OUTCOME_TRY(const auto choice, object_choice(name, ""));
  BOOST_OUTCOME_TRY(const auto stored, token.certificate(choice));
  return keygen::Certificate::from_der(stored.der);
}

// EN 319 412-2, 4.3.2 (by way of -3): key usage of type A; EN 319 412-5 for the statements.
TokenResult<void> apply_profile(const CsrOptions& options, RequestWish& wish) {
  if (options.profile.empty()) return success();
  BOOST_OUTCOME_TRY(keygen::check_eseal_subject(wish.subject));
  if (wish.key_usage.empty()) wish.key_usage = {"nonRepudiation"};
  if (wish.statements.empty()) wish.statements = {true, true, "eseal"};
  return success();
}

void add_statements(const std::vector<std::string>& names, keygen::QcStatements& statements) {
  for (const std::string& name : names) {
    if (name == "compliance") {
      statements.compliance = true;
    } else if (name == "sscd") {
      statements.sscd = true;
    } else {
      statements.type = name;
    }
  }
}

TokenResult<RequestWish> wish_of(const CsrOptions& options, const pkcs11::TokenSession& token,
                                 const pkcs11::Key& key) {
  RequestWish wish;
  if (!options.like.empty()) {
    BOOST_OUTCOME_TRY(const auto certificate, certificate_like(token, options.like));
    wish = keygen::wish_like(certificate);
  }
  if (!options.subject.empty()) {
    BOOST_OUTCOME_TRY(auto subject, keygen::parse_subject(options.subject));
    wish.subject = std::move(subject);
  }
  if (!options.subject_file.empty()) {
    BOOST_OUTCOME_TRY(auto subject, subject_in(options.subject_file));
    wish.subject = std::move(subject);
  }
  wish.alternative_names = options.names;
  wish.key_usage = options.usages;
  wish.extended_key_usage = options.extended_usages;
  add_statements(options.statements, wish.statements);
  wish.signing.padding = options.sign.pss ? pkcs11::Padding::pss : pkcs11::Padding::pkcs1;
  wish.signing.hash = hash_of(options.sign, key.type);
  BOOST_OUTCOME_TRY(apply_profile(options, wish));
  return wish;
}

TokenResult<void> request(const CsrOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto choice, object_choice(options.key, options.id));
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token, options.key));
  token->set_signing_pin(signing_pin_provider(options.sign_pin_file));
  BOOST_OUTCOME_TRY(const auto key, token->key(choice));
  BOOST_OUTCOME_TRY(const auto wish, wish_of(options, *token, key));
  BOOST_OUTCOME_TRY(const auto der, keygen::make_request(*token, key, wish));
  return write_out(options.out, PEM_STRING_X509_REQ, der, context);
}

void add_subject_options(CLI::App& command, CsrOptions& options) {
  auto* const direct = command
                           .add_option("--subject", options.subject,
                                       "The subject of the certificate: CN=Seal,O=Office,C=CZ or "
                                       "/C=CZ/O=Office/CN=Seal")
                           ->type_name("NAME");
  auto* const file = command
                         .add_option("--subject-file", options.subject_file,
                                     "The same in a file, one part per line")
                         ->type_name("FILE")
                         ->excludes(direct);
  command
      .add_option("--like", options.like,
                  "Copy subject and extensions from a certificate: a file, or its name on the "
                  "token")
      ->type_name("CERT")
      ->excludes(direct)
      ->excludes(file);
}

void add_extension_options(CLI::App& command, CsrOptions& options) {
  command
      .add_option("--san", options.names,
                  "Alternative name: DNS:, email:, URI:, IP:, RID:, dirName:")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("--key-usage", options.usages, "digitalSignature, nonRepudiation, …")
      ->type_name("USAGE")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--ext-key-usage", options.extended_usages, "emailProtection, … or a number")
      ->type_name("USAGE")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--qc", options.statements, "Qualified statements: compliance, sscd, eseal")
      ->type_name("STATEMENT")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"compliance", "sscd", "eseal", "esign", "web"}));
  command
      .add_option("--profile", options.profile,
                  "eseal: the fields and statements of a qualified seal's certificate")
      ->type_name("PROFILE")
      ->check(CLI::IsMember({"eseal"}));
}

}  // namespace

void add_csr(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("csr", "Make a certificate request, signed by a key of a token");
  const auto options = std::make_shared<CsrOptions>();
  command->add_option("KEY", options->key, "The key's label, or its pkcs11: URI")->required();
  command
      ->add_option("--id", options->id, "Its CKA_ID in hexadecimal, where the label is not enough")
      ->type_name("HEX");
  add_subject_options(*command, *options);
  add_extension_options(*command, *options);
  add_sign_options(*command, options->sign);
  add_out_options(*command, options->out);
  add_token_options(*command, options->token);
  command
      ->add_option("--sign-pin-file", options->sign_pin_file,
                   "File with the second credential that each signature of the key requires")
      ->type_name("FILE");
  command->callback([options, &context] {
    if (options->subject.empty() && options->subject_file.empty() && options->like.empty())
      throw CLI::RequiredError("--subject, --subject-file or --like");
    if (const auto done = request(*options, context); !done) fail(context, done.error());
  });
}

}  // namespace signet::cli
