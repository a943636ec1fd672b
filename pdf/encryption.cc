#include "pdf/encryption.h"

#include <openssl/evp.h>

#include <array>
#include <numeric>
#include <utility>

#include "crypto/context.h"
#include "crypto/openssl.h"
#include "crypto/openssl_ptr.h"
#include "pdf/wiped_string.h"

namespace signet::pdf {

namespace {

constexpr std::size_t kBlock = 16;

using CipherPtr = OpensslPtr<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContextPtr = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// OpenSSL has it in its legacy provider only, which the host would notice.
Bytes rc4(ByteView key, ByteView plain) {
  std::array<std::uint8_t, 256> box = {};
  std::iota(box.begin(), box.end(), std::uint8_t{0});
  std::uint8_t j = 0;
  for (std::size_t i = 0; i < box.size(); ++i) {
    j = static_cast<std::uint8_t>(j + box.at(i) + key[i % key.size()]);
    std::swap(box.at(i), box.at(j));
  }
  Bytes out = copy_of(plain);
  std::uint8_t i = 0;
  j = 0;
  for (std::uint8_t& byte : out) {
    i = static_cast<std::uint8_t>(i + 1);
    j = static_cast<std::uint8_t>(j + box.at(i));
    std::swap(box.at(i), box.at(j));
    byte ^= box.at(static_cast<std::uint8_t>(box.at(i) + box.at(j)));
  }
  return out;
}

PdfResult<Bytes> aes(ByteView key, ByteView plain) {
  const Error failed(ErrorKind::unreadable, "OpenSSL cannot encrypt");
  const CipherPtr cipher(EVP_CIPHER_fetch(
      crypto::library_context(), key.size() == 32 ? "AES-256-CBC" : "AES-128-CBC", nullptr));
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  Bytes out(kBlock + plain.size() + kBlock);
  if (!cipher || !context ||
      static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher.get())) != key.size() ||
      !crypto::random_bytes(std::span(out).first(kBlock)))
    return failed;
  int first = 0;
  int last = 0;
  if (EVP_EncryptInit_ex2(context.get(), cipher.get(), key.data(), out.data(), nullptr) != 1 ||
      EVP_EncryptUpdate(context.get(), out.data() + kBlock, &first, plain.data(),
                        static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), out.data() + kBlock + first, &last) != 1)
    return failed;
  out.resize(kBlock + static_cast<std::size_t>(first) + static_cast<std::size_t>(last));
  return out;
}

// Whole blocks alone, as readers take them.
PdfResult<Bytes> undo_aes(ByteView key, ByteView encrypted) {
  const Error failed(ErrorKind::unreadable, "OpenSSL cannot decrypt");
  if (encrypted.size() < 2 * kBlock) return Bytes();
  const ByteView vector = encrypted.first(kBlock);
  ByteView rest = encrypted.subspan(kBlock);
  rest = rest.first(rest.size() / kBlock * kBlock);
  const CipherPtr cipher(EVP_CIPHER_fetch(
      crypto::library_context(), key.size() == 32 ? "AES-256-CBC" : "AES-128-CBC", nullptr));
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  Bytes out(rest.size() + kBlock);
  int size = 0;
  if (!cipher || !context ||
      static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher.get())) != key.size() ||
      EVP_DecryptInit_ex2(context.get(), cipher.get(), key.data(), vector.data(), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_DecryptUpdate(context.get(), out.data(), &size, rest.data(),
                        static_cast<int>(rest.size())) != 1)
    return failed;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace

PdfResult<std::optional<Encryption>> Encryption::of(QPDF& document) {
  Encryption found;
  int bits = 0;
  QPDF::encryption_method_e files = QPDF::e_none;
  if (!document.isEncrypted(found.revision_, bits, found.version_, found.streams_, found.strings_,
                            files))
    return std::optional<Encryption>();
  if (found.version_ < 4) found.streams_ = found.strings_ = QPDF::e_rc4;
  if (found.streams_ == QPDF::e_unknown || found.strings_ == QPDF::e_unknown)
    return Error(ErrorKind::unsupported,
                 "the document is encrypted in a way that is not supported");
  const WipedString key(document.getEncryptionKey());
  found.key_ = Secret(key.bytes());
  return std::optional(std::move(found));
}

PdfResult<Bytes> Encryption::string(ByteView plain, QPDFObjGen object) const {
  return encrypt(strings_, plain, object);
}

PdfResult<Bytes> Encryption::stream(ByteView plain, QPDFObjGen object) const {
  return encrypt(streams_, plain, object);
}

PdfResult<Bytes> Encryption::decrypted_stream(ByteView encrypted, QPDFObjGen object) const {
  if (streams_ == QPDF::e_none) return copy_of(encrypted);
  BOOST_OUTCOME_TRY(const auto key, key_of(streams_, object));
  return streams_ == QPDF::e_rc4 ? PdfResult<Bytes>(rc4(key.reveal(), encrypted))
                                 : undo_aes(key.reveal(), encrypted);
}

PdfResult<Bytes> Encryption::encrypt(QPDF::encryption_method_e method, ByteView plain,
                                     QPDFObjGen object) const {
  if (method == QPDF::e_none) return copy_of(plain);
  BOOST_OUTCOME_TRY(const auto key, key_of(method, object));
  return method == QPDF::e_rc4 ? PdfResult<Bytes>(rc4(key.reveal(), plain))
                               : aes(key.reveal(), plain);
}

// Algorithms 1 and 1.A (7.6.3): each object has its own key, but for AES with 256 bits.
PdfResult<Secret> Encryption::key_of(QPDF::encryption_method_e method, QPDFObjGen object) const {
  const WipedString file_key(text_of(key_.reveal()));
  const WipedString key(QPDF::compute_data_key(file_key.get(), object.getObj(), object.getGen(),
                                               method != QPDF::e_rc4, version_, revision_));
  if (key.get().empty())
    return Error(ErrorKind::unsupported, "the document's encryption key is unusable");
  return Secret(key.bytes());
}

}  // namespace signet::pdf
