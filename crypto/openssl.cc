#include "crypto/openssl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <stdexcept>

#include "crypto/library_context.h"

namespace signet::crypto {

OSSL_LIB_CTX* library_context() {
  static const auto* const context = new LibraryContext();
  if (!*context) throw std::runtime_error("OpenSSL's default provider cannot be loaded");
  return context->get();
}

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "OpenSSL gives no reason" : reason;
}

Bytes sha256(ByteView data) {
  // Fetched once: that takes longer than the digest of a few hundred bytes.
  static const EVP_MD* const algorithm = EVP_MD_fetch(library_context(), "SHA256", nullptr);
  Bytes digest(32);
  if (algorithm == nullptr ||
      EVP_Digest(data.data(), data.size(), digest.data(), nullptr, algorithm, nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return digest;
}

BioPtr bio_over(ByteView bytes) {
  return BioPtr(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string to_pem(const char* name, ByteView der) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio(out.get(), name, "", der.data(), static_cast<long>(der.size()));
  return text_in(out.get());
}

}  // namespace signet::crypto
