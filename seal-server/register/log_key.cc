#include "seal-server/register/log_key.h"

#include <openssl/pem.h>

#include <stdexcept>

#include "common/bounded_file.h"
#include "common/private_file.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxKeyFile = 16 * 1024;  // bytes
constexpr std::size_t kPublicKey = 32;          // octets
constexpr std::size_t kSignature = 64;

[[noreturn]] void refuse_log_key(const std::string& what) {
  throw std::runtime_error("The log's key: " + what + ".");
}

}  // namespace

LogKey::LogKey(std::string name, PkeyPtr key) : name_(std::move(name)), key_(std::move(key)) {
  if (name_.empty() || name_.find_first_of(" +\t\n") != std::string::npos)
    refuse_log_key("a name has no spaces and no plus signs");
  if (!key_) refuse_log_key(crypto::openssl_reason());
  if (EVP_PKEY_is_a(key_.get(), "ED25519") != 1) refuse_log_key("it is no Ed25519 key");
}

LogKey LogKey::generate(std::string name) {
  return {std::move(name),
          PkeyPtr(EVP_PKEY_Q_keygen(crypto::library_context(), nullptr, "ED25519"))};
}

LogKey LogKey::read(std::string name, const std::filesystem::path& file) {
  const auto text = read_file(file, kMaxKeyFile);
  if (!text) throw std::runtime_error(text.assume_error().sentence);
  const BioPtr bio = crypto::bio_over(text.assume_value());
  return {std::move(name), PkeyPtr(PEM_read_bio_PrivateKey_ex(bio.get(), nullptr, nullptr, nullptr,
                                                              crypto::library_context(), nullptr))};
}

void LogKey::write(const std::filesystem::path& file) const {
  const BioPtr out(BIO_new(BIO_s_secmem()));
  if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr) != 1)
    refuse_log_key(crypto::openssl_reason());
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &text));
  const auto written =
      replace_private_file(file, view_of(std::string_view(text, size)), Durability::durable);
  if (!written) throw std::runtime_error(written.assume_error().sentence);
}

Bytes LogKey::public_key() const {
  Bytes key(kPublicKey);
  std::size_t size = key.size();
  if (EVP_PKEY_get_raw_public_key(key_.get(), key.data(), &size) != 1 || size != key.size())
    refuse_log_key(crypto::openssl_reason());
  return key;
}

Bytes LogKey::sign(ByteView message) const {
  const DigestContextPtr context(EVP_MD_CTX_new());
  Bytes signature(kSignature);
  std::size_t size = signature.size();
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, crypto::library_context(), nullptr,
                            key_.get(), nullptr) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1 ||
      size != signature.size())
    refuse_log_key(crypto::openssl_reason());
  return signature;
}

}  // namespace signet::sealserver
