// The certificate of a token's signer: what it is for, and whether the token names it.

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include "crypto/certificate.h"
#include "crypto/cms/identifiers.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "timestamps/asn1.h"
#include "timestamps/request.h"
#include "timestamps/signed_attributes.h"
#include "timestamps/token_check.h"

namespace signet::timestamps {

namespace {

using crypto::Hash;
using Checked = Result<void, TokenError>;
using PurposesPtr = OpensslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

constexpr std::uint8_t kDirectoryName = 0xA4;  // GeneralName, [4] EXPLICIT

TokenError wrong_purpose(std::string sentence) {
  return {Defect::key_purpose, std::move(sentence)};
}

TokenError wrong_id(std::string sentence) {
  return {Defect::certificate_id, std::move(sentence)};
}

// RFC 3161, 2.3. Key usage is as the tools of others want it (EN 319 422, 6.2.1, has digitalSignature).
Checked check_purpose(X509* certificate) {
  int critical = 0;
  const PurposesPtr purposes(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, nullptr)));
  if (!purposes) {
    return wrong_purpose(critical == -2
                             ? "the signer's certificate has its extended key usage twice"
                             : "the signer's certificate has no extended key usage; one for "
                               "time-stamps alone is wanted");
  }
  if (sk_ASN1_OBJECT_num(purposes.get()) != 1 ||
      OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes.get(), 0)) != NID_time_stamp) {
    return wrong_purpose(
        "the signer's certificate is not for time-stamps alone (extended key usage)");
  }
  if (critical != 1) {
    return wrong_purpose("the extended key usage of the signer's certificate is not critical");
  }
  // UINT32_MAX where the certificate does not say it.
  constexpr std::uint32_t signs = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;
  if ((X509_get_key_usage(certificate) & signs) == 0) {
    return wrong_purpose("the key usage of the signer's certificate does not allow signatures");
  }
  return success();
}

// IssuerSerial (RFC 5035, 5): GeneralNames and a serial number.
bool names_certificate(ByteView issuer_serial, const X509* certificate) {
  der::Reader reader(issuer_serial);
  const auto names = reader.read(der::kSequence);
  const auto serial = reader.read_whole(der::kInteger);
  if (!names || !serial || !reader.at_end()) return false;
  der::Reader name_reader(*names);
  const auto name = name_reader.read(kDirectoryName);
  if (!name || !name_reader.at_end()) return false;
  const unsigned char* at = name->data();
  const NamePtr issuer(d2i_X509_NAME(nullptr, &at, static_cast<long>(name->size())));
  const Bytes own = crypto::der_of(X509_get0_serialNumber(certificate), i2d_ASN1_INTEGER);
  return issuer && at == name->data() + name->size() &&
         X509_NAME_cmp(issuer.get(), X509_get_issuer_name(certificate)) == 0 && equal(own, *serial);
}

// The hash of an ESSCertIDv2, SHA-256 by default; none: unknown or malformed.
Hash hash_in(der::Reader& id) {
  if (!id.next_is(der::kSequence)) return Hash::sha256;
  const auto algorithm = id.read(der::kSequence);
  if (!algorithm) return Hash::none;
  const auto oid = der::Reader(*algorithm).read_whole(der::kObjectIdentifier);
  return oid ? crypto::hash_with_oid(*oid) : Hash::none;
}

// `value`: SigningCertificate or SigningCertificateV2, whose first entry is the signer's (RFC 5035, 3 and 4).
Checked check_id(const std::shared_ptr<crypto::Context>& context, ByteView value, bool version2,
                 ByteView der, const X509* certificate) {
  const auto whole = der::only(der::kSequence, value);
  const auto ids = whole ? der::Reader(*whole).read(der::kSequence) : std::nullopt;
  const auto first = ids ? der::Reader(*ids).read(der::kSequence) : std::nullopt;
  if (!first) return wrong_id("the signed attribute signing-certificate cannot be read");
  der::Reader id(*first);
  // In the first version it is SHA-1 by definition, and beside a signature that covers it names only one certificate among
  // those that are there.
  const Hash hash = version2 ? hash_in(id) : Hash::sha1;
  if (version2 && !is_strong(hash)) {
    return wrong_id("the signed attribute signing-certificate-v2 uses a weak or unknown hash");
  }
  const auto seen = id.read(der::kOctetString);
  if (!seen || !equal(*seen, hashed(context, hash, der))) {
    return wrong_id(
        "the signed attribute signing-certificate names another certificate than the signer's");
  }
  if (id.at_end()) return success();
  const auto issuer_serial = id.read(der::kSequence);
  if (!issuer_serial || !id.at_end() || !names_certificate(*issuer_serial, certificate)) {
    return wrong_id(
        "the signed attribute signing-certificate names another issuer or serial number than the "
        "signer's");
  }
  return success();
}

Checked check_ids(const std::shared_ptr<crypto::Context>& context, const TimeStampToken& token,
                  const X509* certificate) {
  const ByteView attributes = token.signer_info.signed_attributes;
  bool found = false;
  for (const bool version2 : {false, true}) {
    const auto one = find_attribute(
        attributes, version2 ? cms::kSigningCertificateV2 : cms::kSigningCertificate);
    if (!one || one->count == 0) continue;
    if (!one->is_single()) {
      return wrong_id("the signed attribute signing-certificate occurs twice");
    }
    BOOST_OUTCOME_TRY(check_id(context, *one->value, version2, *token.signer, certificate));
    found = true;
  }
  if (!found)
    return wrong_id("the time-stamp does not name its signer's certificate in a signed attribute");
  return success();
}

}  // namespace

Checked check_signer(const std::shared_ptr<crypto::Context>& context, const TimeStampToken& token) {
  const crypto::HostErrors aside;
  if (!token.signer) {
    return TokenError{Defect::no_certificate,
                      "the time-stamp lacks its signer's certificate, though it was asked for"};
  }
  const X509Ptr certificate = certificate_of(*context, *token.signer);
  if (!certificate) {
    return TokenError{Defect::no_certificate, "the signer's certificate cannot be read"};
  }
  BOOST_OUTCOME_TRY(check_purpose(certificate.get()));
  return check_ids(context, token, certificate.get());
}

}  // namespace signet::timestamps
