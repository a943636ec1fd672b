#include "dsa-transport/der_check.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <bit>
#include <new>

#include "crypto/algorithm_table.h"
#include "crypto/certificate.h"
#include "crypto/certificate_parts.h"
#include "crypto/host_errors.h"
#include "crypto/openssl_ptr.h"
#include "crypto/spki.h"

namespace signet::transport {

namespace {

using crypto::KeyParameters;
using crypto::KeyType;

PkeyPtr parse_key(OSSL_LIB_CTX* context, ByteView spki) {
  const unsigned char* in = spki.data();
  PkeyPtr key(d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()), context, nullptr));
  if (key && in != spki.data() + spki.size()) key.reset();
  return key;
}

X509Ptr parse_certificate(OSSL_LIB_CTX* context, ByteView der) {
  const unsigned char* in = der.data();
  X509* certificate = X509_new_ex(context, nullptr);
  // On failure d2i frees the object and sets the pointer to null.
  if (certificate != nullptr) d2i_X509(&certificate, &in, static_cast<long>(der.size()));
  X509Ptr parsed(certificate);
  if (parsed && in != der.data() + der.size()) parsed.reset();
  return parsed;
}

// Keys by the curve's NID, RSA's by none.
std::optional<KeyParameters> parameters_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    return KeyParameters{.type = KeyType::rsa,
                         .bits = static_cast<unsigned>(EVP_PKEY_get_bits(key))};
  }
  std::array<char, 80> name{};
  std::size_t size = 0;
  const bool named = EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1;
  const int number = OBJ_txt2nid(named ? name.data() : EVP_PKEY_get0_type_name(key));
  const auto* row = std::ranges::find(crypto::kCurves, number, &crypto::CurveRow::openssl_number);
  if (number == NID_undef || row == crypto::kCurves.end()) return std::nullopt;
  return KeyParameters{.type = row->type, .curve = row->curve};
}

std::optional<KeyParameters> usual_rsa_key(const spki::Outline& outline) {
  const auto numbers = spki::rsa_numbers(outline);
  if (!numbers) return std::nullopt;
  const ByteView modulus = numbers->modulus;
  const auto first = static_cast<unsigned>(std::bit_width(modulus[0]));
  return KeyParameters{.type = KeyType::rsa,
                       .bits = static_cast<unsigned>(modulus.size() - 1) * 8 + first};
}

// An uncompressed point, as every appliance is expected to send it; of an Edwards curve the 32 bytes.
std::optional<KeyParameters> usual_key(const spki::Outline& outline) {
  constexpr std::uint8_t uncompressed = 0x04;
  if (equal(outline.algorithm, crypto::oid::kRsa)) return usual_rsa_key(outline);
  const bool named = equal(outline.algorithm, crypto::oid::kEc);
  if (!named && !outline.parameters.empty()) return std::nullopt;
  const ByteView oid = named ? outline.parameters : outline.algorithm;
  for (const crypto::CurveRow& row : crypto::kCurves) {
    if ((row.type == KeyType::ec) != named || !equal(row.oid, oid)) continue;
    const bool whole =
        named ? outline.key.size() == 1 + 2 * row.size && outline.key[0] == uncompressed
              : outline.key.size() == row.size;
    if (!whole) return std::nullopt;
    return KeyParameters{.type = row.type, .curve = row.curve};
  }
  return std::nullopt;
}

}  // namespace

OSSL_LIB_CTX* DerCheck::context() const {
  std::call_once(context_made_, [this] {
    if (!context_.emplace()) throw std::bad_alloc();
  });
  return context_->get();
}

std::optional<KeyParameters> DerCheck::public_key(ByteView spki) const {
  const auto outline = spki::read(spki);
  const auto seen = outline ? usual_key(*outline) : std::nullopt;
  return seen ? seen : parse_public_key(spki);
}

std::optional<KeyParameters> DerCheck::parse_public_key(ByteView spki) const {
  const crypto::HostErrors aside;
  const PkeyPtr key = parse_key(context(), spki);
  if (!key) return std::nullopt;
  return parameters_of(key.get());
}

bool DerCheck::is_certificate(ByteView der) const {
  const auto parts = crypto::parse_certificate(der);
  if (parts && spki::read(parts->public_key)) return true;
  const crypto::HostErrors aside;
  return parse_certificate(context(), der) != nullptr;
}

std::optional<CertifiedKey> DerCheck::certified_key(ByteView certificate) const {
  const crypto::HostErrors aside;
  const X509Ptr parsed = parse_certificate(context(), certificate);
  if (!parsed) return std::nullopt;
  CertifiedKey key;
  key.public_key = crypto::public_key_of(parsed.get());
  const auto parameters = public_key(key.public_key);
  const auto outline = spki::read(key.public_key);
  if (!parameters || !outline) return std::nullopt;
  key.parameters = *parameters;
  key.id = digest(crypto::Hash::sha1, outline->key);
  key.common_name = crypto::name_entry(X509_get_subject_name(parsed.get()), NID_commonName);
  return key;
}

Bytes DerCheck::digest(crypto::Hash hash, ByteView data) const {
  const crypto::HostErrors aside;
  const crypto::HashRow& row = crypto::row_of(hash);
  Bytes digest(row.size);
  std::size_t size = 0;
  if (EVP_Q_digest(context(), row.name, nullptr, data.data(), data.size(), digest.data(), &size) !=
      1) {
    throw std::bad_alloc();
  }
  return digest;
}

bool DerCheck::certifies(ByteView certificate, ByteView spki) const {
  const auto parts = crypto::parse_certificate(certificate);
  return (parts && equal(parts->public_key, spki)) || parse_and_compare(certificate, spki);
}

bool DerCheck::parse_and_compare(ByteView certificate, ByteView spki) const {
  const crypto::HostErrors aside;
  const X509Ptr parsed = parse_certificate(context(), certificate);
  const PkeyPtr key = parse_key(context(), spki);
  if (!parsed || !key) return false;
  const EVP_PKEY* certified = X509_get0_pubkey(parsed.get());
  return certified != nullptr && EVP_PKEY_eq(certified, key.get()) == 1;
}

}  // namespace signet::transport
