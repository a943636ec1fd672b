#include "dsa-transport/native/der_check.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <array>
#include <bit>
#include <memory>
#include <new>

#include "crypto/spki.h"

namespace signet::transport::native {

namespace {

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

struct UsualCurve {
  Curve curve;
  ByteView oid;      // DER
  std::size_t size;  // bytes of a coordinate
};
constexpr std::array kUsualCurves = {UsualCurve{Curve::p256, spki::kP256, 32},
                                     UsualCurve{Curve::p384, spki::kP384, 48},
                                     UsualCurve{Curve::p521, spki::kP521, 66}};

// The host's queue of OpenSSL errors stays as it was.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

Pkey parse_key(ossl_lib_ctx_st* context, ByteView spki) {
  const unsigned char* in = spki.data();
  Pkey key(d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()), context, nullptr),
           &EVP_PKEY_free);
  if (key && in != spki.data() + spki.size()) key.reset();
  return key;
}

Certificate parse_certificate(ossl_lib_ctx_st* context, ByteView der) {
  const unsigned char* in = der.data();
  X509* certificate = X509_new_ex(context, nullptr);
  // On failure d2i frees the object and sets the pointer to null.
  if (certificate != nullptr) d2i_X509(&certificate, &in, static_cast<long>(der.size()));
  Certificate parsed(certificate, &X509_free);
  if (parsed && in != der.data() + der.size()) parsed.reset();
  return parsed;
}

std::optional<Curve> named_curve(const EVP_PKEY* key) {
  std::array<char, 80> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return std::nullopt;
  switch (OBJ_txt2nid(name.data())) {
    case NID_X9_62_prime256v1:
      return Curve::p256;
    case NID_secp384r1:
      return Curve::p384;
    case NID_secp521r1:
      return Curve::p521;
    default:
      return std::nullopt;
  }
}

std::optional<DerCheck::PublicKey> usual_rsa_key(const spki::Outline& outline) {
  const auto numbers = spki::rsa_numbers(outline);
  if (!numbers) return std::nullopt;
  const ByteView modulus = numbers->modulus;
  const auto first = static_cast<unsigned>(std::bit_width(modulus[0]));
  return DerCheck::PublicKey{.type = KeyType::rsa,
                             .bits = static_cast<unsigned>(modulus.size() - 1) * 8 + first};
}

// An uncompressed point, as every appliance is expected to send it.
std::optional<DerCheck::PublicKey> usual_ec_key(const spki::Outline& outline) {
  constexpr std::uint8_t uncompressed = 0x04;
  for (const auto& [curve, oid, size] : kUsualCurves) {
    if (!equal(outline.parameters, oid)) continue;
    if (outline.key.size() != 1 + 2 * size || outline.key[0] != uncompressed) return std::nullopt;
    return DerCheck::PublicKey{.type = KeyType::ec, .curve = curve};
  }
  return std::nullopt;
}

std::optional<DerCheck::PublicKey> usual_key(const spki::Outline& outline) {
  constexpr std::size_t ed25519_size = 32;
  if (equal(outline.algorithm, spki::kRsa)) return usual_rsa_key(outline);
  if (equal(outline.algorithm, spki::kEc)) return usual_ec_key(outline);
  const bool edwards = equal(outline.algorithm, spki::kEd25519) && outline.parameters.empty() &&
                       outline.key.size() == ed25519_size;
  if (!edwards) return std::nullopt;
  return DerCheck::PublicKey{.type = KeyType::ed25519};
}

}  // namespace

DerCheck::~DerCheck() {
  OSSL_LIB_CTX_free(context_);
}

ossl_lib_ctx_st* DerCheck::context() const {
  std::call_once(context_made_, [this] {
    context_ = OSSL_LIB_CTX_new();
    if (context_ == nullptr) throw std::bad_alloc();
  });
  return context_;
}

std::optional<DerCheck::PublicKey> DerCheck::public_key(ByteView spki) const {
  const auto outline = spki::read(spki);
  const auto seen = outline ? usual_key(*outline) : std::nullopt;
  return seen ? seen : parse_public_key(spki);
}

std::optional<DerCheck::PublicKey> DerCheck::parse_public_key(ByteView spki) const {
  const ErrorMark mark;
  const Pkey key = parse_key(context(), spki);
  if (!key) return std::nullopt;
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    return PublicKey{.type = KeyType::rsa,
                     .bits = static_cast<unsigned>(EVP_PKEY_get_bits(key.get()))};
  }
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) return PublicKey{.type = KeyType::ed25519};
  if (EVP_PKEY_is_a(key.get(), "EC") != 1) return std::nullopt;
  const auto curve = named_curve(key.get());
  if (!curve) return std::nullopt;
  return PublicKey{.type = KeyType::ec, .curve = *curve};
}

bool DerCheck::is_certificate(ByteView der) const {
  const auto key = spki::of_certificate(der);
  if (key && spki::read(*key)) return true;
  const ErrorMark mark;
  return parse_certificate(context(), der) != nullptr;
}

bool DerCheck::certifies(ByteView certificate, ByteView spki) const {
  const auto certified = spki::of_certificate(certificate);
  return (certified && equal(*certified, spki)) || parse_and_compare(certificate, spki);
}

bool DerCheck::parse_and_compare(ByteView certificate, ByteView spki) const {
  const ErrorMark mark;
  const Certificate parsed = parse_certificate(context(), certificate);
  const Pkey key = parse_key(context(), spki);
  if (!parsed || !key) return false;
  const EVP_PKEY* certified = X509_get0_pubkey(parsed.get());
  return certified != nullptr && EVP_PKEY_eq(certified, key.get()) == 1;
}

}  // namespace signet::transport::native
