#include "seal-server/enrol/card_pin.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <string>

#include "common/printable.h"
#include "config/credential_source.h"

namespace signet::sealserver::enrol {

namespace {

using PinAnswer = pkcs11::TokenResult<std::optional<Secret>>;

PinAnswer pin_in_file(const std::filesystem::path& file) {
  std::error_code unresolved;
  const auto path = std::filesystem::absolute(file, unresolved);
  auto secret = config::CredentialSource{config::CredentialSource::Kind::file, path}.read();
  if (!secret) return pkcs11::token_error(pkcs11::Reason::pin, "the PIN: " + secret.assume_error());
  return std::optional<Secret>(std::move(secret).assume_value());
}

PinAnswer pin_from_terminal(const std::string& label) {
  if (isatty(STDIN_FILENO) != 1)
    return pkcs11::token_error(pkcs11::Reason::pin,
                               "the PIN is needed, and there is no terminal to ask at: give "
                               "--pin-file");
  std::array<char, 256> line{};
  const std::string prompt = "PIN of the card \"" + printable(label) + "\": ";
  const int failed =
      EVP_read_pw_string(line.data(), static_cast<int>(line.size()), prompt.c_str(), 0);
  std::optional<Secret> pin(Secret(std::string_view(line.data())));
  wipe(line.data(), line.size());
  if (failed != 0 || pin->empty())
    return pkcs11::token_error(pkcs11::Reason::pin, "no PIN was typed");
  return pin;
}

}  // namespace

pkcs11::PinProvider card_pin(const std::filesystem::path& file) {
  return [file](const pkcs11::TokenInfo& info) -> PinAnswer {
    if (!file.empty()) return pin_in_file(file);
    if ((info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) return std::optional<Secret>();
    return pin_from_terminal(info.label);
  };
}

}  // namespace signet::sealserver::enrol
