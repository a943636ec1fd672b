// Apart from seal.cc, so that a program that only checks seals does not carry the code that makes
// them.
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "config/seal.h"
#include "config/seal_message.h"
#include "crypto/host_errors.h"
#include "crypto/library_context.h"
#include "crypto/openssl_ptr.h"

namespace signet::config {

Result<Seal, SealError> make_seal(ByteView private_key_pem, ByteView config,
                                  std::string_view series, std::uint64_t counter) {
  if (!is_series(series)) {
    return SealError{"a series is named with 1 to 64 letters, digits, \".\", \"_\" or \"-\""};
  }
  if (private_key_pem.size() > kLargestKeyFile) return SealError{"the key's file is too large"};
  const crypto::HostErrors aside;
  const crypto::LibraryContext crypto;
  const OpensslPtr<BIO, BIO_free> memory(
      BIO_new_mem_buf(private_key_pem.data(), static_cast<int>(private_key_pem.size())));
  if (!crypto || !memory) return SealError{"OpenSSL cannot read keys here"};
  const OpensslPtr<EVP_PKEY, EVP_PKEY_free> key(
      PEM_read_bio_PrivateKey_ex(memory.get(), nullptr, nullptr, nullptr, crypto.get(), nullptr));
  Seal seal{std::string(series), counter, {}, {}};
  std::size_t key_size = seal.key.size();
  if (!key || EVP_PKEY_is_a(key.get(), "ED25519") != 1 ||
      EVP_PKEY_get_raw_public_key(key.get(), seal.key.data(), &key_size) != 1) {
    return SealError{
        "the key is not an Ed25519 private key in PEM, or its passphrase is wrong "
        "(openssl genpkey -algorithm ed25519 makes one)"};
  }
  const Bytes message = seal_message(series, counter, config);
  const OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t size = seal.signature.size();
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, crypto.get(), nullptr, key.get(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), seal.signature.data(), &size, message.data(), message.size()) !=
          1 ||
      size != seal.signature.size()) {
    return SealError{"OpenSSL cannot make Ed25519 signatures here"};
  }
  return seal;
}

}  // namespace signet::config
