#include "https/client/tls_options.h"

#include <openssl/ssl.h>

#include "crypto/host_errors.h"

namespace signet::https {

namespace {

constexpr int kSecurityLevel = 2;  // 112 bits: RSA with 2048, no SHA-1

constexpr const char* kCiphers = "DEFAULT:!aNULL:!eNULL:!PSK:!SRP";  // TLS 1.2

// OpenSSL's own, from 3.5 on with hybrid ones and with the right key shares; before, the word does not exist.
constexpr const char* kGroups = "DEFAULT";
constexpr const char* kGroupsBefore35 =
    "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096";

constexpr const char* kSignatureAlgorithms =
    "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:ed25519:ed448:"
    "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:"
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"
    "rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512";

// OpenSSL's and libcurl's usual ones; what was read of an answer is wiped in OpenSSL's buffer.
constexpr auto kOptions = (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) | SSL_OP_NO_TICKET |
                          SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                          SSL_OP_ENABLE_MIDDLEBOX_COMPAT | SSL_OP_CLEANSE_PLAINTEXT;

bool set_groups(SSL_CTX* context) {
  return SSL_CTX_set1_groups_list(context, kGroups) == 1 ||
         SSL_CTX_set1_groups_list(context, kGroupsBefore35) == 1;
}

bool set_all(SSL_CTX* context) {
  SSL_CTX_clear_options(context, SSL_CTX_get_options(context));
  SSL_CTX_set_options(context, kOptions);
  SSL_CTX_set_security_level(context, kSecurityLevel);
  return SSL_CTX_set_max_proto_version(context, 0) == 1 &&
         SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1 &&
         SSL_CTX_set_ciphersuites(context, TLS_DEFAULT_CIPHERSUITES) == 1 && set_groups(context) &&
         SSL_CTX_set1_sigalgs_list(context, kSignatureAlgorithms) == 1 &&
         SSL_CTX_set1_client_sigalgs_list(context, kSignatureAlgorithms) == 1 &&
         SSL_CTX_set_block_padding(context, 0) == 1;
}

}  // namespace

bool set_tls_options(ssl_ctx_st* context) {
  const crypto::HostErrors aside;
  return crypto::verdict(set_all(context));
}

}  // namespace signet::https
