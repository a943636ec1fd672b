#include "pinning/tls_guard.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <new>

#include "crypto/certificate.h"

namespace signet::pinning {

namespace {

// OpenSSL calls this in place of its own chain check, before the handshake goes on.
int verify(X509_STORE_CTX* store, void* argument) {
  auto* guard = static_cast<TlsGuard*>(argument);
  const X509* leaf = X509_STORE_CTX_get0_cert(store);
  bool accepted = false;
  try {  // no exception may pass through OpenSSL
    accepted = leaf != nullptr && guard->accepts(crypto::public_key_of(leaf));
  } catch (const std::bad_alloc&) {
    guard->lacked_memory();
  }
  if (!accepted) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
  }
  if (guard->checks_chain()) return X509_verify_cert(store);
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

void note_alerts(const SSL* ssl, int where, int value) {
  constexpr int fatal = 2;
  if ((where & SSL_CB_ALERT) == 0 || value >> 8 != fatal) return;
  auto* guard = static_cast<TlsGuard*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  if (guard != nullptr) guard->saw_fatal_alert(value & 0xFF);
}

}  // namespace

void TlsGuard::install(ssl_ctx_st* context) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify, this);
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_info_callback(context, note_alerts);
  // SSLKEYLOGFILE in a host's environment must not give away what travels here.
  SSL_CTX_set_keylog_callback(context, nullptr);
}

void TlsGuard::forget() {
  refused_pin_.reset();
  fatal_alert_.reset();
  memory_was_lacking_ = false;
}

bool TlsGuard::accepts(ByteView spki) {
  // No key could be read out of a certificate that OpenSSL has read: it had no memory for it.
  if (spki.empty()) throw std::bad_alloc();
  if (demand_ == Demand::chain) return true;
  const Pin seen = Pin::of_public_key(spki);
  if (pins_.matches(seen)) return true;
  refused_pin_ = seen;
  return false;
}

}  // namespace signet::pinning
