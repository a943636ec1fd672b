// `signet cert`: the certificates on a token.
#include <fmt/format.h>
#include <openssl/pem.h>

#include <memory>

#include "common/printable.h"
#include "keygen/import.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

using keygen::Imported;
using keygen::ImportOrder;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

// Which certificate of a token a subcommand is about.
struct CertificateName {
  std::string name;    // label or URI
  std::string id;      // hexadecimal; empty: any
  std::string serial;  // hexadecimal, colons between the bytes or none; empty: any
};

struct OpenCertificate {
  std::unique_ptr<pkcs11::TokenSession> token;
  Held held;
};

std::string names_of(const std::vector<Held>& certificates) {
  std::string text;
  for (const Held& held : certificates) {
    text += fmt::format("{}serial {} until {}", text.empty() ? "" : "; ", held.certificate.serial(),
                        date_of(held.certificate.not_after()));
  }
  return text;
}

// As openssl prints it as well: in capitals, with colons between the bytes.
TokenResult<std::string> serial_in(std::string text) {
  std::erase(text, ':');
  const auto number = from_hex(text);
  if (!number) {
    return token_error(Reason::unreadable,
                       fmt::format("the serial number \"{}\" is not hexadecimal", text));
  }
  return to_hex(*number);
}

// Adds CERT, --id and --serial.
void add_certificate_name(CLI::App& command, CertificateName& name) {
  command.add_option("CERT", name.name, "The certificate's label, or its pkcs11: URI")->required();
  command.add_option("--id", name.id, "Its CKA_ID in hexadecimal, where the label is not enough")
      ->type_name("HEX");
  command.add_option("--serial", name.serial, "Its serial number in hexadecimal, likewise")
      ->type_name("HEX");
}

// Exactly one: not_found or ambiguous otherwise.
TokenResult<OpenCertificate> open_certificate(const TokenOptions& options,
                                              const CertificateName& name, Login login) {
  BOOST_OUTCOME_TRY(const auto choice, object_choice(name.name, name.id));
  BOOST_OUTCOME_TRY(const auto serial, serial_in(name.serial));
  BOOST_OUTCOME_TRY(auto token, open_token(options, name.name, login));
  BOOST_OUTCOME_TRY(const auto all, held_certificates(*token));
  std::vector<Held> fitting;
  for (const Held& held : all) {
    if (choice.fits(held.stored.label, held.stored.id) &&
        (serial.empty() || held.certificate.serial() == serial)) {
      fitting.push_back(held);
    }
  }
  if (fitting.empty()) {
    return token_error(Reason::not_found,
                       fmt::format("there is no certificate with {}{} on the token", choice.text(),
                                   serial.empty() ? "" : " and serial " + serial));
  }
  if (fitting.size() > 1) {
    return token_error(
        Reason::ambiguous,
        fmt::format("several certificates fit: {}; say which with --serial", names_of(fitting)));
  }
  return OpenCertificate{std::move(token), std::move(fitting.front())};
}

struct ListOptions {
  TokenOptions token;
  CertificateName name;
  bool json = false;
};

TokenResult<std::vector<Held>> all_of(const ListOptions& options) {
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token, "", Login::no));
  return held_certificates(*token);
}

void list(const ListOptions& options, Context& context) {
  const auto all = all_of(options);
  if (!all) return fail(context, all.error(), options.json);
  boost::json::array json;
  Table table({"LABEL", "ID", "SERIAL", "VALID UNTIL", "SUBJECT"});
  for (const Held& held : all.value()) {
    table.add({held.stored.label, to_hex(held.stored.id), held.certificate.serial(),
               date_of(held.certificate.not_after()), held.certificate.subject()});
    json.push_back(json_of(held));
  }
  options.json ? print_json(json, context.out) : table.print(context);
}

void show(const ListOptions& options, Context& context) {
  const auto found = open_certificate(options.token, options.name, Login::no);
  if (!found) return fail(context, found.error(), options.json);
  const Held& held = found.value().held;
  if (options.json) return print_json(json_of(held), context.out);
  context.out << fmt::format("label   {}\nid      {}\nuri     {}\nsha256  {}\n",
                             printable(held.stored.label), to_hex(held.stored.id),
                             printable(held.stored.uri), held.certificate.fingerprint())
              << held.certificate.text();
}

void add_cert_list(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("list", "List the certificates of a token");
  const auto options = std::make_shared<ListOptions>();
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON array");
  command->callback([options, &context] { list(*options, context); });
}

void add_cert_show(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("show", "Print one certificate");
  const auto options = std::make_shared<ListOptions>();
  add_certificate_name(*command, options->name);
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { show(*options, context); });
}

struct ImportOptions {
  TokenOptions token;
  std::vector<std::string> files;
  std::vector<std::string> roots;
  std::string key;
  std::string id;
  std::string label;
  bool json = false;
};

TokenResult<std::vector<keygen::Certificate>> read_all(const std::vector<std::string>& files) {
  std::vector<keygen::Certificate> all;
  for (const std::string& file : files) {
    BOOST_OUTCOME_TRY(const auto some, keygen::read_certificates(file));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

TokenResult<Imported> import(const ImportOptions& options) {
  ImportOrder order;
  BOOST_OUTCOME_TRY(auto certificates, read_all(options.files));
  order.certificates = std::move(certificates);
  BOOST_OUTCOME_TRY(auto roots, read_all(options.roots));
  order.roots = std::move(roots);
  BOOST_OUTCOME_TRY(const auto choice, object_choice(options.key, options.id));
  if (!choice.empty()) order.key = choice;
  if (!options.label.empty()) order.label = options.label;
  BOOST_OUTCOME_TRY(const auto token, open_token(options.token, options.key));
  return keygen::import_certificate(*token, order);
}

void import_file(const ImportOptions& options, Context& context) {
  const auto result = import(options);
  if (!result) return fail(context, result.error(), options.json);
  const Imported& done = result.value();
  if (options.json) {
    boost::json::array issuers;
    for (const auto& issuer : done.issuers) issuers.emplace_back(issuer.label);
    const Json json = {{"uri", done.certificate.uri},
                       {"label", done.certificate.label},
                       {"id", to_hex(done.certificate.id)},
                       {"chainChecked", !options.roots.empty()},
                       {"issuers", std::move(issuers)}};
    return print_json(json, context.out);
  }
  context.out << fmt::format("the certificate is on the token, for the key \"{}\"\nuri  {}\n",
                             printable(done.key.label), printable(done.certificate.uri));
  for (const auto& issuer : done.issuers)
    context.out << fmt::format("its issuer \"{}\" too\n", printable(issuer.label));
  if (options.roots.empty())
    context.out << "note: no --roots were given, so nobody has checked who issued it\n";
}

void add_cert_import(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("import", "Check a certificate and store it with its key");
  const auto options = std::make_shared<ImportOptions>();
  command->add_option("FILE", options->files, "The certificate and its issuers, PEM, DER or PKCS#7")
      ->required();
  command->add_option("--roots", options->roots, "File with the certificates to trust")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_option("--key", options->key, "The key it must be for, by label or pkcs11: URI")
      ->type_name("KEY");
  command->add_option("--id", options->id, "The same by its CKA_ID in hexadecimal")
      ->type_name("HEX");
  command->add_option("--label", options->label, "Its label; default: the key's")
      ->type_name("LABEL");
  add_token_options(*command, options->token);
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { import_file(*options, context); });
}

struct CertificateOptions {
  TokenOptions token;
  CertificateName name;
  OutOptions out;
  bool yes = false;
};

TokenResult<void> export_certificate(const CertificateOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto found, open_certificate(options.token, options.name, Login::no));
  return write_out(options.out, PEM_STRING_X509, found.held.stored.der, context);
}

TokenResult<void> destroy(const CertificateOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(const auto found, open_certificate(options.token, options.name, Login::yes));
  const keygen::Certificate& certificate = found.held.certificate;
  const std::string what = fmt::format(
      "the certificate \"{}\" of {}, serial {}, valid until {}", printable(found.held.stored.label),
      printable(certificate.subject()), certificate.serial(), date_of(certificate.not_after()));
  if (!options.yes) {
    BOOST_OUTCOME_TRY(const auto key, found.token->key_of(certificate.public_key()));
    BOOST_OUTCOME_TRY(confirm(
        context, fmt::format("On the token \"{}\" will be deleted: {}.{}",
                             printable(found.token->info().label), what,
                             key ? fmt::format("\nPrograms no longer find the key \"{}\" by it.",
                                               printable(key->label))
                                 : "")));
  }
  BOOST_OUTCOME_TRY(found.token->destroy(found.held.stored));
  context.out << "deleted: " << what << '\n';
  return success();
}

void add_cert_export(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand("export", "Write a certificate to a file");
  const auto options = std::make_shared<CertificateOptions>();
  add_certificate_name(*command, options->name);
  add_token_options(*command, options->token);
  add_out_options(*command, options->out);
  command->callback([options, &context] {
    if (const auto done = export_certificate(*options, context); !done) fail(context, done.error());
  });
}

void add_cert_delete(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("delete", "Delete a certificate, after confirmation");
  const auto options = std::make_shared<CertificateOptions>();
  add_certificate_name(*command, options->name);
  add_token_options(*command, options->token);
  command->add_flag("--yes", options->yes, "Do not ask");
  command->callback([options, &context] {
    if (const auto done = destroy(*options, context); !done) fail(context, done.error());
  });
}

}  // namespace

void add_cert_commands(CLI::App& app, Context& context) {
  CLI::App& cert = add_group(app, "cert", "Certificates on a token");
  add_cert_list(cert, context);
  add_cert_show(cert, context);
  add_cert_import(cert, context);
  add_cert_export(cert, context);
  add_cert_delete(cert, context);
}

}  // namespace signet::cli
