#include "seal-client/key_identity.h"

#include <openssl/ssl.h>

#include "crypto/openssl_ptr.h"

namespace signet::sealclient {

namespace {

// Parsed in this thread's default context, which is the one that `context` belongs to.
bool add_issuer(ssl_ctx_st* context, ByteView der) {
  const unsigned char* at = der.data();
  X509Ptr issuer(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!issuer || SSL_CTX_add0_chain_cert(context, issuer.get()) != 1) return false;
  (void)issuer.release();  // the context owns it now
  return true;
}

}  // namespace

bool KeyIdentity::install(ssl_ctx_st* context) {
  complaint_.clear();
  const auto complain = [this](const char* sentence) {
    complaint_ = sentence;
    return false;
  };
  const Bytes& own = chain_.front();
  if (SSL_CTX_use_certificate_ASN1(context, static_cast<int>(own.size()), own.data()) != 1)
    return complain("the client's certificate cannot be read");
  for (std::size_t i = 1; i < chain_.size(); ++i) {
    if (!add_issuer(context, chain_[i]))
      return complain("a certificate above the client's cannot be read");
  }
  return SSL_CTX_use_PrivateKey(context, key_.get()) == 1 ||
         complain("the client's key does not belong to its certificate");
}

}  // namespace signet::sealclient
