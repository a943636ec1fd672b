#include "timestamps/signature_algorithm.h"

#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/der.h"
#include "crypto/spki.h"
#include "timestamps/asn1.h"

namespace signet::timestamps {

namespace {

using crypto::Hash;
using crypto::Scheme;
using PssPtr = OpensslPtr<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;

constexpr std::int64_t kDefaultSalt = 20;  // RFC 4055, 3.1
constexpr std::int64_t kLongestSalt = 512;

Hash hash_in(const X509_ALGOR* algorithm) {
  if (algorithm == nullptr) return Hash::sha1;  // the default
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return hash_of(object);
}

Hash hash_numbered(int nid) {
  const ASN1_OBJECT* const object = OBJ_nid2obj(nid);
  return object == nullptr ? Hash::none : hash_of(object);
}

// Of MGF1, the only one there is.
Hash mgf_hash_in(const X509_ALGOR* generator) {
  if (generator == nullptr) return Hash::sha1;
  const ASN1_OBJECT* object = nullptr;
  int type = 0;
  const void* value = nullptr;
  X509_ALGOR_get0(&object, &type, &value, generator);
  if (OBJ_obj2nid(object) != NID_mgf1 || type != V_ASN1_SEQUENCE) return Hash::none;
  const ByteView der = bytes_of(static_cast<const ASN1_STRING*>(value));
  const unsigned char* at = der.data();
  const AlgorithmPtr hash(d2i_X509_ALGOR(nullptr, &at, static_cast<long>(der.size())));
  return hash ? hash_in(hash.get()) : Hash::none;
}

// `der`: RSASSA-PSS-params (RFC 4055, 3.1).
std::optional<SignatureAlgorithm> read_pss(ByteView der) {
  const unsigned char* at = der.data();
  const PssPtr read(d2i_RSA_PSS_PARAMS(nullptr, &at, static_cast<long>(der.size())));
  if (!read || at != der.data() + der.size()) return std::nullopt;
  std::int64_t salt = kDefaultSalt;
  std::int64_t trailer = 1;
  if ((read->saltLength != nullptr && ASN1_INTEGER_get_int64(&salt, read->saltLength) != 1) ||
      (read->trailerField != nullptr &&
       ASN1_INTEGER_get_int64(&trailer, read->trailerField) != 1)) {
    return std::nullopt;
  }
  SignatureAlgorithm found{Scheme::rsa_pss, hash_in(read->hashAlgorithm), {}};
  found.pss.mgf_hash = mgf_hash_in(read->maskGenAlgorithm);
  const bool known = found.hash != Hash::none && found.pss.mgf_hash != Hash::none;
  if (!known || salt < 0 || salt > kLongestSalt || trailer != 1) return std::nullopt;
  found.pss.salt_length = static_cast<std::size_t>(salt);
  return found;
}

std::optional<Scheme> scheme_of_key(int nid) {
  switch (nid) {
    case NID_rsaEncryption:
      return Scheme::rsa_pkcs1;
    case NID_X9_62_id_ecPublicKey:
      return Scheme::ecdsa;
    case NID_ED25519:
      return Scheme::eddsa;
    default:
      return std::nullopt;
  }
}

// The DER of a PSS key's OBJECT IDENTIFIER, 1.2.840.113549.1.1.10.
constexpr std::uint8_t kPssKey[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                    0xF7, 0x0D, 0x01, 0x01, 0x0A};

}  // namespace

std::optional<SignatureAlgorithm> read_signature_algorithm(ByteView der) {
  const auto parts = der::only(der::kSequence, der);
  if (!parts) return std::nullopt;
  der::Reader reader(*parts);
  const auto oid = reader.read_whole(der::kObjectIdentifier);
  if (!oid) return std::nullopt;
  const unsigned char* at = oid->data();
  const ObjectPtr object(d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(oid->size())));
  if (!object) return std::nullopt;
  const int number = OBJ_obj2nid(object.get());
  if (number == NID_rsassaPss) return read_pss(parts->subspan(oid->size()));
  // A key's own identifier says no hash: that of the digest algorithm is meant.
  if (number == NID_rsaEncryption) return SignatureAlgorithm{Scheme::rsa_pkcs1, Hash::none, {}};
  int hash = NID_undef;
  int key = NID_undef;
  if (OBJ_find_sigid_algs(number, &hash, &key) != 1) return std::nullopt;
  const auto scheme = scheme_of_key(key);
  if (!scheme) return std::nullopt;
  SignatureAlgorithm found{*scheme, hash_numbered(hash), {}};
  if (*scheme != Scheme::eddsa && found.hash == Hash::none) return std::nullopt;
  return found;
}

std::optional<SignerKey> read_signer_key(const std::shared_ptr<crypto::Context>& context,
                                         ByteView spki) {
  SignerKey found;
  const auto outline = spki::read(spki);
  Bytes plain = copy_of(spki);
  if (outline && equal(outline->algorithm, kPssKey)) {
    found.pss_only = true;
    if (!outline->parameters.empty()) {
      found.allowed = read_pss(outline->parameters);
      if (!found.allowed) return std::nullopt;
    }
    plain = spki::encode(der::concat(crypto::oid::kRsa, der::encode(der::kNull, {})), outline->key);
  }
  auto key = crypto::PublicKey::from_spki(context, plain);
  if (!key) return std::nullopt;
  found.key = std::move(key).value();
  return found;
}

}  // namespace signet::timestamps
