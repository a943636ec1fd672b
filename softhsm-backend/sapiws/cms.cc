#include "softhsm-backend/sapiws/cms.h"

#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "softhsm-backend/sapiws/signer.h"

namespace signet::emulator::sapiws {

namespace {

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using TimePtr = OpensslPtr<ASN1_TIME, ASN1_TIME_free>;

constexpr std::uint8_t kSet = 0x31;

void require(bool done) {
  if (!done) throw std::runtime_error("a CMS message cannot be made: " + crypto::openssl_reason());
}

const EVP_MD* digest_named(crypto::Hash hash) {
  return EVP_get_digestbyname(hash_name(hash));
}

// What the signature covers (RFC 5652, 5.4): the attributes as a SET OF in DER.
Bytes attributes_to_sign(const CMS_SignerInfo* signer) {
  std::vector<Bytes> all;
  const int count = CMS_signed_get_attr_count(signer);
  all.reserve(static_cast<std::size_t>(std::max(count, 0)));
  for (int i = 0; i < count; ++i) {
    all.push_back(crypto::der_of(CMS_signed_get_attr(signer, i), i2d_X509_ATTRIBUTE));
  }
  std::ranges::sort(all);
  Bytes content;
  for (const Bytes& one : all) content.insert(content.end(), one.begin(), one.end());
  return der::encode(kSet, content);
}

void add_attributes(CMS_SignerInfo* signer, const CmsOrder& order) {
  require(CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                      OBJ_nid2obj(NID_pkcs7_data), -1) == 1);
  if (order.time) {
    const TimePtr time(ASN1_TIME_set(nullptr, *order.time));
    require(time && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime,
                                                ASN1_STRING_type(time.get()), time.get(), -1) == 1);
  }
  require(CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING,
                                      order.digest.data(),
                                      static_cast<int>(order.digest.size())) == 1);
}

// Such as sha1WithRSAEncryption.
int signature_id(crypto::Hash hash) {
  int id = NID_undef;
  require(OBJ_find_sigid_by_algs(&id, EVP_MD_get_type(digest_named(hash)), NID_rsaEncryption) == 1);
  return id;
}

// In the signer's part. The other place is the SET in front, which OpenSSL offers nobody: patched_set() has it.
void name_signature_as_digest(CMS_SignerInfo* signer, crypto::Hash hash) {
  X509_ALGOR* algorithm = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &algorithm, nullptr);
  require(X509_ALGOR_set0(algorithm, OBJ_nid2obj(signature_id(hash)), V_ASN1_NULL, nullptr) == 1);
}

ByteView present(std::optional<ByteView> element) {
  if (!element) throw std::runtime_error("OpenSSL made another CMS message than RFC 5652 has");
  return *element;
}

// ContentInfo { type, [0] SignedData { version, digestAlgorithms, … } } (RFC 5652, 3 and 5.1) with one algorithm in the SET.
Bytes patched_set(ByteView message, crypto::Hash hash) {
  der::Reader info(present(der::only(der::kSequence, message)));
  const ByteView type = present(info.read_whole(der::kObjectIdentifier));
  const ByteView data = present(der::only(der::kSequence, present(info.read(der::kContext0))));
  der::Reader parts(data);
  const ByteView version = present(parts.read_whole(der::kInteger));
  const ByteView set = present(parts.read_whole(kSet));
  const Bytes algorithm =
      der::concat(crypto::der_of(OBJ_nid2obj(signature_id(hash)), i2d_ASN1_OBJECT),
                  der::encode(der::kNull, {}));
  const Bytes front =
      der::concat(version, der::encode(kSet, der::encode(der::kSequence, algorithm)));
  const Bytes signed_data =
      der::encode(der::kSequence, der::concat(front, data.subspan(version.size() + set.size())));
  return der::encode(der::kSequence, der::concat(type, der::encode(der::kContext0, signed_data)));
}

crypto::Hash hash_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  int id = OBJ_obj2nid(object);
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(id, &digest, nullptr) == 1 && digest != NID_undef) id = digest;
  for (const crypto::Hash hash :
       {crypto::Hash::sha1, crypto::Hash::sha256, crypto::Hash::sha384, crypto::Hash::sha512}) {
    if (EVP_MD_get_type(digest_named(hash)) == id) return hash;
  }
  return crypto::Hash::none;
}

bool is_right(CMS_SignerInfo* signer, EVP_PKEY* key, crypto::Hash hash, const Bytes& digest) {
  const auto* const stated = static_cast<const ASN1_OCTET_STRING*>(CMS_signed_get0_data_by_OBJ(
      signer, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING));
  if (stated == nullptr) return false;
  const ByteView value{ASN1_STRING_get0_data(stated),
                       static_cast<std::size_t>(ASN1_STRING_length(stated))};
  if (!equal(value, digest)) return false;
  const Bytes signed_bytes = attributes_to_sign(signer);
  const ASN1_OCTET_STRING* const signature = CMS_SignerInfo_get0_signature(signer);
  const DigestContextPtr context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, digest_named(hash), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), ASN1_STRING_get0_data(signature),
                          static_cast<std::size_t>(ASN1_STRING_length(signature)),
                          signed_bytes.data(), signed_bytes.size()) == 1;
}

// UTCTime and GeneralizedTime (RFC 5652, 11.3); nothing where the attribute is missing or says no time.
std::optional<std::string> signing_time(const CMS_SignerInfo* signer) {
  const int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  X509_ATTRIBUTE* const attribute = at < 0 ? nullptr : CMS_signed_get_attr(signer, at);
  const ASN1_TYPE* const value =
      attribute == nullptr ? nullptr : X509_ATTRIBUTE_get0_type(attribute, 0);
  if (value == nullptr ||
      (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME)) {
    return std::nullopt;
  }
  std::tm time{};
  if (ASN1_TIME_to_tm(value->value.asn1_string, &time) != 1) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", time.tm_year + 1900, time.tm_mon + 1,
                     time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec);
}

}  // namespace

Bytes digest_of_data(crypto::Hash hash, ByteView data) {
  Bytes digest(digest_size(hash));
  require(EVP_Digest(data.data(), data.size(), digest.data(), nullptr, digest_named(hash),
                     nullptr) == 1);
  return digest;
}

Bytes make_cms(const CmsOrder& order, const std::function<Bytes(ByteView digest)>& sign) {
  constexpr unsigned flags = CMS_PARTIAL | CMS_BINARY | CMS_DETACHED;
  const CmsPtr message(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
  require(message != nullptr);
  // The public key alone: OpenSSL learns the algorithm from it, and never signs.
  CMS_SignerInfo* const signer = CMS_add1_signer(
      message.get(), order.certificate, X509_get0_pubkey(order.certificate),
      digest_named(order.hash), flags | CMS_NOSMIMECAP | (order.old_style ? CMS_CADES : 0U));
  require(signer != nullptr);
  add_attributes(signer, order);
  if (order.old_style) name_signature_as_digest(signer, order.hash);
  const Bytes signature = sign(digest_of_data(order.hash, attributes_to_sign(signer)));
  require(ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer), signature.data(),
                          static_cast<int>(signature.size())) == 1);
  Bytes der = crypto::der_of(message.get(), i2d_CMS_ContentInfo);
  require(!der.empty());
  return order.old_style ? patched_set(der, order.hash) : der;
}

std::optional<CmsFacts> read_cms(
    ByteView der, const std::function<std::optional<Bytes>(crypto::Hash)>& digest_of) {
  const unsigned char* position = der.data();
  const CmsPtr message(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(der.size())));
  const bool is_signed = message && OBJ_obj2nid(CMS_get0_type(message.get())) == NID_pkcs7_signed &&
                         CMS_set1_signers_certs(message.get(), nullptr, 0) >= 0;
  STACK_OF(CMS_SignerInfo)* const signers =
      is_signed ? CMS_get0_SignerInfos(message.get()) : nullptr;
  std::optional<CmsFacts> facts;
  if (signers != nullptr && sk_CMS_SignerInfo_num(signers) == 1) {
    CMS_SignerInfo* const signer = sk_CMS_SignerInfo_value(signers, 0);
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    X509_ALGOR* digest = nullptr;
    CMS_SignerInfo_get0_algs(signer, &key, &certificate, &digest, nullptr);
    const crypto::Hash hash = hash_of(digest);
    if (certificate != nullptr && key != nullptr && hash != crypto::Hash::none &&
        CMS_signed_get_attr_count(signer) > 0) {
      const auto content = digest_of(hash);
      facts = CmsFacts{.right = content && is_right(signer, key, hash, *content),
                       .signer = common_name(certificate),
                       .time = signing_time(signer),
                       .certificate = crypto::der_of(certificate, i2d_X509)};
    }
  }
  ERR_clear_error();
  return facts;
}

}  // namespace signet::emulator::sapiws
