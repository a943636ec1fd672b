#include "timestamps/token.h"

#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "common/clock.h"
#include "common/printable.h"
#include "crypto/certificate.h"
#include "crypto/cms/reader.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "timestamps/asn1.h"

namespace signet::timestamps {

namespace {

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using InfoPtr = OpensslPtr<TS_TST_INFO, TS_TST_INFO_free>;
using Checked = Result<void, TokenError>;

TokenError bad_token(std::string sentence) {
  return {Defect::malformed, std::move(sentence)};
}

// An INTEGER that is not negative, big-endian.
std::optional<Bytes> natural(const ASN1_INTEGER* number) {
  if (number == nullptr || ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER) return std::nullopt;
  ByteView bytes = bytes_of(number);
  while (bytes.size() > 1 && bytes.front() == 0) bytes = bytes.subspan(1);
  return copy_of(bytes);
}

std::chrono::nanoseconds fraction_in(std::string_view text) {
  constexpr std::size_t digits = 9;
  std::int64_t nanoseconds = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    nanoseconds = nanoseconds * 10 + (i < text.size() ? text[i] - '0' : 0);
  }
  return std::chrono::nanoseconds(nanoseconds);
}

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "YYYYMMDDhhmmss[.f…]Z" (RFC 3161, 2.4.2).
Checked read_time(const ASN1_GENERALIZEDTIME* time, TimeStampToken& token) {
  constexpr std::size_t whole = std::string_view("YYYYMMDDhhmmss").size();
  std::string_view text = text_of(bytes_of(time));
  token.time_text = printable(text);
  const bool utc = text.ends_with('Z');
  if (utc) text.remove_suffix(1);
  const std::string_view fraction = text.size() > whole ? text.substr(whole) : ".0";
  std::tm parts{};
  const bool good = utc && text.size() >= whole && are_digits(text.substr(0, whole)) &&
                    fraction.starts_with('.') && are_digits(fraction.substr(1)) &&
                    ASN1_TIME_to_tm(time, &parts) == 1;
  if (!good) return bad_token("the time of the time-stamp cannot be read");
  token.time = wall_time(timegm(&parts));
  // The clock's last moment, which stands for later ones, has nothing behind it.
  const auto more = fraction_in(fraction.substr(1));
  if (token.time < std::chrono::system_clock::time_point::max() - more) token.time += more;
  return success();
}

// RFC 3161, 2.4.2: seconds, and 1 to 999 of each of the others.
std::optional<std::chrono::microseconds> span_of(const TS_ACCURACY* accuracy) {
  constexpr std::int64_t most_seconds = 1'000'000'000;
  const auto part = [](const ASN1_INTEGER* number,
                       std::int64_t most) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    if (number == nullptr) return value;
    if (ASN1_INTEGER_get_int64(&value, number) != 1 || value < 0 || value > most) {
      return std::nullopt;
    }
    return value;
  };
  const auto seconds = part(TS_ACCURACY_get_seconds(accuracy), most_seconds);
  const auto millis = part(TS_ACCURACY_get_millis(accuracy), 999);
  const auto micros = part(TS_ACCURACY_get_micros(accuracy), 999);
  if (!seconds || !millis || !micros) return std::nullopt;
  return std::chrono::seconds(*seconds) + std::chrono::milliseconds(*millis) +
         std::chrono::microseconds(*micros);
}

std::string name_in(GENERAL_NAME* name) {
  int type = 0;
  const void* const value = GENERAL_NAME_get0_value(name, &type);
  if (type == GEN_DIRNAME) return crypto::name_text(static_cast<const X509_NAME*>(value));
  const BioPtr memory(BIO_new(BIO_s_mem()));
  require(memory != nullptr);
  if (GENERAL_NAME_print(memory.get(), name) != 1) return {};
  return printable(crypto::text_in(memory.get()));
}

Checked read_imprint(TS_MSG_IMPRINT* imprint, TimeStampToken& token) {
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  token.hash = hash_of(algorithm);
  token.hash_oid = dotted(algorithm);
  token.imprint = copy_of(bytes_of(TS_MSG_IMPRINT_get_msg(imprint)));
  return success();
}

// An extension that must be understood, none of which is.
bool has_critical_extension(TS_TST_INFO* info) {
  return TS_TST_INFO_get_ext_by_critical(info, 1, -1) >= 0;
}

Checked read_info(TimeStampToken& token) {
  const unsigned char* at = token.content.data();
  const InfoPtr info(d2i_TS_TST_INFO(nullptr, &at, static_cast<long>(token.content.size())));
  const bool whole = info != nullptr && at == token.content.data() + token.content.size();
  if (!crypto::verdict(whole)) return bad_token("the token's TSTInfo cannot be read");
  if (TS_TST_INFO_get_version(info.get()) != 1) {
    return bad_token("the token's TSTInfo has another version than 1");
  }
  if (has_critical_extension(info.get())) {
    return bad_token("the token's TSTInfo has a critical extension that is not known here");
  }
  BOOST_OUTCOME_TRY(read_imprint(TS_TST_INFO_get_msg_imprint(info.get()), token));
  BOOST_OUTCOME_TRY(read_time(TS_TST_INFO_get_time(info.get()), token));
  token.policy = dotted(TS_TST_INFO_get_policy_id(info.get()));
  auto serial = natural(TS_TST_INFO_get_serial(info.get()));
  if (!serial) return bad_token("the token's serial number is negative");
  token.serial = *std::move(serial);
  if (const ASN1_INTEGER* const nonce = TS_TST_INFO_get_nonce(info.get()); nonce != nullptr) {
    token.nonce = natural(nonce);
    if (!token.nonce) return bad_token("the token's nonce is negative");
  }
  if (const TS_ACCURACY* const accuracy = TS_TST_INFO_get_accuracy(info.get());
      accuracy != nullptr) {
    token.accuracy = span_of(accuracy);
    if (!token.accuracy) return bad_token("the token's accuracy cannot be read");
  }
  token.ordering = TS_TST_INFO_get_ordering(info.get()) != 0;
  if (GENERAL_NAME* const name = TS_TST_INFO_get_tsa(info.get()); name != nullptr) {
    token.authority = name_in(name);
  }
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
