#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>

#include "config/config_reader.h"
#include "signet-cli/command.h"
#include "signet-cli/output.h"
#include "signet-cli/tls_probe.h"

namespace signet::cli {

namespace {

// RFC 3339, in whole seconds.
std::string time_text(const ServerIdentity::Time& time) {
  if (!time) return "unreadable";
  const std::string text = utc_text(*time);
  return text.substr(0, text.find('.')) + "Z";
}

struct PinOptions {
  std::string url;
  std::string timeout = "10s";
  bool json = false;
};

void print_text(const ServerIdentity& server, std::ostream& out) {
  out << fmt::format("pin        {}\n", server.pin.text());
  out << fmt::format("subject    {}\n", printable(server.subject));
  out << fmt::format("issuer     {}\n", printable(server.issuer));
  out << fmt::format("names      {}\n", fmt::join(server.names, ", "));
  out << fmt::format("not before {}\n", time_text(server.not_before));
  out << fmt::format("not after  {}\n", time_text(server.not_after));
  out << (server.complete
              ? fmt::format("protocol   {}\n", server.protocol)
              : "note: the handshake did not end (the server may demand a client certificate); "
                "it has not proved that it holds the key\n");
  out << "\nNothing was trusted to print this: whoever answers at the address chooses what is "
         "shown.\n"
         "Compare the server key pin with the appliance's own (its console, its operator) before "
         "you use "
         "it.\n";
}

void print_server_json(const ServerIdentity& server, std::ostream& out) {
  print_json(Json{{"pin", server.pin.text()},
                  {"subject", server.subject},
                  {"issuer", server.issuer},
                  {"names", boost::json::value_from(server.names)},
                  {"notBefore", time_text(server.not_before)},
                  {"notAfter", time_text(server.not_after)},
                  {"protocol", server.protocol},
                  {"complete", server.complete}},
             out);
}

void show_pin(const PinOptions& options, Context& context) {
  const auto server =
      probe(config::parse_url(options.url).value(), *config::parse_duration(options.timeout));
  if (server.has_error()) return context.fail(server.error().sentence);
  return options.json ? print_server_json(server.value(), context.out)
                      : print_text(server.value(), context.out);
}

std::string check_url(const std::string& text) {
  const auto url = config::parse_url(text);
  return url.has_error() ? url.error() : "";
}

std::string check_timeout(const std::string& text) {
  const auto span = config::parse_duration(text);
  const bool usable = span && *span > Milliseconds::zero() && *span <= std::chrono::minutes(10);
  return usable ? "" : "must be a duration up to 10m, such as 3s";
}

}  // namespace

void add_pin_show(CLI::App& parent, Context& context) {
  CLI::App* const command = parent.add_subcommand(
      "show", "Print the key pin of a server, to be compared over another channel");
  const auto options = std::make_shared<PinOptions>();
  command->add_option("URL", options->url, "https://HOST[:PORT][/PATH]")
      ->required()
      ->check(check_url);
  command->add_option("--timeout", options->timeout, "Time for connecting and the handshake")
      ->check(check_timeout)
      ->capture_default_str();
  command->add_flag("--json", options->json, "Write one JSON object");
  command->callback([options, &context] { show_pin(*options, context); });
}

}  // namespace signet::cli
