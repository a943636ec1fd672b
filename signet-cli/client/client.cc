#include "signet-cli/client/client.h"

#include <fmt/format.h>
#include <stdlib.h>

#include "common/printable.h"
#include "config/config.h"
#include "config/credential_source.h"
#include "signet-cli/ask_secret.h"
#include "signet-cli/member_client.h"
#include "signet-cli/state_folder.h"

namespace signet::cli::client {

namespace fs = std::filesystem;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

namespace {

constexpr std::size_t kLeastPassphrase = 12;  // bytes
constexpr Milliseconds kLogin{30'000};

TokenResult<Secret> passphrase_in(const std::string& file) {
  std::error_code unresolved;
  const auto path = fs::absolute(file, unresolved);
  auto secret = config::CredentialSource{config::CredentialSource::Kind::file, path}.read();
  if (!secret) return token_error(Reason::pin, "the passphrase: " + secret.error());
  return std::move(secret).value();
}

TokenResult<Secret> typed_passphrase(const std::string& what) {
  auto secret = ask_secret(what);
  if (secret) return std::move(secret).value();
  return token_error(Reason::pin,
                     fmt::format("the passphrase is needed, and {}: give --passphrase-file, or set "
                                 "{}",
                                 secret.error(), kPassphraseVariable));
}

TokenResult<Secret> asked_passphrase(Passphrase which) {
  BOOST_OUTCOME_TRY(auto once, typed_passphrase("Passphrase of the activation file"));
  if (which == Passphrase::present) return once;
  BOOST_OUTCOME_TRY(const auto twice, typed_passphrase("Passphrase of the activation file again"));
  if (once == twice) return once;
  return token_error(Reason::pin, "the two passphrases differ");
}

}  // namespace

void add_folder_option(CLI::App& command, std::string& folder) {
  command
      .add_option("--folder", folder,
                  "Folder of the clients; default: client below /var/lib/signet or "
                  "~/.local/state/signet")
      ->type_name("DIR");
}

TokenResult<fs::path> folder_of(const std::string& option) {
  if (!option.empty()) {
    std::error_code unresolved;
    return fs::absolute(option, unresolved).lexically_normal();
  }
  if (const auto folder = state_folder("client")) return *folder;
  return token_error(Reason::failed, "HOME is not set; give --folder");
}

TokenResult<std::unique_ptr<sealclient::Outbox>> outbox_in(const fs::path& folder) {
  auto outbox = sealclient::Outbox::open(folder / "outbox");
  if (outbox) return std::move(outbox).value();
  return token_error(Reason::failed,
                     fmt::format("{}: {}", printable(folder.string()), outbox.error().sentence));
}

TokenResult<Secret> passphrase_from(const std::string& file, Passphrase which) {
  const char* const variable = secure_getenv(kPassphraseVariable);
  TokenResult<Secret> secret = Secret();
  if (!file.empty()) {
    secret = passphrase_in(file);
  } else if (variable != nullptr && *variable != '\0') {
    secret = Secret(std::string_view(variable));
  } else {
    secret = asked_passphrase(which);
  }
  if (secret && which == Passphrase::fresh && secret.value().size() < kLeastPassphrase) {
    return token_error(Reason::pin, fmt::format("the passphrase is all that protects the file: at "
                                                "least {} characters",
                                                kLeastPassphrase));
  }
  return secret;
}

sealclient::TryCredentials appliance_login() {
  return [](const sealclient::Credentials& credentials) -> sealclient::LoginResult<void> {
    using Kind = sealclient::LoginError::Kind;
    using transport::Failure;
    config::TokenConfig token;
    token.label = "activation";
    token.user = credentials.user;
    std::string why;
    for (const auto& member : credentials.members) {
      config::MemberConfig place;
      place.url = member.url;
      place.pins = member.pins;
      const auto account =
          client_of(token, place, Repeats::never)
              ->account({token.user, credentials.password}, Deadline::after(kLogin));
      if (account) return success();
      const transport::ApplianceError& error = account.error();
      if (error.failure == Failure::wrong_password)
        return sealclient::LoginError{.kind = Kind::wrong_password, .sentence = error.sentence};
      why = fmt::format("the appliance {}: {}", printable(member.url), error.sentence);
      if (error.failure != Failure::unreachable && error.failure != Failure::timed_out) break;
    }
    return sealclient::LoginError{.kind = Kind::appliance, .sentence = why};
  };
}

}  // namespace signet::cli::client

namespace signet::cli {

void add_client_commands(CLI::App& app, Context& context) {
  CLI::App& group = add_group(app, "client", "This machine as a client of a seal server");
  client::add_init(group, context);
  client::add_code(group, context);
  client::add_import(group, context);
  client::add_status(group, context);
}

}  // namespace signet::cli
