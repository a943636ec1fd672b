#include "signet-cli/ca_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "common/trusted_file.h"
#include "config/credential_command.h"
#include "config/default_folders.h"
#include "keygen/certificate.h"

namespace signet::cli {

namespace {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenResult;

constexpr std::size_t kLargestProgram = std::size_t{1} << 40U;  // its size does not matter

// A service may do less than the administrator who tries its command by hand.
std::string sandbox_advice() {
  if (config::environment("INVOCATION_ID").empty()) return {};
  return " It ran in the sandbox of its systemd unit, where it may do less than by hand: see "
         "journalctl --unit=signet-renew, and systemctl edit signet-renew to let it do more.";
}

}  // namespace

TokenResult<void> check_ca_command(const std::string& command) {
  const std::string program = config::split_words(command).front();
  const auto opened = open_trusted(program, {.most = kLargestProgram});
  std::string wrong = opened ? std::string() : opened.error().sentence;
  if (wrong.empty() && ::access(program.c_str(), X_OK) != 0)
    wrong = fmt::format("{}: {}", program, system_text(errno));
  if (wrong.empty()) return success();
  return token_error(Reason::failed,
                     fmt::format("the command of the certification authority cannot be run: {}; "
                                 "nothing was made",
                                 wrong));
}

TokenResult<Bytes> answer_of_ca_command(const std::string& command, Milliseconds limit,
                                        const std::filesystem::path& request) {
  std::vector<std::string> words = config::split_words(command);
  words.push_back(request.string());
  auto output = config::output_of(words, limit, keygen::kLargestCertificateFile);
  if (output) return std::move(output).value();
  return token_error(Reason::failed,
                     fmt::format("the command of the certification authority, {}, {}; the request "
                                 "is kept and goes out again the next time.{}",
                                 words.front(), output.error(), sandbox_advice()));
}

}  // namespace signet::cli
