#include "crypto/cms/signer_info.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <ctime>

#include "crypto/certificate_parts.h"
#include "crypto/cms/identifiers.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "crypto/signature_names.h"

namespace signet::cms {

namespace {

using crypto::Hash;
using crypto::Scheme;
using der::append;
using der::encode;
using der::encode_sequence;

constexpr std::uint8_t kNullValue[] = {0x05, 0x00};
constexpr std::uint8_t kVersion1[] = {0x02, 0x01, 0x01};
constexpr std::uint8_t kIa5String = 0x16;
constexpr std::uint8_t kContext2 = 0xA2;

// The identifiers of the attributes (RFC 5652, 11; RFC 5035, 5; EN 319 122-1, 5).
constexpr const char* kCommitmentType = "1.2.840.113549.1.9.16.2.16";
constexpr const char* kSignaturePolicy = "1.2.840.113549.1.9.16.2.15";
constexpr const char* kSignerLocation = "1.2.840.113549.1.9.16.2.17";
constexpr const char* kContentHints = "1.2.840.113549.1.9.16.2.4";
constexpr const char* kMimeType = "0.4.0.1733.2.1";
constexpr const char* kPolicyUri = "1.2.840.113549.1.9.16.5.1";  // id-spq-ets-uri

Bytes encode_text(std::uint8_t tag, const std::string& text) {
  return encode(tag, view_of(text));
}

Bytes attribute(const char* oid, const Bytes& value) {
  return encode_sequence({encode_oid(oid), encode(der::kSet, value)});
}

Bytes algorithm_identifier(const Bytes& oid, const Bytes& parameters = {}) {
  return encode_sequence({oid, parameters});
}

// Time (RFC 5652, 11.3): UTCTime until 2049.
Bytes encode_time(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  const OpensslPtr<ASN1_TIME, ASN1_TIME_free> value(ASN1_TIME_set(nullptr, seconds));
  return value ? crypto::der_of(value.get(), i2d_ASN1_TIME) : Bytes();
}

// issuer and serial number of a certificate.
Bytes issuer_and_serial(const crypto::CertificateParts& parts, bool as_general_names) {
  Bytes issuer = copy_of(parts.issuer);
  if (as_general_names) issuer = encode(der::kSequence, encode(0xA4, issuer));  // directoryName
  return encode_sequence({issuer, copy_of(parts.serial_number)});
}

// ESSCertIDv2 (RFC 5035, 4): the hash is left out where it is the default, SHA-256.
Bytes signing_certificate(ByteView certificate, const crypto::CertificateParts& parts, Hash hash) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  if (EVP_Q_digest(crypto::library_context(), crypto::hash_name(hash), nullptr, certificate.data(),
                   certificate.size(), digest, &size) != 1)
    return {};
  Bytes id;
  if (hash != Hash::sha256) append(id, encode_hash(hash));
  append(id, encode(der::kOctetString, ByteView(digest, size)));
  append(id, issuer_and_serial(parts, true));
  return encode(der::kSequence, encode(der::kSequence, encode(der::kSequence, id)));
}

Bytes encode_policy(const SignaturePolicy& policy) {
  Bytes id = encode_oid(policy.oid);
  append(id, encode_sequence({encode_hash(policy.hash), encode(der::kOctetString, policy.digest)}));
  if (!policy.uri.empty()) {
    const Bytes qualifier =
        encode_sequence({encode_oid(kPolicyUri), encode_text(kIa5String, policy.uri)});
    append(id, encode(der::kSequence, qualifier));
  }
  return encode(der::kSequence, id);
}

Bytes encode_location(const SignedAttributes& wish) {
  Bytes location;
  if (!wish.country.empty())
    append(location, encode(der::kContext0, encode_text(der::kUtf8String, wish.country)));
  if (!wish.locality.empty())
    append(location, encode(der::kContext1, encode_text(der::kUtf8String, wish.locality)));
  return encode(der::kSequence, location);
}

// RSASSA-PSS-params (RFC 4055, 3.1), without the trailer field, which has its default.
Bytes pss_parameters(Hash hash) {
  const Bytes hash_algorithm =
      algorithm_identifier(copy_of(crypto::row_of(hash).oid), copy_of(kNullValue));
  const Bytes mgf = algorithm_identifier(encode_oid("1.2.840.113549.1.1.8"), hash_algorithm);
  const Bytes salt = {static_cast<std::uint8_t>(crypto::digest_size(hash))};
  Bytes parameters = encode(der::kContext0, hash_algorithm);
  append(parameters, encode(der::kContext1, mgf));
  append(parameters, encode(kContext2, encode(der::kInteger, salt)));
  return encode(der::kSequence, parameters);
}

Bytes signature_algorithm(const Algorithm& algorithm) {
  switch (algorithm.scheme) {
    case Scheme::rsa_pss:
      return algorithm_identifier(encode_oid(crypto::kPssOid), pss_parameters(algorithm.hash));
    case Scheme::ecdsa:
      return algorithm_identifier(  // ecdsa-with-SHA2 (RFC 5758, 3.2); without parameters
          encode_oid(crypto::signature_oid(Scheme::ecdsa, algorithm.hash)));
    case Scheme::eddsa:
      return algorithm_identifier(copy_of(crypto::oid::kEd25519));
    case Scheme::rsa_pkcs1:
    case Scheme::rsa_raw:
      break;
  }
  return algorithm_identifier(copy_of(crypto::oid::kRsa), copy_of(kNullValue));
}

}  // namespace

Bytes encode_oid(const std::string& dotted) {
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(dotted.c_str(), 1));
  if (!object) (void)crypto::openssl_reason();
  return object ? crypto::der_of(object.get(), i2d_ASN1_OBJECT) : Bytes();
}

Bytes encode_hash(Hash hash) {
  return algorithm_identifier(copy_of(crypto::row_of(hash).oid));
}

Bytes SignedAttributes::encode() const {
  const auto parts = crypto::parse_certificate(certificate);
  if (!parts) return {};
  std::vector<Bytes> all = {
      attribute(kContentType, content_type),
      attribute(kMessageDigest, der::encode(der::kOctetString, digest)),
      attribute(kSigningCertificateV2, signing_certificate(certificate, *parts, certificate_hash))};
  if (signing_time) all.push_back(attribute(kSigningTime, encode_time(*signing_time)));
  if (!commitment.empty())
    all.push_back(attribute(kCommitmentType, encode_sequence({encode_oid(commitment)})));
  if (policy) all.push_back(attribute(kSignaturePolicy, encode_policy(*policy)));
  if (!country.empty() || !locality.empty())
    all.push_back(attribute(kSignerLocation, encode_location(*this)));
  if (!media_type.empty())
    all.push_back(attribute(kMimeType, encode_text(der::kUtf8String, media_type)));
  if (!file_name.empty())
    all.push_back(attribute(
        kContentHints, encode_sequence({encode_text(der::kUtf8String, file_name), content_type})));
  return der::encode(der::kSet, der::sorted(std::move(all)));
}

Bytes encode_signer_info(const Algorithm& algorithm, ByteView certificate, ByteView attributes,
                         ByteView signature, const std::vector<Bytes>& unsigned_attributes) {
  const auto parts = crypto::parse_certificate(certificate);
  if (!parts || attributes.empty()) return {};
  Bytes content = copy_of(kVersion1);
  append(content, issuer_and_serial(*parts, false));
  append(content, encode_hash(algorithm.hash));
  Bytes implicit = copy_of(attributes);
  implicit[0] = der::kContext0;
  append(content, implicit);
  append(content, signature_algorithm(algorithm));
  append(content, encode(der::kOctetString, signature));
  if (!unsigned_attributes.empty())
    append(content, encode(der::kContext1, der::sorted(unsigned_attributes)));
  return encode(der::kSequence, content);
}

Bytes with_unsigned_attribute(ByteView signer_info, ByteView attribute) {
  const auto content = der::only(der::kSequence, signer_info);
  if (!content) return {};
  der::Reader reader(*content);
  Bytes kept;
  Bytes attributes;
  while (!reader.at_end()) {
    if (reader.next_is(der::kContext1)) {
      append(attributes, reader.read(der::kContext1).value_or(ByteView()));
      break;
    }
    const auto element = reader.read_any();
    if (!element) return {};
    append(kept, *element);
  }
  append(attributes, attribute);
  append(kept, encode(der::kContext1, attributes));
  return encode(der::kSequence, kept);
}

Bytes signature_time_stamp(ByteView token) {
  return attribute(kSignatureTimeStamp, copy_of(token));
}

}  // namespace signet::cms
