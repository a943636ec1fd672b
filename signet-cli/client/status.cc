// `signet client status`: the activations of this machine, and what the seal server says of each.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <vector>

#include "activation/client_folder.h"
#include "activation/errors.h"
#include "common/bounded_file.h"
#include "common/printable.h"
#include "keygen/certificate.h"
#include "seal-client/activated_client.h"
#include "seal-client/installation_key.h"
#include "signet-cli/client/client.h"
#include "signet-cli/date.h"
#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli::client {

namespace {

namespace fs = std::filesystem;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;

constexpr Milliseconds kStatusPatience{10'000};
constexpr std::chrono::days kSoon{60};

struct ClientStatusOptions {
  std::string folder;
  std::string name;
  std::string passphrase_file;
  bool json = false;
};

std::int64_t days_until(std::chrono::system_clock::time_point end) {
  return std::chrono::duration_cast<std::chrono::days>(end - std::chrono::system_clock::now())
      .count();
}

std::string_view key_state_name(sealclient::KeyState state) {
  using sealclient::KeyState;
  switch (state) {
    case KeyState::registered:
      return "registered";
    case KeyState::active:
      return "active";
    case KeyState::superseded:
      return "superseded";
    case KeyState::revoked:
      break;
  }
  return "revoked";
}

class ClientStatusRun {
 public:
  ClientStatusRun(const ClientStatusOptions& options, Context& context)
      : options_(options), context_(context) {}

  void run() {
    if (const auto done = look(); !done) return fail(context_, done.error(), options_.json);
    if (options_.json) print_json(Json{{"clients", shown_}}, context_.out);
  }

 private:
  TokenResult<void> look() {
    BOOST_OUTCOME_TRY(folder_, folder_of(options_.folder));
    std::vector<std::string> names = activation::client_names(folder_);
    if (!options_.name.empty()) names = {options_.name};
    if (names.empty()) {
      return token_error(Reason::not_found,
                         fmt::format("there is no client in {}; signet client import makes one",
                                     printable(folder_.string())));
    }
    std::optional<TokenError> first;
    for (const std::string& name : names) {
      const auto looked = look_at(name);
      if (!looked && !first) first = looked.error();
    }
    if (first && options_.json) context_.exit_code = static_cast<int>(first->reason);
    if (first && !options_.json) return *first;
    return success();
  }

  TokenResult<sealclient::Activation> opened(const std::string& name) const {
    const fs::path path = folder_ / (name + ".activation");
    const auto content = read_file(path, sealclient::kMostActivationFile);
    if (!content) {
      return token_error(content.error().missing ? Reason::not_found : Reason::unreadable,
                         content.error().sentence);
    }
    const auto file = sealclient::read_activation(content.value());
    if (!file) return activation::error_of(file.error());
    PkeyPtr key;
    if (file.value().header.passphrase) {
      BOOST_OUTCOME_TRY(const Secret passphrase,
                        passphrase_from(options_.passphrase_file, Passphrase::present));
      auto under = sealclient::installation_key_under(file.value(), passphrase);
      if (!under) return activation::error_of(under.error());
      key = std::move(under).value();
    } else {
      auto read = sealclient::read_installation_key(folder_ / sealclient::kInstallationKeyFile);
      if (!read) {
        return token_error(read.error().missing ? Reason::not_found : Reason::unreadable,
                           read.error().sentence);
      }
      key = std::move(read).value();
    }
    auto activation = sealclient::open_activation(file.value(), key.get());
    if (!activation) return activation::error_of(activation.error());
    return std::move(activation).value();
  }

  TokenResult<void> look_at(const std::string& name) {
    auto activation = opened(name);
    if (!activation) return show_wrong(name, activation.error());
    const auto own = keygen::Certificate::from_der(activation.value().certificates.front());
    if (!own) return show_wrong(name, own.error());
    BOOST_OUTCOME_TRY(const auto outbox, outbox_in(folder_));
    const auto client =
        sealclient::ActivatedClient::make(std::move(activation).value(), *outbox, kUserAgent);
    if (!client)
      return show_wrong(name, token_error(Reason::unreadable, "the activation's key is no key"));
    const auto status = client->server().status(Deadline::after(kStatusPatience));
    if (!status) return show_wrong(name, activation::error_of(status.error()));
    show(name, client->activation(), own.value(), status.value());
    return success();
  }

  TokenError show_wrong(const std::string& name, const TokenError& error) {
    if (options_.json) shown_.push_back(Json{{"name", name}, {"error", error.sentence}});
    TokenError named = error;
    named.sentence = fmt::format("{}: {}", printable(name), error.sentence);
    return named;
  }

  void show(const std::string& name, const sealclient::Activation& activation,
            const keygen::Certificate& own, const sealclient::ClientStatus& status) {
    if (options_.json) {
      boost::json::array keys;
      for (const auto& each : status.keys)
        keys.push_back(Json{{"key", to_hex(each.key)}, {"state", key_state_name(each.state)}});
      boost::json::array sealing;
      for (const auto& each : status.sealing_certificates) {
        if (each.active)
          sealing.push_back(
              Json{{"certificate", to_hex(each.certificate)}, {"until", each.not_after}});
      }
      shown_.push_back(Json{{"name", name},
                            {"client", status.id},
                            {"organisation", status.organisation},
                            {"server", activation.server.url},
                            {"authenticationUntil", date_of(own.not_after())},
                            {"authenticationDaysLeft", days_until(own.not_after())},
                            {"authenticationKeys", keys},
                            {"sealingCertificates", sealing}});
      return;
    }
    const std::int64_t left = days_until(own.not_after());
    context_.out << fmt::format("{}: client {} of {}, at {}\n", printable(name),
                                printable(status.id), printable(status.organisation),
                                printable(activation.server.url));
    context_.out << fmt::format("  authentication certificate until {} ({} days){}\n",
                                date_of(own.not_after()), left,
                                left < kSoon.count() ? ": to be renewed" : "");
    for (const auto& each : status.sealing_certificates) {
      if (each.active)
        context_.out << fmt::format("  sealing certificate {} until {}\n",
                                    to_hex(each.certificate).substr(0, 16),
                                    printable(each.not_after));
    }
    if (status.seals_left) context_.out << fmt::format("  seals left: {}\n", *status.seals_left);
  }

  const ClientStatusOptions& options_;
  Context& context_;
  fs::path folder_;
  boost::json::array shown_;
};

}  // namespace

void add_status(CLI::App& parent, Context& context) {
  CLI::App* const command =
      parent.add_subcommand("status", "The clients of this machine, and their certificates' ends");
  const auto options = std::make_shared<ClientStatusOptions>();
  command->add_option("NAME", options->name, "One of them; default: all");
  add_folder_option(*command, options->folder);
  command
      ->add_option("--passphrase-file", options->passphrase_file,
                   "File with the passphrase, readable by its owner only")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { ClientStatusRun(*options, context).run(); });
}

}  // namespace signet::cli::client
