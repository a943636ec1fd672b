#include "signet-cli/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <utility>

#include "common/clock.h"
#include "common/descriptor.h"
#include "common/json_text.h"
#include "common/log_line.h"
#include "crypto/openssl.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

constexpr std::string_view kGap = "  ";

// Characters, not bytes, of UTF-8.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

// By hand: Boost.JSON writes without white space only. `line` begins the line in which the value ends.
void append_indented(std::string& text, const boost::json::value& json, const std::string& line) {
  const auto* const object = json.if_object();
  const auto* const list = json.if_array();
  const bool has_parts =
      (object != nullptr && !object->empty()) || (list != nullptr && !list->empty());
  if (!has_parts) {
    text += json_text(json);
    return;
  }
  char before = object != nullptr ? '{' : '[';
  const auto begin_part = [&] { text += std::exchange(before, ',') + line + "  "; };
  if (object != nullptr) {
    for (const auto& member : *object) {
      begin_part();
      text += json_text(boost::json::string(member.key())) + ": ";
      append_indented(text, member.value(), line + "  ");
    }
  } else {
    for (const auto& item : *list) {
      begin_part();
      append_indented(text, item, line + "  ");
    }
  }
  text += line + (object != nullptr ? '}' : ']');
}

}  // namespace

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t at = 0; at < row.size(); ++at)
      widths[at] = std::max(widths[at], width_of(log::printable(row[at])));
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t at = 0; at < row.size(); ++at) {
      const std::string cell = log::printable(row[at]);
      line += cell + std::string(widths[at] - width_of(cell), ' ') + std::string(kGap);
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

void print_json(const boost::json::value& json, std::ostream& out) {
  std::string text;
  append_indented(text, json, "\n");
  out << text << '\n';
}

void add_out_options(CLI::App& command, OutOptions& options) {
  command.add_option("--out", options.file, "File to write; default: the standard output")
      ->type_name("FILE");
  command.add_flag("--der", options.der, "Write DER, not PEM");
}

pkcs11::TokenResult<void> write_out(const OutOptions& options, const char* pem_name, ByteView der,
                                    Context& context) {
  const std::string content =
      options.der ? std::string(text_of(der)) : crypto::to_pem(pem_name, der);
  if (options.file.empty()) {
    context.out << content;
    return success();
  }
  std::ofstream file(options.file, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (file) return success();
  return pkcs11::token_error(pkcs11::Reason::failed,
                             fmt::format("cannot write {}: {}", options.file, system_text(errno)));
}

void fail(Context& context, const pkcs11::TokenError& failure, bool json) {
  const pkcs11::TokenError told = told_by(failure);
  if (json)
    print_json(Json{{"error", told.sentence}, {"status", static_cast<int>(told.reason)}},
               context.out);
  fail(context, told);
}

pkcs11::TokenResult<void> confirm(Context& context, const std::string& question) {
  context.err << question << "\nType yes to go on: " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "yes") return success();
  return pkcs11::token_error(pkcs11::Reason::declined, "nothing was deleted");
}

std::string sha256_of(ByteView public_key) {
  return to_hex(crypto::sha256(public_key));
}

pkcs11::TokenResult<std::vector<Held>> held_certificates(const pkcs11::TokenSession& token) {
  BOOST_OUTCOME_TRY(const auto stored, token.certificates());
  std::vector<Held> held;
  for (const auto& each : stored)
    if (const auto parsed = keygen::Certificate::from_der(each.der))
      held.push_back({each, parsed.value()});
  return held;
}

std::vector<Held> certificates_of(const pkcs11::Key& key, const std::vector<Held>& all) {
  std::vector<Held> fitting;
  for (const Held& held : all)
    if (equal(held.certificate.public_key(), key.public_key)) fitting.push_back(held);
  return fitting;
}

Json json_of(const pkcs11::Key& key) {
  return {{"label", key.label},
          {"id", to_hex(key.id)},
          {"type", key.type.text()},
          {"enabled", key.can_sign},
          {"publicKeySha256", key.public_key.empty() ? "" : sha256_of(key.public_key)},
          {"uri", key.uri}};
}

Json json_of(const Held& held) {
  const keygen::Certificate& certificate = held.certificate;
  return {{"label", held.stored.label},
          {"id", to_hex(held.stored.id)},
          {"subject", certificate.subject()},
          {"issuer", certificate.issuer()},
          {"serial", certificate.serial()},
          {"notBefore", utc_text(certificate.not_before())},
          {"notAfter", utc_text(certificate.not_after())},
          {"authority", certificate.is_authority()},
          {"signatureAlgorithm", certificate.signature_algorithm()},
          {"sha256", certificate.fingerprint()},
          {"publicKeySha256", sha256_of(certificate.public_key())},
          {"uri", held.stored.uri}};
}

}  // namespace signet::cli
