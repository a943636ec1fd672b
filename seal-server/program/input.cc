#include "seal-server/program/input.h"

#include <openssl/pem.h>

#include <stdexcept>

#include "common/bounded_file.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxInput = 256 * 1024;  // bytes of a certificate or ciphertext

}  // namespace

Bytes input(const std::filesystem::path& file) {
  auto bytes = read_file(file, kMaxInput);
  if (!bytes) throw std::runtime_error(bytes.assume_error().sentence);
  return std::move(bytes).assume_value();
}

Bytes certificate_in(const std::filesystem::path& file) {
  const Bytes pem = input(file);
  const BioPtr bio = crypto::bio_over(pem);
  const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) throw std::runtime_error(file.string() + " has no PEM certificate.");
  return crypto::der_of(certificate.get(), i2d_X509);
}

}  // namespace signet::sealserver
