#include "signet-cli/key_commands.h"

namespace signet::cli {
namespace {

CLI::App& group(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* const made = app.add_subcommand(name, description);
  made->require_subcommand(1);
  return *made;
}

}  // namespace

void add_key_commands(CLI::App& app, Context& context) {
  add_token_list(group(app, "token", "PKCS#11 tokens"), context);

  CLI::App& key = group(app, "key", "Key pairs on a token");
  add_key_list(key, context);
  add_key_generate(key, context);
  add_key_rename(key, context);
  add_key_delete(key, context);

  add_csr(app, context);

  CLI::App& cert = group(app, "cert", "Certificates on a token");
  add_cert_list(cert, context);
  add_cert_show(cert, context);
  add_cert_import(cert, context);
  add_cert_export(cert, context);
  add_cert_delete(cert, context);
}

}  // namespace signet::cli
