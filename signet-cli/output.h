// How subcommands about tokens answer: a table for people, one JSON document for scripts, a file; and the question before
// something is deleted.
#ifndef SIGNET_SIGNET_CLI_OUTPUT_H_
#define SIGNET_SIGNET_CLI_OUTPUT_H_

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "keygen/certificate.h"
#include "pkcs11-client/session.h"
#include "signet-cli/command.h"
#include "signet-cli/date.h"

namespace signet::cli {

using Json = boost::json::object;

// Columns as wide as their widest cell; the first row is the heading. At a terminal no line is longer than the terminal,
// nor than 100 characters: the widest columns are made narrower, and their cells continue in the next line.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) : rows_{std::move(heading)} {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print(Context& context) const;
  // `width` 0: lines may have any length.
  void print(std::ostream& out, std::size_t width) const;

 private:
  std::vector<std::size_t> widths(std::size_t width) const;

  std::vector<std::vector<std::string>> rows_;
};

// Indented, for people too; bytes that are not UTF-8 become U+FFFD.
void print_json(const boost::json::value& json, std::ostream& out);

// A certificate or a request: to a file, or to the output.
struct OutOptions {
  std::string file;  // --out; empty: the output
  bool der = false;  // --der
};

// Adds --out and --der.
void add_out_options(CLI::App& command, OutOptions& options);
// `pem_name`: PEM_STRING_X509 or the like.
pkcs11::TokenResult<void> write_out(const OutOptions& options, const char* pem_name, ByteView der,
                                    Context& context);

// "signet: sentence" on the error stream, the reason's number as exit code; with `json` also
// {"error": sentence, "status": number} on the output.
void fail(Context& context, const pkcs11::TokenError& failure, bool json);

// Asks at the terminal, or whatever the standard input is, for a "yes". Reason::declined.
pkcs11::TokenResult<void> confirm(Context& context, const std::string& question);

std::string sha256_of(ByteView public_key);  // lower-case hexadecimal

// The certificates of a token as values, those that cannot be parsed left out; and the ones that are
// for a key.
struct Held {
  pkcs11::StoredCertificate stored;
  keygen::Certificate certificate;
};
pkcs11::TokenResult<std::vector<Held>> held_certificates(const pkcs11::TokenSession& token);
std::vector<Held> certificates_of(const pkcs11::Key& key, const std::vector<Held>& all);

Json json_of(const pkcs11::Key& key);
Json json_of(const Held& held);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_OUTPUT_H_
