#include "https/client/file_identity.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "common/printable.h"

namespace signet::https {

bool FileIdentity::install(ssl_ctx_st* context) {
  complaint_.clear();
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file_.c_str()) != 1) {
    complaint_ =
        fmt::format("{} cannot be read as a certificate in PEM", printable(certificate_file_));
    return false;
  }
  // Otherwise OpenSSL would ask the terminal for the passphrase of an encrypted key.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });
  if (SSL_CTX_use_PrivateKey_file(context, key_file_.c_str(), SSL_FILETYPE_PEM) != 1) {
    complaint_ = fmt::format(
        "{} cannot be read as an unencrypted private key in PEM that belongs to the certificate",
        printable(key_file_));
    return false;
  }
  return true;
}

}  // namespace signet::https
