#include "seal-client/passphrase_key.h"

#include <array>
#include <string_view>

#include "crypto/aes_gcm.h"
#include "crypto/context.h"
#include "crypto/openssl.h"
#include "seal-client/key_pair.h"

namespace signet::sealclient {

namespace {

constexpr std::uint64_t kCost = std::uint64_t{1} << 17;
constexpr std::uint64_t kBlock = 8;
constexpr std::uint64_t kMostMemory = std::uint64_t{256} << 20;  // bytes; scrypt takes half of it
constexpr std::size_t kSalt = 16;                                // bytes
constexpr std::size_t kMostKeyPair = 1024;

// What the key pair is encrypted as: another use of the passphrase gives another text.
constexpr std::string_view kPurposeText = "signet installation key 1";

// Empty where there is no memory for it.
Secret derived(const Secret& passphrase, ByteView salt) {
  std::array<std::uint8_t, crypto::kAesKey> key{};
  const auto text = text_of(passphrase.reveal());
  const bool done = EVP_PBE_scrypt_ex(text.data(), text.size(), salt.data(), salt.size(), kCost,
                                      kBlock, 1, kMostMemory, key.data(), key.size(),
                                      crypto::library_context(), nullptr) == 1;
  Secret secret = done ? Secret(ByteView(key)) : Secret();
  wipe(key.data(), key.size());
  return secret;
}

}  // namespace

std::optional<ProtectedKeyPair> protect_key_pair(const Secret& passphrase) {
  ProtectedKeyPair made;
  made.key = make_key_pair();
  if (!made.key) return std::nullopt;
  made.form.salt.resize(kSalt);
  if (!crypto::random_bytes(made.form.salt)) return std::nullopt;
  const Secret plain = private_key_of(made.key.get());
  const auto text = crypto::gcm_encrypt(derived(passphrase, made.form.salt), plain.reveal(),
                                        view_of(kPurposeText));
  if (plain.empty() || !text) return std::nullopt;
  for (const Bytes& part : {text->nonce, text->ciphertext, text->tag})
    made.form.encrypted.insert(made.form.encrypted.end(), part.begin(), part.end());
  return made;
}

PkeyPtr key_pair_under(const PassphraseKey& form, const Secret& passphrase) {
  const ByteView all = form.encrypted;
  constexpr std::size_t around = crypto::kGcmNonce + crypto::kGcmTag;
  if (all.size() <= around || all.size() > kMostKeyPair) return nullptr;
  const crypto::GcmText text{
      .nonce = copy_of(all.first(crypto::kGcmNonce)),
      .ciphertext = copy_of(all.subspan(crypto::kGcmNonce, all.size() - around)),
      .tag = copy_of(all.last(crypto::kGcmTag))};
  const auto plain =
      crypto::gcm_decrypt(derived(passphrase, form.salt), text, view_of(kPurposeText));
  return plain ? key_pair_of(plain->reveal()) : nullptr;
}

}  // namespace signet::sealclient
