#include "validation/report/xml_names.h"

#include <fmt/format.h>

#include "common/bytes.h"
#include "crypto/signature_algorithm.h"

namespace signet::validation {

namespace {

constexpr std::string_view kXmlDsigMore = "http://www.w3.org/2001/04/xmldsig-more#";
constexpr std::string_view kXmlDsigMore2007 = "http://www.w3.org/2007/05/xmldsig-more#";
constexpr std::string_view kXmlDsigMore2021 = "http://www.w3.org/2021/04/xmldsig-more#";

// As the names of signature algorithms spell it.
std::string_view word_of(crypto::Hash hash) {
  switch (hash) {
    case crypto::Hash::sha1:
      return "sha1";
    case crypto::Hash::sha224:
      return "sha224";
    case crypto::Hash::sha256:
      return "sha256";
    case crypto::Hash::sha384:
      return "sha384";
    case crypto::Hash::sha512:
      return "sha512";
    case crypto::Hash::sha3_224:
      return "sha3-224";
    case crypto::Hash::sha3_256:
      return "sha3-256";
    case crypto::Hash::sha3_384:
      return "sha3-384";
    case crypto::Hash::sha3_512:
      return "sha3-512";
    case crypto::Hash::none:
      break;
  }
  return {};
}

std::string rsa_uri(std::string_view hash) {
  if (hash == "sha1") return "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
  if (hash.starts_with("sha3-")) return {};
  return fmt::format("{}rsa-{}", kXmlDsigMore, hash);
}

std::string ecdsa_uri(std::string_view hash) {
  return fmt::format("{}ecdsa-{}", hash.starts_with("sha3-") ? kXmlDsigMore2021 : kXmlDsigMore,
                     hash);
}

}  // namespace

std::string_view uri_of(crypto::Hash hash) {
  switch (hash) {
    case crypto::Hash::sha1:
      return "http://www.w3.org/2000/09/xmldsig#sha1";
    case crypto::Hash::sha224:
      return "http://www.w3.org/2001/04/xmldsig-more#sha224";
    case crypto::Hash::sha256:
      return "http://www.w3.org/2001/04/xmlenc#sha256";
    case crypto::Hash::sha384:
      return "http://www.w3.org/2001/04/xmldsig-more#sha384";
    case crypto::Hash::sha512:
      return "http://www.w3.org/2001/04/xmlenc#sha512";
    case crypto::Hash::sha3_224:
      return "http://www.w3.org/2007/05/xmldsig-more#sha3-224";
    case crypto::Hash::sha3_256:
      return "http://www.w3.org/2007/05/xmldsig-more#sha3-256";
    case crypto::Hash::sha3_384:
      return "http://www.w3.org/2007/05/xmldsig-more#sha3-384";
    case crypto::Hash::sha3_512:
      return "http://www.w3.org/2007/05/xmldsig-more#sha3-512";
    case crypto::Hash::none:
      break;
  }
  return {};
}

std::string signature_uri(const SignerPart& signer) {
  const auto algorithm = crypto::read_signature_algorithm(signer.signature_algorithm);
  if (!algorithm) return {};
  const std::string_view hash =
      word_of(algorithm->hash == crypto::Hash::none ? signer.hash : algorithm->hash);
  std::string uri;
  if (algorithm->kind == crypto::SignatureKind::ed25519)
    uri = fmt::format("{}eddsa-ed25519", kXmlDsigMore2021);
  else if (hash.empty())
    uri.clear();
  else if (algorithm->kind == crypto::SignatureKind::rsa_pkcs1)
    uri = rsa_uri(hash);
  else if (algorithm->kind == crypto::SignatureKind::rsa_pss)
    uri = fmt::format("{}{}-rsa-MGF1", kXmlDsigMore2007, hash);
  else if (algorithm->kind == crypto::SignatureKind::ecdsa)
    uri = ecdsa_uri(hash);
  return uri.empty() ? "urn:oid:" + algorithm->oid : uri;
}

std::string certificate_id(const ObjectId& id) {
  return "C-" + text_of(id);
}
std::string revocation_id(const ObjectId& id) {
  return "R-" + text_of(id);
}
std::string time_stamp_id(const ObjectId& id) {
  return "T-" + text_of(id);
}
std::string signed_data_id(const SignerPart& signer) {
  if (uri_of(signer.hash).empty() || signer.content_digest.empty()) return {};
  return "D-" + to_hex(signer.content_digest);
}

std::string main_indication(Indication indication, bool total) {
  const std::string_view prefix = total ? "total-" : "";
  std::string_view word = "indeterminate";
  if (indication == Indication::passed) word = "passed";
  if (indication == Indication::failed) word = "failed";
  return fmt::format("{}mainindication:{}{}", kEtsiUrn,
                     indication == Indication::indeterminate ? "" : prefix, word);
}

}  // namespace signet::validation
