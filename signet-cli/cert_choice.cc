#include "signet-cli/cert_choice.h"

#include <fmt/format.h>

#include "common/bytes.h"

namespace signet::cli {
namespace {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

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

}  // namespace

void add_certificate_name(CLI::App& command, CertificateName& name) {
  command.add_option("CERT", name.name, "The certificate's label, or its pkcs11: URI")->required();
  command.add_option("--id", name.id, "Its CKA_ID in hexadecimal, where the label is not enough")
      ->type_name("HEX");
  command.add_option("--serial", name.serial, "Its serial number in hexadecimal, likewise")
      ->type_name("HEX");
}

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

}  // namespace signet::cli
