#include "softhsm-backend/csc/client_certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "common/bounded_file.h"
#include "crypto/openssl.h"
#include "crypto/openssl_ptr.h"

namespace signet::emulator::csc {

namespace {

constexpr std::size_t kLargestFile = 1024UL * 1024;  // bytes

}  // namespace

std::string certificate_mark(ByteView der) {
  return to_hex(crypto::sha256(der));
}

Bytes read_certificate_file(const std::filesystem::path& file) {
  const auto content = read_file(file, kLargestFile);
  if (!content) throw std::runtime_error("cannot use " + content.error().sentence);
  const Bytes& pem = content.value();
  const BioPtr text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) {
    throw std::runtime_error(file.string() + " holds no certificate in PEM");
  }
  return crypto::der_of(certificate.get(), i2d_X509);
}

}  // namespace signet::emulator::csc
