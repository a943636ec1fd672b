// What a handshake of ours may negotiate.
#ifndef SIGNET_HTTPS_CLIENT_TLS_OPTIONS_H_
#define SIGNET_HTTPS_CLIENT_TLS_OPTIONS_H_

struct ssl_ctx_st;

namespace signet::https {

// Sets all that the section `system_default` of a host's openssl.cnf can have set in a fresh context (SSL_CONF_cmd(3)), so
// that nothing of it is left: versions, ciphers, security level, groups, signature algorithms, options, padding. TLS 1.2 or
// later. False where OpenSSL refuses; throws std::bad_alloc where it had no memory.
bool set_tls_options(ssl_ctx_st* context);

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_TLS_OPTIONS_H_
