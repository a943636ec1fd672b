#include "validation/testing/test_pki.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>

#include "crypto/algorithm_table.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "crypto/signature_names.h"
#include "crypto/spki.h"

namespace signet::validation::pki {

namespace {

using crypto::Hash;

void require(bool made, const char* what) {
  if (!made) throw std::runtime_error(fmt::format("{}: {}", what, crypto::openssl_reason()));
}

PkeyPtr generate(PkeyContextPtr context) {
  EVP_PKEY* made = nullptr;
  require(context && EVP_PKEY_generate(context.get(), &made) == 1, "no key");
  return PkeyPtr(made);
}

PkeyContextPtr generation(const char* type) {
  PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(crypto::library_context(), type, nullptr));
  require(context && EVP_PKEY_keygen_init(context.get()) == 1, type);
  return context;
}

PkeyPtr generate_rsa(int bits) {
  PkeyContextPtr context = generation("RSA");
  require(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1, "RSA");
  return generate(std::move(context));
}

PkeyPtr generate_ec(const char* curve) {
  PkeyContextPtr context = generation("EC");
  require(EVP_PKEY_CTX_set_group_name(context.get(), curve) == 1, curve);
  return generate(std::move(context));
}

PkeyPtr generate_dsa(int bits, int q_bits) {
  // The numbers of the group are the same for all keys of a size: finding them takes a second.
  static std::map<int, PkeyPtr> groups;
  PkeyPtr& group = groups[bits];
  if (!group) {
    const PkeyContextPtr context(
        EVP_PKEY_CTX_new_from_name(crypto::library_context(), "DSA", nullptr));
    EVP_PKEY* made = nullptr;
    require(context && EVP_PKEY_paramgen_init(context.get()) == 1 &&
                EVP_PKEY_CTX_set_dsa_paramgen_bits(context.get(), bits) == 1 &&
                EVP_PKEY_CTX_set_dsa_paramgen_q_bits(context.get(), q_bits) == 1 &&
                EVP_PKEY_generate(context.get(), &made) == 1,
            "DSA");
    group.reset(made);
  }
  PkeyContextPtr context(
      EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), group.get(), nullptr));
  require(context && EVP_PKEY_keygen_init(context.get()) == 1, "DSA");
  return generate(std::move(context));
}

PkeyPtr generate(KeyKind kind) {
  switch (kind) {
    case KeyKind::rsa1024:
      return generate_rsa(1024);
    case KeyKind::rsa2048:
      return generate_rsa(2048);
    case KeyKind::rsa3072:
      return generate_rsa(3072);
    case KeyKind::p256:
      return generate_ec("P-256");
    case KeyKind::p384:
      return generate_ec("P-384");
    case KeyKind::p521:
      return generate_ec("P-521");
    case KeyKind::brainpool256:
      return generate_ec("brainpoolP256r1");
    case KeyKind::ed25519:
      return generate(generation("ED25519"));
    case KeyKind::ed448:
      return generate(generation("ED448"));
    case KeyKind::dsa1024:
      return generate_dsa(1024, 160);
    case KeyKind::dsa2048:
      break;
  }
  return generate_dsa(2048, 256);
}

bool is_rsa(KeyKind kind) {
  return kind == KeyKind::rsa1024 || kind == KeyKind::rsa2048 || kind == KeyKind::rsa3072;
}
bool is_dsa(KeyKind kind) {
  return kind == KeyKind::dsa1024 || kind == KeyKind::dsa2048;
}
bool is_edwards(KeyKind kind) {
  return kind == KeyKind::ed25519 || kind == KeyKind::ed448;
}

const char* digest_name(const SignatureWish& wish) {
  return wish.md5 ? "MD5" : crypto::hash_name(wish.hash);
}

Hash mgf_hash(const SignatureWish& wish) {
  return wish.mgf_hash == Hash::none ? wish.hash : wish.mgf_hash;
}
int salt_length(const SignatureWish& wish) {
  return wish.salt_length.value_or(static_cast<int>(crypto::digest_size(wish.hash)));
}

Bytes null_value() {
  return der::encode(der::kNull, {});
}

// RSASSA-PSS-params (RFC 4055, 3.1), all of them but the trailer.
Bytes pss_parameters(const SignatureWish& wish) {
  const auto with_null = [](Hash hash) {
    return der::encode_sequence({copy_of(crypto::row_of(hash).oid), null_value()});
  };
  const Bytes mgf = der::encode_sequence({oid("1.2.840.113549.1.1.8"), with_null(mgf_hash(wish))});
  return der::encode_sequence({der::encode(der::kContext0, with_null(wish.hash)),
                               der::encode(der::kContext1, mgf),
                               der::encode(0xA2, integer(salt_length(wish)))});
}

std::string dsa_oid(Hash hash) {
  switch (hash) {
    case Hash::sha1:
      return "1.2.840.10040.4.3";
    case Hash::sha224:
      return "2.16.840.1.101.3.4.3.1";
    case Hash::sha256:
      return "2.16.840.1.101.3.4.3.2";
    default:
      throw std::runtime_error("no DSA with this hash");
  }
}

Bytes serial_of(const CertificateWish& wish) {
  static std::atomic<std::uint32_t> last{0x01000000};
  if (wish.serial) return *wish.serial;
  const std::uint32_t number = ++last;
  return {static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U),
          static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
}

Bytes subject_of(const CertificateWish& wish) {
  return wish.subject.value_or(name(wish.name));
}

const Key& key_of(const CertificateWish& wish) {
  return key(wish.key, wish.key_name.empty() ? wish.name : wish.key_name);
}

Bytes version_3() {
  return der::encode(der::kContext0, integer(2));
}

Party party(Bytes der, const Key& key) {
  auto certificate = Certificate::parse(der);
  if (!certificate) throw std::runtime_error("not a certificate: " + certificate.error());
  return {std::move(certificate).value(), &key};
}

}  // namespace

Time at(std::string_view text) {
  const auto number = [&](std::size_t from, std::size_t size) {
    return text.size() < from + size ? 0 : std::stoi(std::string(text.substr(from, size)));
  };
  using namespace std::chrono;
  const sys_days day{year(number(0, 4)) / number(5, 2) / number(8, 2)};
  return day + hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2));
}

const Key& key(KeyKind kind, const std::string& name) {
  static std::mutex mutex;
  // Never destroyed: whoever ends later may still use a key.
  static auto& keys = *new std::map<std::pair<KeyKind, std::string>, Key>();
  const std::scoped_lock lock(mutex);
  Key& found = keys[{kind, name}];
  if (found.pkey != nullptr) return found;
  found.kind = kind;
  found.pkey = generate(kind).release();
  found.public_key = crypto::der_of(found.pkey, i2d_PUBKEY);
  const auto outline = spki::read(found.public_key);
  if (!outline) throw std::runtime_error("a public key cannot be read");
  found.identifier = digest(Hash::sha1, outline->key);
  return found;
}

Bytes signature_algorithm(const Key& key, const SignatureWish& wish) {
  if (key.kind == KeyKind::ed25519) return der::encode_sequence({oid("1.3.101.112")});
  if (key.kind == KeyKind::ed448) return der::encode_sequence({oid("1.3.101.113")});
  if (is_dsa(key.kind)) return der::encode_sequence({oid(dsa_oid(wish.hash))});
  if (!is_rsa(key.kind))
    return der::encode_sequence({oid(crypto::signature_oid(crypto::Scheme::ecdsa, wish.hash))});
  if (wish.pss) return der::encode_sequence({oid(crypto::kPssOid), pss_parameters(wish)});
  const char* const plain = wish.md5 ? "1.2.840.113549.1.1.4"
                                     : crypto::signature_oid(crypto::Scheme::rsa_pkcs1, wish.hash);
  return der::encode_sequence({oid(plain), null_value()});
}

Bytes sign(const Key& key, const SignatureWish& wish, ByteView message) {
  const DigestContextPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const char* const hash = is_edwards(key.kind) ? nullptr : digest_name(wish);
  require(EVP_DigestSignInit_ex(context.get(), &parameters, hash, crypto::library_context(),
                                nullptr, key.pkey, nullptr) == 1,
          "cannot sign");
  if (is_rsa(key.kind) && wish.pss)
    require(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_mgf1_md_name(parameters, crypto::hash_name(mgf_hash(wish)),
                                                  nullptr) == 1 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt_length(wish)) == 1,
            "PSS");
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1,
          "cannot sign");
  Bytes signature(size);
  require(
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1,
      "cannot sign");
  signature.resize(size);
  return signature;
}

Bytes signed_structure(const Key& key, const SignatureWish& wish, ByteView to_be_signed) {
  Bytes bits = {0};
  der::append(bits, sign(key, wish, to_be_signed));
  return der::encode_sequence(
      {copy_of(to_be_signed), signature_algorithm(key, wish), der::encode(der::kBitString, bits)});
}

Bytes digest(Hash hash, ByteView data) {
  Bytes value(crypto::digest_size(hash));
  require(EVP_Q_digest(crypto::library_context(), crypto::hash_name(hash), nullptr, data.data(),
                       data.size(), value.data(), nullptr) == 1,
          "no digest");
  return value;
}

CertificateWish authority(const std::string& name) {
  CertificateWish wish;
  wish.name = name;
  wish.extensions = {basic_constraints(true), key_usage({5, 6})};
  return wish;
}

CertificateWish signer(const std::string& name) {
  CertificateWish wish;
  wish.name = name;
  wish.extensions = {key_usage({0, 1})};
  return wish;
}

CertificateWish time_stamper(const std::string& name) {
  CertificateWish wish = signer(name);
  wish.extensions.push_back(extended_key_usage({kTimeStamping}, true));
  return wish;
}

CertificateWish responder(const std::string& name) {
  CertificateWish wish;
  wish.name = name;
  wish.extensions = {key_usage({0}), extended_key_usage({kOcspSigning}, false), ocsp_nocheck()};
  return wish;
}

Party root(const CertificateWish& wish) {
  const Key& own = key_of(wish);
  return party(certificate_der(own, subject_of(wish), wish), own);
}

Party issue(const Party& issuer, const CertificateWish& wish) {
  return party(certificate_der(*issuer.key, issuer.certificate->subject(), wish), key_of(wish));
}

Bytes certificate_der(const Key& issuer_key, ByteView issuer_name, const CertificateWish& wish) {
  const Key& own = key_of(wish);
  std::vector<Extension> extensions = wish.extensions;
  if (wish.key_identifiers) {
    extensions.push_back(subject_key_identifier(own));
    extensions.push_back(authority_key_identifier(issuer_key));
  }
  std::vector<Bytes> parts = {
      version_3(),
      der::encode(der::kInteger, serial_of(wish)),
      signature_algorithm(issuer_key, wish.signature),
      copy_of(issuer_name),
      der::encode_sequence({time(wish.not_before), time(wish.not_after)}),
      subject_of(wish),
      own.public_key,
  };
  if (!extensions.empty()) {
    constexpr std::uint8_t kContext3 = 0xA3;
    parts.push_back(der::encode(kContext3, encode(extensions)));
  }
  return signed_structure(issuer_key, wish.signature, der::encode_sequence(parts));
}

}  // namespace signet::validation::pki
