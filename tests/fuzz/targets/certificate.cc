// Any bytes as a certificate and as a SubjectPublicKeyInfo, read by everything that reads them: the module's own
// parsers, the transport's, the command's, the emulator's, and OpenSSL itself. Where two of them take the same bytes,
// they must see the same in them.
#include "keygen/certificate.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

#include "crypto/certificate_parts.h"
#include "crypto/openssl_ptr.h"
#include "crypto/public_key.h"
#include "dsa-transport/der_check.h"
#include "keygen/certificate_check.h"
#include "pkcs11-module/object/object.h"
#include "signet-cli/doctor/certificate_report.h"
#include "softhsm-backend/public_key.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using crypto::PublicKey;
using Key = std::shared_ptr<const PublicKey>;
using crypto::CertificateParts;

const std::shared_ptr<crypto::Context>& context() {
  static const std::shared_ptr<crypto::Context> made = crypto::Context::create().value();
  return made;
}

const transport::DerCheck& der_check() {
  static const transport::DerCheck check;
  return check;
}

bool lies_within(ByteView part, ByteView whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

bool is_date(const std::string& text) {
  return text.empty() || (text.size() == 8 &&
                          std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }));
}

std::size_t bits_of(const crypto::KeyParameters& key) {
  return key.type == crypto::KeyType::rsa ? key.bits : row_of(key.curve).bits;
}

bool agree(const PublicKey& key, const crypto::KeyParameters& seen) {
  return key.type() == seen.type && key.bits() == bits_of(seen);
}

// What OpenSSL itself sees: by its name for the type, and bits.
struct Seen {
  std::string_view type;
  std::size_t bits;
};

std::optional<Seen> seen_by_openssl(ByteView der) {
  const unsigned char* in = der.data();
  const PkeyPtr key(d2i_PUBKEY(nullptr, &in, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!key || in != der.data() + der.size()) return std::nullopt;
  for (const std::string_view type : {"RSA", "EC", "ED25519"}) {
    if (EVP_PKEY_is_a(key.get(), type.data()) == 1)
      return Seen{type, static_cast<std::size_t>(EVP_PKEY_get_bits(key.get()))};
  }
  return Seen{"another", 0};
}

// OpenSSL counts the 253 bits of the order as an Ed25519 key's.
bool agree(crypto::KeyType type, std::size_t bits, const Seen& seen) {
  return seen.type == row_of(type).key_management &&
         (type == crypto::KeyType::edwards || seen.bits == bits);
}

bool agree(const PublicKey& key, const Seen& seen) {
  return agree(key.type(), key.bits(), seen);
}

bool agree(const crypto::KeyParameters& key, const Seen& seen) {
  return agree(key.type, bits_of(key), seen);
}

// A signature of nothing but ones is nobody's.
void check_verification(const PublicKey& key) {
  const Bytes digest(32, 1);
  const Bytes signature(key.signature_size(), 1);
  const auto sha256 = crypto::Hash::sha256;
  require(!key.verify_pkcs1_digest(sha256, digest, signature), "no forged PKCS#1 signature");
  require(!key.verify_pss(sha256, {sha256, 32}, digest, signature), "no forged PSS signature");
  require(!key.verify_ecdsa(digest, signature), "no forged ECDSA signature");
  require(!key.verify_eddsa(digest, signature), "no forged EdDSA signature");
}

// The key made again of what it shows.
void check_parts(const PublicKey& key) {
  const auto again = PublicKey::from_spki(context(), key.spki());
  require(again.has_value() && equal(again.value()->spki(), key.spki()), "a key has one form");
  const auto of_parts = key.type() == crypto::KeyType::rsa
                            ? PublicKey::from_rsa(context(), key.modulus(), key.public_exponent())
                            : PublicKey::from_ec(context(), key.ec_params(), key.ec_point());
  require(of_parts.has_value() && equal(of_parts.value()->spki(), key.spki()),
          "a key's attributes make the same key");
}

void check_key(const Key& key) {
  check_parts(*key);
  check_verification(*key);
  const auto by_openssl = seen_by_openssl(key->spki());
  require(by_openssl && agree(*key, *by_openssl), "OpenSSL takes the key's one form");
  const auto seen = der_check().public_key(key->spki());
  require(seen && agree(*key, *seen), "the transport takes the key's one form");
}

void check_spki(ByteView der) {
  const auto key = PublicKey::from_spki(context(), der);
  const auto seen = der_check().public_key(der);
  const auto by_openssl = seen_by_openssl(der);
  require(!seen || !by_openssl || agree(*seen, *by_openssl), "the transport sees OpenSSL's key");
  if (!key) return;
  require(!by_openssl || agree(*key.value(), *by_openssl), "the module sees OpenSSL's key");
  check_key(key.value());
  require(!seen || agree(*key.value(), *seen), "both see the same key");
}

void check_certificate_parts(const CertificateParts& parts, ByteView der) {
  for (const ByteView part : {parts.serial_number, parts.issuer, parts.subject, parts.public_key}) {
    require(!part.empty() && lies_within(part, der), "a part is a part of the certificate");
  }
  require(is_date(parts.start_date) && is_date(parts.end_date), "a date is one");
}

// What C_GetAttributeValue shows of the certificate.
void check_object(ByteView der) {
  const auto object = object::object_of_certificate(
      context(), {.id = "1", .label = {}, .cka_id = {}, .der = copy_of(der), .key_id = {}});
  require(object.has_value(), "a certificate that was read makes an object");
  const auto value = object.value()->find(CKA_VALUE);
  require(value && equal(*value, der), "CKA_VALUE is the certificate");
  require(object::size_of(*object.value()) >= der.size(), "the object is not smaller");
}

void check_against_openssl(const CertificateParts& parts, const keygen::Certificate& certificate) {
  require(equal(parts.subject, certificate.subject_der()), "both see the same subject");
  require(equal(parts.issuer, certificate.issuer_der()), "both see the same issuer");
  require(equal(parts.serial_number, certificate.serial_der()), "both see the same serial number");
}

void check_text(const std::string& text) {
  require(std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }),
          "what is shown of a certificate has no control characters");
}

void check_report(ByteView der) {
  transport::ObjectSet set;
  set.certificates.push_back(
      {.id = "1", .label = {}, .cka_id = {}, .der = copy_of(der), .key_id = {}});
  const auto reports = cli::doctor::check_certificates(set, std::chrono::system_clock::now());
  require(reports.size() == 1, "there is a report for each certificate");
  check_text(reports.front().subject);
}

void check_command(const keygen::Certificate& certificate) {
  check_text(certificate.subject());
  check_text(certificate.issuer());
  (void)certificate.common_name();
  (void)certificate.not_before();
  (void)certificate.not_after();
  (void)certificate.signature_algorithm();
  (void)keygen::check_certificate(certificate);
}

void check_certificate(ByteView der) {
  const auto parts = crypto::parse_certificate(der);
  const auto key = PublicKey::from_certificate(context(), der);
  const auto by_command = keygen::Certificate::from_der(der);
  const auto by_emulator = emulator::read_certificate(der);
  check_report(der);
  if (by_command) check_command(by_command.value());
  require(der_check().is_certificate(der) || !by_command, "what the command reads is one");
  if (parts) {
    check_certificate_parts(*parts, der);
    check_object(der);
    if (by_command) check_against_openssl(*parts, by_command.value());
  }
  if (!key) return;
  check_key(key.value());
  if (by_emulator) {
    require(equal(by_emulator->public_key, key.value()->spki()), "both see the same key");
    require(der_check().certifies(der, key.value()->spki()), "the certificate is over its key");
  }
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const signet::ByteView der(data, size);
  signet::fuzz::check_spki(der);
  signet::fuzz::check_certificate(der);
  return 0;
}
