// `signet activate`: the card's side.
#include "activation/activate.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "activation/card.h"
#include "activation/client_code.h"
#include "common/printable.h"
#include "config/config_reader.h"
#include "seal-client/key_pair.h"
#include "signet-cli/client/client.h"
#include "signet-cli/client/server_options.h"
#include "signet-cli/date.h"
#include "signet-cli/output.h"
#include "signet-cli/state_folder.h"
#include "signet-cli/token_options.h"

namespace signet::cli {

namespace {

using activation::ActivationStep;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;

constexpr std::size_t kHashSize = 32;  // SHA-256

struct ActivateOptions {
  TokenOptions card;
  std::string client_code;
  bool passphrase = false;
  std::string passphrase_file;
  client::ServerOptions server;
  std::string content_key_hash;
  std::string out;
  std::string wait = "10m";
  bool json = false;
};

std::string_view words_for(ActivationStep step) {
  switch (step) {
    case ActivationStep::connecting:
      return "the seal server knows the card, and its content key is the card's";
    case ActivationStep::key_made:
      return "a new authentication key is made";
    case ActivationStep::registered:
      return "the seal server has registered it, and asks the certification authority";
    case ActivationStep::certified:
      return "its certificate is here";
    case ActivationStep::written:
      break;
  }
  return "the activation file is written";
}

// The recipient, or the passphrase of one.
TokenResult<void> choose_recipient(const ActivateOptions& options,
                                   activation::ActivationWish& wish) {
  if (options.client_code.empty()) {
    BOOST_OUTCOME_TRY(auto passphrase,
                      client::passphrase_from(options.passphrase_file, client::Passphrase::fresh));
    wish.passphrase = std::move(passphrase);
    return success();
  }
  const auto point = activation::point_of_client_code(options.client_code);
  if (!point) return token_error(Reason::unreadable, point.error());
  wish.recipient = sealclient::public_key_of_point(point.value());
  if (wish.recipient.empty())
    return token_error(Reason::unreadable, "the client code is no key on P-256");
  return success();
}

// As a person types it: blanks, hyphens and colons do not matter.
TokenResult<Bytes> hash_of_letter(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '-' || c == ':'; });
  auto hash = from_hex(text);
  if (!hash || hash->size() != kHashSize)
    return token_error(Reason::unreadable,
                       "--content-key-hash takes the 64 hexadecimal digits of the registration "
                       "letter");
  return *std::move(hash);
}

// The error of a login, with what the card says of further tries.
TokenError of_login(TokenError error, const TokenPlace& place) {
  if (const auto now = place.module->token_in(place.info.slot))
    return activation::with_tries(std::move(error), now.value());
  return error;
}

class Activate {
 public:
  Activate(const ActivateOptions& options, Context& context)
      : options_(options), context_(context) {}

  void run() {
    const auto report = activated();
    if (!report) return fail(context_, told_by(report.error()), options_.json);
    show(report.value());
  }

 private:
  TokenResult<activation::ActivationReport> activated() {
    activation::ActivationWish wish;
    BOOST_OUTCOME_TRY(wish.server, client::server_place(options_.server));
    BOOST_OUTCOME_TRY(choose_recipient(options_, wish));
    if (!options_.content_key_hash.empty()) {
      BOOST_OUTCOME_TRY(wish.content_key_hash, hash_of_letter(options_.content_key_hash));
    }
    wish.file = options_.out;
    wish.wait = *config::parse_duration(options_.wait);
    wish.user_agent = client::kUserAgent;
    const auto folder = state_folder("activate");
    if (!folder) return token_error(Reason::failed, "HOME is not set");
    BOOST_OUTCOME_TRY(const auto outbox, client::outbox_in(*folder));
    BOOST_OUTCOME_TRY(const auto place, find_token(options_.card));
    BOOST_OUTCOME_TRY(const auto pin, token_pin(options_.card, ""));
    const auto session = pkcs11::TokenSession::open(place.module, place.info, pin);
    if (!session) return of_login(session.error(), place);
    BOOST_OUTCOME_TRY(const auto card, activation::Card::read(*session.value()));
    return activation::activate(*card, wish, *outbox, [this](ActivationStep step) {
      if (!options_.json) context_.err << words_for(step) << '\n' << std::flush;
    });
  }

  void show(const activation::ActivationReport& report) {
    if (options_.json) {
      return print_json(Json{{"file", options_.out},
                             {"client", report.client},
                             {"id", report.file_id},
                             {"issued", report.issued},
                             {"certificate", report.certificate.fingerprint()},
                             {"until", date_of(report.certificate.not_after())}},
                        context_.out);
    }
    context_.out << fmt::format(
        "{}: for the client {}, its certificate until {}; import it with signet client import\n",
        printable(options_.out), printable(report.client), date_of(report.certificate.not_after()));
  }

  const ActivateOptions& options_;
  Context& context_;
};

}  // namespace

void add_activate(CLI::App& app, Context& context) {
  CLI::App* const command = app.add_subcommand(
      "activate", "Make an activation file with an activation card, for one installation");
  const auto options = std::make_shared<ActivateOptions>();
  command
      ->add_option("--card", options->card.token, "The card: its token's label, or its pkcs11: URI")
      ->type_name("LABEL|URI");
  command
      ->add_option("--module", options->card.module,
                   "PKCS#11 module of the card, such as opensc-pkcs11.so")
      ->type_name("FILE");
  command
      ->add_option("--pin-file", options->card.pin_file,
                   "File with the card's PIN, readable by its owner only")
      ->type_name("FILE");
  auto* const code = command
                         ->add_option("--client-code", options->client_code,
                                      "Client code of the installation (signet client init)")
                         ->type_name("CODE");
  auto* const passphrase =
      command->add_flag("--passphrase", options->passphrase,
                        "Protect the file by a passphrase in place of a client code");
  passphrase->excludes(code);
  command
      ->add_option("--passphrase-file", options->passphrase_file,
                   "File with the passphrase, readable by its owner only")
      ->type_name("FILE")
      ->needs(passphrase);
  client::add_server_options(*command, options->server);
  command
      ->add_option("--content-key-hash", options->content_key_hash,
                   "SHA-256 of the client's content key, from the registration letter, where the "
                   "card has no place for it")
      ->type_name("HEX");
  command->add_option("-o,--out", options->out, "The activation file")
      ->type_name("FILE")
      ->required();
  command->add_option("--wait", options->wait, "How long to wait for the certificate; default: 10m")
      ->type_name("DURATION")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return config::parse_duration(text) ? std::string()
                                                : std::string("must be a duration, such as 10m");
          },
          "DURATION"));
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] {
    if (options->client_code.empty() && !options->passphrase)
      throw CLI::RequiredError("--client-code or --passphrase");
    Activate(*options, context).run();
  });
}

}  // namespace signet::cli
