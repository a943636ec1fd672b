#include <fmt/format.h>
#include <openssl/bn.h>

#include <memory>
#include <stdexcept>

#include "crypto/algorithm_table.h"
#include "crypto/base64.h"
#include "crypto/der.h"
#include "crypto/openssl_ptr.h"
#include "validation/testing/list_maker.h"

namespace signet::validation::lists {

namespace {

using crypto::Hash;

constexpr const char* kDs = "http://www.w3.org/2000/09/xmldsig#";
constexpr const char* kSignerXades = "http://uri.etsi.org/01903/v1.3.2#";
constexpr const char* kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr const char* kEnd = "</TrustServiceStatusList>";

std::string digest_uri(Hash hash) {
  switch (hash) {
    case Hash::sha1:
      return "http://www.w3.org/2000/09/xmldsig#sha1";
    case Hash::sha384:
      return "http://www.w3.org/2001/04/xmldsig-more#sha384";
    case Hash::sha512:
      return "http://www.w3.org/2001/04/xmlenc#sha512";
    default:
      return "http://www.w3.org/2001/04/xmlenc#sha256";
  }
}

std::string method_uri(const pki::Key& key, const pki::SignatureWish& how) {
  const bool rsa = key.kind == pki::KeyKind::rsa1024 || key.kind == pki::KeyKind::rsa2048 ||
                   key.kind == pki::KeyKind::rsa3072;
  if (key.kind == pki::KeyKind::ed25519)
    return "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519";
  const std::string hash = "sha" + std::to_string(crypto::digest_size(how.hash) * 8);
  if (rsa && how.pss) return "http://www.w3.org/2007/05/xmldsig-more#" + hash + "-rsa-MGF1";
  return std::string("http://www.w3.org/2001/04/xmldsig-more#") + (rsa ? "rsa-" : "ecdsa-") + hash;
}

std::string base64_digest(Hash hash, std::string_view text) {
  return crypto::to_base64(pki::digest(hash, view_of(text)));
}

// XML has r and s one behind the other, each as long as the curve's order.
Bytes raw_ecdsa(const Bytes& der, std::size_t half) {
  const auto content = der::only(der::kSequence, der);
  if (!content) throw std::runtime_error("not an ECDSA signature");
  der::Reader reader(*content);
  Bytes raw;
  for (int i = 0; i < 2; ++i) {
    const auto number = reader.read_positive();
    if (!number || number->size() > half) throw std::runtime_error("not an ECDSA signature");
    raw.insert(raw.end(), half - number->size(), 0);
    raw.insert(raw.end(), number->begin(), number->end());
  }
  return raw;
}

Bytes value_of(const pki::Key& key, const pki::SignatureWish& how, std::string_view message) {
  const Bytes value = pki::sign(key, how, view_of(message));
  switch (key.kind) {
    case pki::KeyKind::p256:
    case pki::KeyKind::brainpool256:
      return raw_ecdsa(value, 32);
    case pki::KeyKind::p384:
      return raw_ecdsa(value, 48);
    case pki::KeyKind::p521:
      return raw_ecdsa(value, 66);
    default:
      return value;
  }
}

std::string transform(std::string_view uri) {
  return fmt::format("<ds:Transform Algorithm=\"{}\"></ds:Transform>", uri);
}

std::string reference(std::string_view attributes, std::string_view transforms,
                      const std::string& digest_method, const std::string& digest) {
  return fmt::format(
      "<ds:Reference {}><ds:Transforms>{}</ds:Transforms><ds:DigestMethod "
      "Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>",
      attributes, transforms, digest_method, digest);
}

// Which the first version demands.
std::string issuer_and_serial(const Bytes& der) {
  const auto parsed = Certificate::parse(der);
  if (!parsed) throw std::runtime_error(parsed.error());
  const Certificate& certificate = *parsed.value();
  const Bytes& serial = certificate.serial_number();
  const BignumPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  const std::unique_ptr<char, void (*)(char*)> decimal(BN_bn2dec(number.get()),
                                                       [](char* text) { OPENSSL_free(text); });
  return fmt::format(
      "<xades:IssuerSerial><ds:X509IssuerName xmlns:ds=\"{0}\">{1}</ds:X509IssuerName>"
      "<ds:X509SerialNumber xmlns:ds=\"{0}\">{2}</ds:X509SerialNumber></xades:IssuerSerial>",
      kDs, certificate.issuer_text(), decimal.get());
}

// As it is canonical, but for the namespace of its own element.
std::string signed_properties(const Bytes& certificate, bool second_version) {
  const std::string name = second_version ? "SigningCertificateV2" : "SigningCertificate";
  return fmt::format(
      " Id=\"properties\"><xades:SignedSignatureProperties><xades:SigningTime>2026-10-01T00:00:00Z"
      "</xades:SigningTime><xades:{0}><xades:Cert><xades:CertDigest><ds:DigestMethod "
      "xmlns:ds=\"{1}\" "
      "Algorithm=\"{2}\"></ds:DigestMethod><ds:DigestValue xmlns:ds=\"{1}\">{3}</ds:DigestValue>"
      "</xades:CertDigest>{4}</xades:Cert></xades:{0}></xades:SignedSignatureProperties>"
      "</xades:SignedProperties>",
      name, kDs, digest_uri(Hash::sha256),
      base64_digest(Hash::sha256, signet::text_of(certificate)),
      second_version ? "" : issuer_and_serial(certificate));
}

}  // namespace

std::string sign(const std::string& xml, const pki::Party& signer, const ListSignature& wish) {
  const std::string properties =
      signed_properties(wish.named.value_or(signer.der()), wish.second_version);
  const Hash hash = wish.digest_method.empty() ? Hash::sha256 : Hash::sha1;
  const std::string digest_method =
      wish.digest_method.empty() ? digest_uri(hash) : wish.digest_method;
  std::string references;
  if (wish.cover_document)
    references +=
        reference("URI=\"\"",
                  wish.document_transforms.empty()
                      ? transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature") +
                            transform(kExclusive)
                      : wish.document_transforms,
                  digest_method, base64_digest(hash, xml));
  if (wish.cover_properties)
    references +=
        reference("Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#properties\"",
                  transform(kExclusive), digest_method,
                  base64_digest(hash, fmt::format("<xades:SignedProperties xmlns:xades=\"{}\"{}",
                                                  kSignerXades, properties)));
  const std::string info = fmt::format(
      "><ds:CanonicalizationMethod "
      "Algorithm=\"{}\"></ds:CanonicalizationMethod><ds:SignatureMethod "
      "Algorithm=\"{}\"></ds:SignatureMethod>{}{}</ds:SignedInfo>",
      wish.canonicalisation.empty() ? kExclusive : wish.canonicalisation,
      wish.method.empty() ? method_uri(*signer.key, wish.how) : wish.method, references,
      wish.more_references);
  const Bytes value =
      value_of(*signer.key, wish.how, fmt::format("<ds:SignedInfo xmlns:ds=\"{}\"{}", kDs, info));
  const std::string signature = fmt::format(
      "<ds:Signature xmlns:ds=\"{}\" Id=\"signature\"><ds:SignedInfo{}<ds:SignatureValue>{}"
      "</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate>"
      "</ds:X509Data></ds:KeyInfo><ds:Object><xades:QualifyingProperties xmlns:xades=\"{}\" "
      "Target=\"#signature\"><xades:SignedProperties{}</xades:QualifyingProperties></ds:Object>"
      "</ds:Signature>",
      kDs, info, crypto::to_base64(value), crypto::to_base64(signer.der()), kSignerXades,
      properties);
  std::string whole = xml;
  return whole.insert(whole.rfind(kEnd), signature);
}

}  // namespace signet::validation::lists
