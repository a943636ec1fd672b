#include "signet-cli/output.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <numeric>
#include <utility>

#include "common/clock.h"
#include "common/descriptor.h"
#include "common/json_text.h"
#include "common/printable.h"
#include "crypto/openssl.h"
#include "signet-cli/token_options.h"

namespace signet::cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::size_t kWidest = 100;   // characters of a line at a terminal
constexpr std::size_t kNarrowest = 8;  // of a column, where a terminal is very narrow

// Characters, not bytes, of UTF-8.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

// Removes the first characters from the text.
std::string take(std::string& text, std::size_t characters) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size(); ++end)
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && count++ == characters) break;
  std::string taken = text.substr(0, end);
  text.erase(0, end);
  return taken;
}

bool is_at_terminal(const Context& context) {
  return &context.unfiltered_out == &std::cout && isatty(STDOUT_FILENO) == 1;
}

// Of the terminal that the standard output is, but at most kWidest; 0 where it is none.
std::size_t terminal_width(const Context& context) {
  if (!is_at_terminal(context)) return 0;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kWidest;
  return std::min<std::size_t>(size.ws_col, kWidest);
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

std::vector<std::size_t> Table::widths(std::size_t width) const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t at = 0; at < row.size(); ++at)
      widths[at] = std::max(widths[at], width_of(printable(row[at])));
  const std::size_t gaps = kGap.size() * (widths.size() - 1);
  if (width == 0) return widths;
  while (std::accumulate(widths.begin(), widths.end(), gaps) > width) {
    std::size_t& widest = *std::max_element(widths.begin(), widths.end());
    if (widest <= kNarrowest) break;
    --widest;
  }
  return widths;
}

void Table::print(std::ostream& out, std::size_t width) const {
  const std::vector<std::size_t> columns = widths(width);
  for (const auto& row : rows_) {
    std::vector<std::string> left;
    for (const std::string& cell : row) left.push_back(printable(cell));
    do {
      std::string line;
      for (std::size_t at = 0; at < left.size(); ++at) {
        const std::string part = take(left[at], columns[at]);
        line += part + std::string(columns[at] - width_of(part), ' ') + std::string(kGap);
      }
      out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
    } while (std::ranges::any_of(left, [](const std::string& rest) { return !rest.empty(); }));
  }
}

void Table::print(Context& context) const {
  print(context.out, terminal_width(context));
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
    if (options.der && is_at_terminal(context))
      return pkcs11::token_error(pkcs11::Reason::failed,
                                 "DER is not written to a terminal: give --out FILE, or a pipe");
    (options.der ? context.unfiltered_out : context.out) << content;
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
