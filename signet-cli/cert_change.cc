// `signet cert export` and `signet cert delete`.
#include <fmt/format.h>
#include <openssl/pem.h>

#include <memory>

#include "common/log_line.h"
#include "crypto/openssl.h"
#include "signet-cli/cert_choice.h"
#include "signet-cli/key_commands.h"
#include "signet-cli/out_file.h"

namespace signet::cli {
namespace {

using pkcs11::TokenResult;

struct Options {
  TokenOptions token;
  CertificateName name;
  OutOptions out;
  bool yes = false;
};

TokenResult<void> export_certificate(const Options& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto found, open_certificate(options.token, options.name, Login::no));
  const Bytes& der = found.held.stored.der;
  return write_out(
      options.out,
      options.out.der ? std::string(text_of(der)) : crypto::to_pem(PEM_STRING_X509, der), context);
}

TokenResult<void> destroy(const Options& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto found, open_certificate(options.token, options.name, Login::yes));
  const keygen::Certificate& certificate = found.held.certificate;
  const std::string what =
      fmt::format("the certificate \"{}\" of {}, serial {}, valid until {}",
                  log::printable(found.held.stored.label), certificate.subject(),
                  certificate.serial(), date_of(certificate.not_after()));
  if (!options.yes) {
    BOOST_OUTCOME_TRY(const auto key, found.token->key_of(certificate.public_key()));
    BOOST_OUTCOME_TRY(confirm(
        context,
        fmt::format("On the token \"{}\" will be deleted: {}.{}", found.token->info().label, what,
                    key ? fmt::format("\nPrograms no longer find the key \"{}\" by it.",
                                      log::printable(key->label))
                        : "")));
  }
  BOOST_OUTCOME_TRY(found.token->destroy(found.held.stored));
  context.out << "deleted: " << what << '\n';
  return success();
}

}  // namespace

void add_cert_export(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("export", "Write a certificate to a file");
  const auto options = std::make_shared<Options>();
  add_certificate_name(*command, options->name);
  add_token_options(*command, options->token);
  add_out_options(*command, options->out);
  command->callback([options, &context] {
    if (const auto done = export_certificate(*options, context); !done) fail(context, done.error());
  });
}

void add_cert_delete(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("delete", "Delete a certificate, after a question");
  const auto options = std::make_shared<Options>();
  add_certificate_name(*command, options->name);
  add_token_options(*command, options->token);
  command->add_flag("--yes", options->yes, "Do not ask");
  command->callback([options, &context] {
    if (const auto done = destroy(*options, context); !done) fail(context, done.error());
  });
}

}  // namespace signet::cli
