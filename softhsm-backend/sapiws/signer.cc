#include "softhsm-backend/sapiws/signer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <map>
#include <set>

#include "crypto/certificate.h"
#include "softhsm-backend/sapiws/dss_request.h"
#include "softhsm-backend/sapiws/words.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::int64_t kAll = 100'000;  // more than an account may have

const Element* key_part(const Element& parent, std::string_view name) {
  return child(parent, name, dss_contract());
}

bool is_key_part(const Element& element, std::string_view name) {
  return is_named(element, name, dss_contract());
}

// Names as clients write them: "CN=a, O=b" and "CN=a,O=b" are the same.
std::string without_spaces_after_commas(std::string_view name) {
  std::string made;
  for (const char c : name) {
    if (c == ' ' && made.ends_with(',') && !made.ends_with("\\,")) continue;
    made += c;
  }
  return made;
}

bool same_name(std::string_view wanted, const X509_NAME* name) {
  return without_spaces_after_commas(wanted) ==
         without_spaces_after_commas(crypto::name_text(name));
}

// Of the extension, or by method 1 of RFC 5280, 4.2.1.2 where there is none.
Bytes key_identifier(X509* certificate) {
  if (const ASN1_OCTET_STRING* const id = X509_get0_subject_key_id(certificate)) {
    return copy_of({ASN1_STRING_get0_data(id), static_cast<std::size_t>(ASN1_STRING_length(id))});
  }
  const ASN1_BIT_STRING* const bits = X509_get0_pubkey_bitstr(certificate);
  Bytes hash(SHA_DIGEST_LENGTH);
  SHA1(bits->data, static_cast<std::size_t>(bits->length), hash.data());
  return hash;
}

bool same_serial(std::string_view decimal, X509* certificate) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  char* const text = number ? BN_bn2dec(number.get()) : nullptr;
  const bool same = text != nullptr && decimal == text;
  OPENSSL_free(text);
  return same;
}

bool is_number(const Element* element, const EVP_PKEY* key, const char* parameter) {
  const auto bytes = element == nullptr ? std::nullopt : element->base64();
  BIGNUM* own = nullptr;
  if (!bytes || EVP_PKEY_get_bn_param(key, parameter, &own) != 1) return false;
  const BignumPtr number(own);
  const BignumPtr wanted(BN_bin2bn(bytes->data(), static_cast<int>(bytes->size()), nullptr));
  return wanted && BN_cmp(wanted.get(), number.get()) == 0;
}

bool fits_key_value(const Element& value, const Signer& signer) {
  const Element* const rsa = key_part(value, "RSAKeyValue");
  const EVP_PKEY* const key = X509_get0_pubkey(signer.x509.get());
  return rsa != nullptr && is_number(key_part(*rsa, "Modulus"), key, OSSL_PKEY_PARAM_RSA_N) &&
         is_number(key_part(*rsa, "Exponent"), key, OSSL_PKEY_PARAM_RSA_E);
}

bool fits_name(std::string_view name, const Signer& signer) {
  return name == signer.key.id || name == text_of(signer.key.label) ||
         name == text_of(signer.certificate.label) || name == common_name(signer.x509.get());
}

bool fits_issuer_serial(const Element& pair, const Signer& signer) {
  const Element* const issuer = key_part(pair, "X509IssuerName");
  const Element* const serial = key_part(pair, "X509SerialNumber");
  return issuer != nullptr && serial != nullptr &&
         same_name(issuer->trimmed(), X509_get_issuer_name(signer.x509.get())) &&
         same_serial(serial->trimmed(), signer.x509.get());
}

// X509Data may hold the chain as well, so one certificate that fits is enough.
bool fits_certificates(const Element& data, const Signer& signer) {
  bool any = false;
  for (const Element& one : data.children) {
    if (!is_key_part(one, "X509Certificate")) continue;
    const auto der = one.base64();
    if (der && equal(*der, signer.certificate.der)) return true;
    any = true;
  }
  return !any;
}

bool fits_x509_data(const Element& data, const Signer& signer) {
  if (data.children.empty() || !fits_certificates(data, signer)) return false;
  return std::ranges::all_of(data.children, [&](const Element& one) {
    if (is_key_part(one, "X509Certificate")) return true;
    if (is_key_part(one, "X509IssuerSerial")) return fits_issuer_serial(one, signer);
    if (is_key_part(one, "X509SubjectName")) {
      return same_name(one.trimmed(), X509_get_subject_name(signer.x509.get()));
    }
    if (!is_key_part(one, "X509SKI")) return false;
    const auto id = one.base64();
    return id && equal(*id, key_identifier(signer.x509.get()));
  });
}

bool fits(const Element& key_info, const Signer& signer) {
  if (key_info.children.empty()) return false;
  return std::ranges::all_of(key_info.children, [&](const Element& one) {
    if (is_key_part(one, "X509Data")) return fits_x509_data(one, signer);
    if (is_key_part(one, "KeyName")) return fits_name(one.trimmed(), signer);
    return is_key_part(one, "KeyValue") && fits_key_value(one, signer);
  });
}

}  // namespace

X509Ptr parse_certificate(ByteView der) {
  const unsigned char* position = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  const bool whole = certificate && position == der.data() + der.size() &&
                     X509_get0_pubkey(certificate.get()) != nullptr;
  ERR_clear_error();
  return whole ? std::move(certificate) : nullptr;
}

std::string common_name(const X509* certificate) {
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  const std::string name = crypto::name_entry(subject, NID_commonName);
  return name.empty() ? crypto::name_text(subject) : name;
}

std::vector<Signer> signers_of(Database& database, std::string_view user) {
  std::map<std::string, KeyRow> keys;
  for (KeyRow& key : keys_after(database, user, 0, kAll)) {
    if (key.rsa()) keys.emplace(key.id, std::move(key));
  }
  std::vector<Signer> signers;
  std::set<Bytes> seen;
  for (CertificateRow& certificate : certificates_after(database, user, 0, kAll)) {
    const auto key = keys.find(certificate.key_id);
    if (key == keys.end() || !seen.insert(certificate.der).second) continue;
    X509Ptr x509 = parse_certificate(certificate.der);
    if (!x509) continue;
    signers.push_back(
        {.key = key->second, .certificate = std::move(certificate), .x509 = std::move(x509)});
  }
  return signers;
}

DssOutcome<const Signer*> choose_signer(const std::vector<Signer>& signers,
                                        const Element* key_info) {
  const Signer* chosen = nullptr;
  for (const Signer& signer : signers) {
    if (key_info != nullptr && !fits(*key_info, signer)) continue;
    if (chosen != nullptr && chosen->key.id != signer.key.id) {
      return failures::sapi("Too many certificates", sapi::kTooManyCertificates);
    }
    chosen = &signer;  // the newest of one key's
  }
  if (chosen == nullptr) {
    return failures::sapi("No certificate to select from", sapi::kNoCertificate);
  }
  return chosen;
}

}  // namespace signet::emulator::sapiws
