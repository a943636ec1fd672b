#include "signet-cli/client/server_options.h"

#include <fmt/format.h>

#include "common/printable.h"
#include "config/url.h"

namespace signet::cli::client {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

void add_server_options(CLI::App& command, ServerOptions& options) {
  command.add_option("--server", options.url, "The seal server: https://HOST:PORT")
      ->type_name("URL")
      ->required();
  command
      .add_option("--server-pin", options.pins,
                  "Pin of its key, live and backup (signet pin show URL)")
      ->type_name("PIN")
      ->allow_extra_args(false)
      ->required();
}

TokenResult<pinning::PinSet> pins_of(const std::vector<std::string>& texts) {
  std::vector<pinning::Pin> pins;
  for (const std::string& text : texts) {
    const auto pin = pinning::Pin::parse(text);
    if (!pin) {
      return token_error(Reason::unreadable,
                         fmt::format("\"{}\" is not a pin; a pin is \"sha256//\" and the 44 "
                                     "characters of base64 that \"signet pin show URL\" prints",
                                     printable(text)));
    }
    pins.push_back(*pin);
  }
  return pinning::PinSet(std::move(pins));
}

TokenResult<sealclient::ServerPlace> server_place(const ServerOptions& options) {
  const auto url = config::parse_url(options.url);
  if (!url || !url.value().path.empty()) {
    return token_error(Reason::unreadable,
                       fmt::format("\"{}\" is no seal server's address: it must have the form "
                                   "https://HOST:PORT",
                                   printable(options.url)));
  }
  sealclient::ServerPlace place;
  place.url = url.value().text();
  BOOST_OUTCOME_TRY(place.pins, pins_of(options.pins));
  return place;
}

}  // namespace signet::cli::client
