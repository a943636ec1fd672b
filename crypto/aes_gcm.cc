#include "crypto/aes_gcm.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>

#include "crypto/context.h"
#include "crypto/openssl.h"

namespace signet::crypto {

namespace {

using GcmCipherPtr = OpensslPtr<EVP_CIPHER, EVP_CIPHER_free>;
using GcmContextPtr = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

enum class GcmDirection : int { decrypt = 0, encrypt = 1 };

// With the additional data taken in; null where OpenSSL fails.
GcmContextPtr gcm_context(GcmDirection direction, const Secret& key, ByteView nonce,
                          ByteView also) {
  if (key.size() != kAesKey || nonce.size() != kGcmNonce) return nullptr;
  const GcmCipherPtr cipher(EVP_CIPHER_fetch(library_context(), "AES-256-GCM", nullptr));
  GcmContextPtr context(EVP_CIPHER_CTX_new());
  int size = 0;
  if (!cipher || !context ||
      EVP_CipherInit_ex2(context.get(), cipher.get(), key.reveal().data(), nonce.data(),
                         static_cast<int>(direction), nullptr) != 1)
    return nullptr;
  if (!also.empty() && EVP_CipherUpdate(context.get(), nullptr, &size, also.data(),
                                        static_cast<int>(also.size())) != 1)
    return nullptr;
  return context;
}

bool run_gcm(EVP_CIPHER_CTX* context, ByteView in, std::uint8_t* out) {
  int size = 0;
  return in.empty() ||
         EVP_CipherUpdate(context, out, &size, in.data(), static_cast<int>(in.size())) == 1;
}

bool end_gcm(EVP_CIPHER_CTX* context) {
  std::uint8_t none = 0;
  int size = 0;
  return EVP_CipherFinal_ex(context, &none, &size) == 1;
}

bool exchange_tag(EVP_CIPHER_CTX* context, int call, Bytes& tag) {
  return EVP_CIPHER_CTX_ctrl(context, call, static_cast<int>(kGcmTag), tag.data()) == 1;
}

}  // namespace

std::optional<Secret> new_aes_key() {
  std::array<std::uint8_t, kAesKey> octets{};
  std::optional<Secret> key;
  if (random_bytes(octets)) key.emplace(ByteView(octets));
  wipe(octets.data(), octets.size());
  return key;
}

std::optional<GcmText> gcm_encrypt(const Secret& key, ByteView content, ByteView also) {
  GcmText text{Bytes(kGcmNonce), Bytes(content.size()), Bytes(kGcmTag)};
  if (!random_bytes(text.nonce)) return std::nullopt;
  const auto context = gcm_context(GcmDirection::encrypt, key, text.nonce, also);
  if (!context || !run_gcm(context.get(), content, text.ciphertext.data()) ||
      !end_gcm(context.get()) || !exchange_tag(context.get(), EVP_CTRL_GCM_GET_TAG, text.tag))
    return std::nullopt;
  return text;
}

// Nothing of the content is given out before the tag is found right.
std::optional<Secret> gcm_decrypt(const Secret& key, const GcmText& text, ByteView also) {
  if (text.tag.size() != kGcmTag) return std::nullopt;
  const auto context = gcm_context(GcmDirection::decrypt, key, text.nonce, also);
  Bytes content(text.ciphertext.size());
  Bytes tag = text.tag;
  const bool good = context && exchange_tag(context.get(), EVP_CTRL_GCM_SET_TAG, tag) &&
                    run_gcm(context.get(), text.ciphertext, content.data()) &&
                    end_gcm(context.get());
  std::optional<Secret> result;
  if (good) result.emplace(ByteView(content));
  wipe(content.data(), content.size());
  ERR_clear_error();
  return result;
}

}  // namespace signet::crypto
