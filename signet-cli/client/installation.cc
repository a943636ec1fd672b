// `signet client init` and `signet client code`.
#include "activation/installation.h"

#include <fmt/format.h>

#include "activation/client_code.h"
#include "seal-client/installation_key.h"
#include "seal-client/key_pair.h"
#include "signet-cli/client/client.h"
#include "signet-cli/output.h"

namespace signet::cli::client {

namespace {

using pkcs11::TokenResult;

struct InstallationOptions {
  std::string folder;
  std::string group;
  bool json = false;
};

void show_code(const InstallationOptions& options, const std::filesystem::path& folder,
               const Bytes& public_key, Context& context) {
  const std::string code =
      activation::grouped_client_code(sealclient::compressed_point_of(public_key));
  const auto file = folder / sealclient::kInstallationKeyFile;
  if (options.json) {
    return print_json(Json{{"clientCode", code}, {"key", file.string()}}, context.out);
  }
  context.out << code << '\n';
}

void show(const TokenResult<Bytes>& public_key, const InstallationOptions& options,
          const std::filesystem::path& folder, Context& context) {
  if (!public_key) return fail(context, public_key.error(), options.json);
  show_code(options, folder, public_key.value(), context);
}

}  // namespace

void add_init(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "init", "Make the installation key of this machine, and show its client code");
  const auto options = std::make_shared<InstallationOptions>();
  add_folder_option(*command, options->folder);
  command
      ->add_option("--group", options->group,
                   "Group that may read the key, for applications that run as another user")
      ->type_name("GROUP");
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] {
    const auto folder = folder_of(options->folder);
    if (!folder) return fail(context, folder.error(), options->json);
    show(activation::make_installation(folder.value(), options->group), *options, folder.value(),
         context);
  });
}

void add_code(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("code", "Show the client code, for which activation files are made");
  const auto options = std::make_shared<InstallationOptions>();
  add_folder_option(*command, options->folder);
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] {
    const auto folder = folder_of(options->folder);
    if (!folder) return fail(context, folder.error(), options->json);
    show(activation::installation_of(folder.value()), *options, folder.value(), context);
  });
}

}  // namespace signet::cli::client
