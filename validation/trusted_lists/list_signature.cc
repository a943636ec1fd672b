#include "validation/trusted_lists/list_signature.h"

#include <openssl/crypto.h>

#include <vector>

#include "crypto/algorithm_table.h"
#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "validation/signature_check.h"
#include "validation/trusted_lists/canonical.h"
#include "validation/trusted_lists/fault.h"
#include "validation/trusted_lists/list_time.h"
#include "validation/trusted_lists/xml_algorithms.h"
#include "validation/trusted_lists/xml_references.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostCertificates = 16;
// Below the signature: inclusive canonicalisation, which its own parts may have, looks at every prefix in scope for each.
constexpr std::size_t kMostSignatureElements = 2000;

constexpr Sentence kUnsigned{"the list is not signed", "seznam není podepsán"};
constexpr Sentence kSeveral{"the list has not exactly one signature, right below its root",
                            "seznam nemá právě jeden podpis přímo pod kořenovým prvkem"};
constexpr Sentence kLargeSignature{"the signature of the list has too many elements",
                                   "podpis seznamu má příliš mnoho prvků"};
constexpr Sentence kForm{"the signature of the list has not the form of XAdES",
                         "podpis seznamu nemá tvar XAdES"};
constexpr Sentence kMethod{"the signature uses an algorithm that is unknown or too weak",
                           "podpis používá neznámý nebo příliš slabý algoritmus"};
constexpr Sentence kNoCertificate{
    "the signed properties name no certificate that the signature brings along",
    "podepsané vlastnosti neurčují žádný certifikát, který je v podpisu"};
constexpr Sentence kBadValue{"the signature of the list is wrong", "podpis seznamu je chybný"};

Conclusion wrong_form(const Sentence& sentence) {
  return failed(SubIndication::format_failure, say(sentence));
}

// The one signature of the document; null where there is not exactly one, or not below the root.
const xmlNode* only_signature(const XmlDocument& document, std::size_t& count) {
  const xmlNode* found = nullptr;
  count = 0;
  for (const xmlNode* node = document.root(); node != nullptr;
       node = next_element(node, document.root()))
    if (is_element(node, xml::kSignature, "Signature")) {
      ++count;
      if (node->parent == document.root()) found = node;
    }
  return count == 1 ? found : nullptr;
}

bool is_small(const xmlNode* signature) {
  std::size_t count = 0;
  for (const xmlNode* node = signature; node != nullptr; node = next_element(node, signature))
    if (++count > kMostSignatureElements) return false;
  return true;
}

const xmlNode* signed_properties_of(const xmlNode* signature) {
  const xmlNode* found = nullptr;
  for (const xmlNode* const object : children_of(signature, xml::kSignature, "Object"))
    for (const xmlNode* const qualifying :
         children_of(object, xml::kXades, "QualifyingProperties")) {
      if (found != nullptr) return nullptr;
      const std::string target = attribute_of(qualifying, "Target");
      if (!target.empty() && target != "#" + attribute_of(signature, "Id")) return nullptr;
      found = child_of(qualifying, xml::kXades, "SignedProperties");
    }
  return found;
}

std::vector<Bytes> certificates_in(const xmlNode* signature) {
  std::vector<Bytes> found;
  for (const xmlNode* const data :
       children_of(child_of(signature, xml::kSignature, "KeyInfo"), xml::kSignature, "X509Data"))
    for (const xmlNode* const one : children_of(data, xml::kSignature, "X509Certificate"))
      if (auto der = bytes_in(one); der && found.size() < kMostCertificates)
        found.push_back(*std::move(der));
  return found;
}

std::optional<Bytes> digest_of(crypto::Hash hash, ByteView bytes) {
  Bytes digest(crypto::digest_size(hash));
  std::size_t size = 0;
  if (EVP_Q_digest(crypto::library_context(), crypto::hash_name(hash), nullptr, bytes.data(),
                   bytes.size(), digest.data(), &size) != 1)
    return std::nullopt;
  return digest;
}

// The first certificate that the properties name is the signer's (XAdES, EN 319 132-1, 5.2.2).
CertificatePtr signer_of(const xmlNode* signature, const xmlNode* properties) {
  const xmlNode* named = child_of(properties, xml::kXades, "SigningCertificateV2");
  if (named == nullptr) named = child_of(properties, xml::kXades, "SigningCertificate");
  const xmlNode* const digest = below(named, xml::kXades, {"Cert", "CertDigest"});
  const crypto::Hash hash =
      xml_digest(attribute_of(child_of(digest, xml::kSignature, "DigestMethod"), "Algorithm"));
  const auto expected = bytes_in(child_of(digest, xml::kSignature, "DigestValue"));
  if (hash == crypto::Hash::none || !expected) return nullptr;
  for (const Bytes& der : certificates_in(signature)) {
    if (digest_of(hash, der) != expected) continue;
    auto parsed = Certificate::parse(der);
    return parsed ? parsed.value() : nullptr;
  }
  return nullptr;
}

std::optional<Conclusion> check_value(const XmlDocument& document, const xmlNode* signature,
                                      const Certificate& signer) {
  const xmlNode* const info = child_of(signature, xml::kSignature, "SignedInfo");
  const xmlNode* const method = child_of(info, xml::kSignature, "CanonicalizationMethod");
  CanonicalPart part;
  part.only = info;
  auto prefixes = inclusive_prefixes(method);
  if (attribute_of(method, "Algorithm") != xml::kExclusive || !prefixes) return wrong_form(kForm);
  part.prefixes = *std::move(prefixes);
  const auto algorithm = xml_signature_algorithm(
      attribute_of(child_of(info, xml::kSignature, "SignatureMethod"), "Algorithm"));
  if (!algorithm) return indeterminate(SubIndication::crypto_constraints_failure, say(kMethod));
  const auto value = bytes_in(child_of(signature, xml::kSignature, "SignatureValue"));
  const auto message = canonical(document.get(), part);
  if (!value || !message) return wrong_form(kForm);
  const SignatureCheck check = check_signature(algorithm->identifier, algorithm->hash, signer,
                                               *message, signature_value(*algorithm, *value));
  if (check.good()) return std::nullopt;
  if (check.outcome == SignatureCheck::Outcome::not_computable)
    return indeterminate(SubIndication::crypto_constraints_failure, check.why);
  return failed(SubIndication::sig_crypto_failure, say(kBadValue));
}

}  // namespace

Result<ListSigner, Conclusion> check_list_signature(const XmlDocument& document) {
  const crypto::HostErrors aside;
  const XmlErrorsAside xml_aside;
  std::size_t count = 0;
  const xmlNode* const signature = only_signature(document, count);
  if (signature == nullptr) return wrong_form(count == 0 ? kUnsigned : kSeveral);
  if (!is_small(signature)) return wrong_form(kLargeSignature);
  const xmlNode* const signed_properties = signed_properties_of(signature);
  if (signed_properties == nullptr) return wrong_form(kForm);
  const xmlNode* const properties =
      child_of(signed_properties, xml::kXades, "SignedSignatureProperties");
  ListSigner signer{signer_of(signature, properties),
                    list_time(text_of(child_of(properties, xml::kXades, "SigningTime")))};
  if (signer.certificate == nullptr)
    return failed(SubIndication::no_signing_certificate_found, say(kNoCertificate));
  // The value first: nothing else is worth its time where somebody else signed.
  if (auto fault = check_value(document, signature, *signer.certificate)) return *std::move(fault);
  if (auto fault = check_references(document, signature, signed_properties))
    return *std::move(fault);
  return signer;
}

}  // namespace signet::validation
