#include "seal-server/enrol/enrol_key.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "common/private_file.h"
#include "crypto/context.h"
#include "crypto/openssl.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

constexpr std::size_t kMaxKeyFile = 64 * 1024;  // bytes
constexpr long kYears = 30L * 365 * 86'400;  // seconds; its age says nothing, statements replace it

[[noreturn]] void fail_openssl(const std::string& what) {
  fail(Reason::failed, what + ": " + crypto::openssl_reason() + ".");
}

PkeyPtr read_enrol_key(const std::filesystem::path& file) {
  auto content = take(read_plain_file(file, kMaxKeyFile));
  if (!content) return nullptr;
  const BioPtr in = crypto::bio_over(content->bytes);
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  PkeyPtr key(PEM_read_bio_PrivateKey_ex(in.get(), nullptr, no_passphrase, nullptr,
                                         crypto::library_context(), nullptr));
  wipe(content->bytes.data(), content->bytes.size());
  if (!key) fail_openssl(file.string() + " is no private key");
  return key;
}

Bytes certificate_for(EVP_PKEY* key) {
  const X509Ptr made(X509_new_ex(crypto::library_context(), nullptr));
  std::uint8_t serial[16] = {};
  take(crypto::random_bytes(serial));
  serial[0] &= 0x7FU;
  const BignumPtr number(BN_bin2bn(serial, sizeof serial, nullptr));
  const auto* const name = reinterpret_cast<const unsigned char*>("Signet registration authority");
  if (!made || X509_set_version(made.get(), X509_VERSION_3) != 1 ||
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())) == nullptr ||
      X509_gmtime_adj(X509_getm_notBefore(made.get()), 0) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(made.get()), kYears) == nullptr ||
      X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, name, -1,
                                 -1, 0) != 1 ||
      X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())) != 1 ||
      X509_set_pubkey(made.get(), key) != 1 || X509_sign(made.get(), key, EVP_sha256()) == 0)
    fail_openssl("The enrolment key's certificate cannot be made");
  return crypto::der_of(made.get(), i2d_X509);
}

void write(const std::filesystem::path& file, std::string_view text) {
  take(replace_private_file(file, view_of(text), Durability::durable));
}

PkeyPtr make_enrol_key(const std::filesystem::path& file,
                       const std::filesystem::path& certificate) {
  PkeyPtr key(EVP_PKEY_Q_keygen(crypto::library_context(), nullptr, "EC", "P-256"));
  const BioPtr pem(BIO_new(BIO_s_secmem()));
  if (!key || !pem ||
      PEM_write_bio_PKCS8PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1)
    fail_openssl("The enrolment key cannot be made");
  write(certificate, crypto::to_pem("CERTIFICATE", certificate_for(key.get())));
  char* text = nullptr;
  const auto size = BIO_get_mem_data(pem.get(), &text);
  write(file, {text, static_cast<std::size_t>(size)});  // last: where it is, both are
  return key;
}

}  // namespace

Bytes public_enrol_key(const std::filesystem::path& key, const std::filesystem::path& certificate) {
  PkeyPtr own = read_enrol_key(key);
  if (!own) own = make_enrol_key(key, certificate);
  return crypto::der_of(own.get(), i2d_PUBKEY);
}

}  // namespace signet::sealserver::enrol
