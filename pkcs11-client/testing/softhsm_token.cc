#include "pkcs11-client/testing/softhsm_token.h"

#include <stdlib.h>

namespace signet::pkcs11 {
namespace {

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";

Secret user_pin() {
  return Secret(std::string_view("correct horse"));
}

}  // namespace

// Throws bad_result_access where something fails.
SoftHsmToken::SoftHsmToken() {
  const std::string settings = "directories.tokendir = " + folder_.path().string() + "\n";
  setenv("SOFTHSM2_CONF", folder_.write("softhsm2.conf", settings).c_str(), 1);
  module_ = Module::load(kSoftHsm).value();
  module_->create_token("seal", Secret(std::string_view("87654321")), user_pin()).value();
  reopen();
}

void SoftHsmToken::reopen() {
  close();
  session_ = TokenSession::open(module_, module_->token(Uri::of_token("seal")).value(),
                                [](const TokenInfo&) -> TokenResult<std::optional<Secret>> {
                                  return std::optional(user_pin());
                                })
                 .value();
}

}  // namespace signet::pkcs11
