#include <string_view>

#include "common/printable.h"
#include "common/private_file.h"
#include "config/credential_command.h"
#include "crypto/certificate_bundle.h"
#include "seal-server/certificates/authority.h"

namespace signet::sealserver {

namespace {

using Kind = AuthorityAnswer::Kind;

constexpr std::size_t kMostOutput = 256 * 1024;  // bytes
constexpr std::string_view kRefused = "refused: ";

class CommandAuthority final : public Authority {
 public:
  CommandAuthority(std::string command, std::filesystem::path folder, Milliseconds limit)
      : command_(std::move(command)), folder_(std::move(folder)), limit_(limit) {}

  AuthorityAnswer ask(const std::string& name, ByteView request) override {
    const std::filesystem::path file = folder_ / (name + ".der");
    const auto prepared = prepare_folder(folder_, Folder::own);
    if (!prepared) return failed(folder_.string() + ": " + prepared.assume_error().sentence);
    const auto written = replace_private_file(file, request, Durability::none);
    if (!written) return failed(written.assume_error().sentence);
    AuthorityAnswer answer = run(file);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return answer;
  }

 private:
  static AuthorityAnswer failed(const std::string& sentence) {
    return {.kind = Kind::failed, .certificates = {}, .sentence = printable(sentence)};
  }

  AuthorityAnswer run(const std::filesystem::path& file) const {
    std::vector<std::string> words = config::split_words(command_);
    if (words.empty()) return failed("the command is empty");
    words.push_back(file.string());
    const auto output = config::output_of(words, limit_, kMostOutput);
    if (!output) return failed("the command " + words.front() + " " + output.assume_error());
    const std::string_view text = text_of(output.assume_value());
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
      return {.kind = Kind::undecided};
    if (text.starts_with(kRefused)) {
      const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
      return {.kind = Kind::refused,
              .certificates = {},
              .sentence = printable(line.substr(kRefused.size()))};
    }
    auto certificates = crypto::certificates_in(output.assume_value());
    if (certificates.empty())
      return failed("the command " + words.front() + " wrote no certificate");
    return {.kind = Kind::issued, .certificates = std::move(certificates), .sentence = {}};
  }

  const std::string command_;
  const std::filesystem::path folder_;
  const Milliseconds limit_;
};

}  // namespace

std::unique_ptr<Authority> command_authority(std::string command, std::filesystem::path folder,
                                             Milliseconds limit) {
  return std::make_unique<CommandAuthority>(std::move(command), std::move(folder), limit);
}

}  // namespace signet::sealserver
