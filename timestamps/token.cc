#include "timestamps/token.h"

#include <fmt/format.h>
#include <openssl/cms.h>

#include <utility>

#include "crypto/cms/reader.h"
#include "crypto/cms/time_stamp_info.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "timestamps/asn1.h"

namespace signet::timestamps {

namespace {

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using Checked = Result<void, TokenError>;

TokenError bad_token(std::string sentence) {
  return {Defect::malformed, std::move(sentence)};
}

Checked read_info(TimeStampToken& token) {
  auto info = cms::read_time_stamp_info(token.content);
  if (!info) return bad_token(info.error());
  cms::TimeStampInfo& read = info.value();
  token.time = read.time;
  token.time_text = std::move(read.time_text);
  token.policy = std::move(read.policy);
  token.serial = std::move(read.serial);
  token.hash = read.hash;
  token.hash_oid = std::move(read.hash_oid);
  token.imprint = std::move(read.imprint);
  token.nonce = std::move(read.nonce);
  token.accuracy = read.accuracy;
  token.ordering = read.ordering;
  token.authority = std::move(read.authority);
  return success();
}

// With their tags and lengths, one behind the other, as SET OF: in the order in which they came.
Bytes signed_attributes_of(const CMS_SignerInfo* signer) {
  constexpr std::uint8_t set = 0x31;
  Bytes all;
  const int count = CMS_signed_get_attr_count(signer);
  for (int i = 0; i < count; ++i) {
    const Bytes one = crypto::der_of(CMS_signed_get_attr(signer, i), i2d_X509_ATTRIBUTE);
    require(!one.empty());
    all.insert(all.end(), one.begin(), one.end());
  }
  return count > 0 ? der::encode(set, all) : Bytes{};
}

void read_signer_info(CMS_SignerInfo* signer, TimeStampToken& token) {
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* signature = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, &signature);
  const ASN1_OBJECT* digest_object = nullptr;
  X509_ALGOR_get0(&digest_object, nullptr, nullptr, digest);
  token.signer_info.digest_algorithm = crypto::der_of(digest_object, i2d_ASN1_OBJECT);
  token.signer_info.signature_algorithm = crypto::der_of(signature, i2d_X509_ALGOR);
  token.signer_info.signed_attributes = signed_attributes_of(signer);
  token.signer_info.signature = copy_of(bytes_of(CMS_SignerInfo_get0_signature(signer)));
}

// OpenSSL's interface does not give the digestAlgorithms of a SignedData.
Checked read_digests(TimeStampToken& token) {
  const auto message = cms::read_signed_data(cms::Source::of(token.der));
  if (!message) {
    return bad_token(
        fmt::format("the time-stamp token cannot be read: {}", message.error().sentence));
  }
  for (const Bytes& algorithm : message.value().parts.digest_algorithms) {
    const auto parts = der::only(der::kSequence, algorithm);
    const auto oid = parts ? der::Reader(*parts).read_whole(der::kObjectIdentifier) : std::nullopt;
    if (oid && equal(*oid, token.signer_info.digest_algorithm)) {
      token.signer_info.digest_announced = true;
    }
  }
  return success();
}

// Its certificates, and which of them, or else of the others, is the signer's.
void read_certificates(const crypto::Context& context, CMS_ContentInfo* cms, CMS_SignerInfo* signer,
                       const std::vector<Bytes>& others, TimeStampToken& token) {
  const CertificateStackPtr stack(CMS_get1_certs(cms));
  const int count = stack ? sk_X509_num(stack.get()) : 0;
  for (int i = 0; i < count; ++i) {
    X509* const one = sk_X509_value(stack.get(), i);
    token.certificates.push_back(crypto::der_of(one, i2d_X509));
    if (!token.signer && CMS_SignerInfo_cert_cmp(signer, one) == 0) {
      token.signer = token.certificates.back();
    }
  }
  for (const Bytes& der : others) {
    if (token.signer) return;
    const X509Ptr one = certificate_of(context, der);
    if (one && CMS_SignerInfo_cert_cmp(signer, one.get()) == 0) token.signer = der;
  }
}

}  // namespace

Result<TimeStampToken, TokenError> parse_token(const std::shared_ptr<crypto::Context>& context,
                                               ByteView der, const std::vector<Bytes>& others) {
  const crypto::HostErrors aside;
  CMS_ContentInfo* made = CMS_ContentInfo_new_ex(context->get(), nullptr);
  require(made != nullptr);
  const unsigned char* at = der.data();
  const bool read = d2i_CMS_ContentInfo(&made, &at, static_cast<long>(der.size())) != nullptr;
  const CmsPtr cms(made);
  if (!crypto::verdict(read) || at != der.data() + der.size()) {
    return bad_token("the time-stamp token is not a CMS structure");
  }
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed ||
      OBJ_obj2nid(CMS_get0_eContentType(cms.get())) != NID_id_smime_ct_TSTInfo) {
    return bad_token("the CMS structure is not a time-stamp token: it does not sign a TSTInfo");
  }
  ASN1_OCTET_STRING** const content = CMS_get0_content(cms.get());
  if (content == nullptr || *content == nullptr) {
    return bad_token("the time-stamp token has no content");
  }
  STACK_OF(CMS_SignerInfo)* const signers = CMS_get0_SignerInfos(cms.get());
  const int count = signers == nullptr ? 0 : sk_CMS_SignerInfo_num(signers);
  if (count != 1) {
    return TokenError{Defect::signers,
                      fmt::format("the time-stamp token has {} signatures, not one", count)};
  }
  TimeStampToken token;
  token.der = copy_of(der);
  token.content = copy_of(bytes_of(*content));
  BOOST_OUTCOME_TRY(read_info(token));
  CMS_SignerInfo* const signer = sk_CMS_SignerInfo_value(signers, 0);
  read_signer_info(signer, token);
  BOOST_OUTCOME_TRY(read_digests(token));
  read_certificates(*context, cms.get(), signer, others, token);
  return token;
}

}  // namespace signet::timestamps
