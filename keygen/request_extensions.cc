#include "keygen/request_extensions.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/der.h"
#include "keygen/subject.h"

namespace signet::keygen {
namespace {

using ExtensionPtr = OpensslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using NamesPtr = OpensslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using NameEntryPtr = OpensslPtr<GENERAL_NAME, GENERAL_NAME_free>;
using UsagesPtr = OpensslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using BitsPtr = OpensslPtr<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;

constexpr int kKinds[] = {NID_subject_alt_name, NID_key_usage, NID_ext_key_usage, NID_qcStatements};

constexpr std::string_view kUsages[] = {"digitalSignature", "nonRepudiation", "keyEncipherment",
                                        "dataEncipherment", "keyAgreement",   "keyCertSign",
                                        "cRLSign",          "encipherOnly",   "decipherOnly"};

struct NameType {
  std::string_view prefix;
  int type;
};
constexpr NameType kNameTypes[] = {
    {"DNS", GEN_DNS}, {"email", GEN_EMAIL}, {"URI", GEN_URI}, {"IP", GEN_IPADD}, {"RID", GEN_RID}};

TokenResult<NameEntryPtr> name_of(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view prefix = std::string_view(text).substr(0, colon);
  const std::string value = colon < text.size() ? text.substr(colon + 1) : "";
  if (prefix == "dirName") {
    BOOST_OUTCOME_TRY(const auto der, parse_subject(value));
    const unsigned char* in = der.data();
    NameEntryPtr name(GENERAL_NAME_new());
    GENERAL_NAME_set0_value(name.get(), GEN_DIRNAME,
                            d2i_X509_NAME(nullptr, &in, static_cast<long>(der.size())));
    return name;
  }
  for (const NameType& type : kNameTypes) {
    if (prefix != type.prefix || value.empty()) continue;
    NameEntryPtr name(a2i_GENERAL_NAME(nullptr, nullptr, nullptr, type.type, value.c_str(), 0));
    if (name) return name;
    return token_error(Reason::unreadable, fmt::format("the alternative name \"{}\": {}", text,
                                                       crypto::openssl_reason()));
  }
  return token_error(
      Reason::unreadable,
      fmt::format("the alternative name \"{}\" must begin with DNS:, email:, URI:, IP:, "
                  "RID: or dirName:",
                  text));
}

TokenResult<ExtensionPtr> alternative_names(const std::vector<std::string>& texts) {
  const NamesPtr names(GENERAL_NAMES_new());
  for (const std::string& text : texts) {
    BOOST_OUTCOME_TRY(auto name, name_of(text));
    if (sk_GENERAL_NAME_push(names.get(), name.get()) > 0) name.release();
  }
  return ExtensionPtr(X509V3_EXT_i2d(NID_subject_alt_name, 0, names.get()));
}

TokenResult<ExtensionPtr> key_usage(const std::vector<std::string>& names) {
  const BitsPtr bits(ASN1_BIT_STRING_new());
  for (const std::string& name : names) {
    const auto* found = std::find(std::begin(kUsages), std::end(kUsages), name);
    if (found == std::end(kUsages))
      return token_error(Reason::unreadable, fmt::format("\"{}\" is not a key usage", name));
    ASN1_BIT_STRING_set_bit(bits.get(), static_cast<int>(found - std::begin(kUsages)), 1);
  }
  return ExtensionPtr(X509V3_EXT_i2d(NID_key_usage, 1, bits.get()));
}

TokenResult<ExtensionPtr> extended_key_usage(const std::vector<std::string>& names) {
  const UsagesPtr usages(EXTENDED_KEY_USAGE_new());
  for (const std::string& name : names) {
    ASN1_OBJECT* usage = OBJ_txt2obj(name.c_str(), 0);
    if (usage == nullptr) {
      crypto::openssl_reason();
      return token_error(
          Reason::unreadable,
          fmt::format("\"{}\" is not an extended key usage, by name or number", name));
    }
    sk_ASN1_OBJECT_push(usages.get(), usage);
  }
  return ExtensionPtr(X509V3_EXT_i2d(NID_ext_key_usage, 0, usages.get()));
}

Bytes oid(const char* number) {
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(number, 1));
  return crypto::der_of(object.get(), i2d_ASN1_OBJECT);
}

// EN 319 412-5, clause 4.2.
TokenResult<ExtensionPtr> statements_of(const QcStatements& wish) {
  Bytes content;
  const auto add = [&](ByteView statement) {
    content = der::concat(content, der::encode(der::kSequence, statement));
  };
  if (wish.compliance) add(oid("0.4.0.1862.1.1"));
  if (wish.sscd) add(oid("0.4.0.1862.1.4"));
  if (!wish.type.empty()) {
    const char* type = wish.type == "esign"   ? "0.4.0.1862.1.6.1"
                       : wish.type == "eseal" ? "0.4.0.1862.1.6.2"
                       : wish.type == "web"   ? "0.4.0.1862.1.6.3"
                                              : nullptr;
    if (type == nullptr)
      return token_error(Reason::unreadable,
                         fmt::format("\"{}\" is not a QcType: use esign, eseal or web", wish.type));
    add(der::concat(oid("0.4.0.1862.1.6"), der::encode(der::kSequence, oid(type))));
  }
  const Bytes der = der::encode(der::kSequence, content);
  const OpensslPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> octets(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(octets.get(), der.data(), static_cast<int>(der.size()));
  return ExtensionPtr(X509_EXTENSION_create_by_NID(nullptr, NID_qcStatements, 0, octets.get()));
}

}  // namespace

TokenResult<ExtensionStackPtr> extensions_of(const RequestWish& wish) {
  ExtensionStackPtr all(sk_X509_EXTENSION_new_null());
  const auto add = [&](TokenResult<ExtensionPtr> made) -> TokenResult<void> {
    if (!made) return made.error();
    if (!made.value())
      return token_error(Reason::failed,
                         "an extension cannot be made: " + crypto::openssl_reason());
    sk_X509_EXTENSION_push(all.get(), made.value().release());
    return success();
  };
  if (!wish.alternative_names.empty()) {
    BOOST_OUTCOME_TRY(add(alternative_names(wish.alternative_names)));
  }
  if (!wish.key_usage.empty()) {
    BOOST_OUTCOME_TRY(add(key_usage(wish.key_usage)));
  }
  if (!wish.extended_key_usage.empty()) {
    BOOST_OUTCOME_TRY(add(extended_key_usage(wish.extended_key_usage)));
  }
  if (!wish.statements.empty()) {
    BOOST_OUTCOME_TRY(add(statements_of(wish.statements)));
  }
  for (const Bytes& der : wish.extensions) {
    const unsigned char* in = der.data();
    ExtensionPtr taken(d2i_X509_EXTENSION(nullptr, &in, static_cast<long>(der.size())));
    if (!taken)
      return token_error(Reason::unreadable, "an extension that was taken over is broken");
    const int kind = OBJ_obj2nid(X509_EXTENSION_get_object(taken.get()));
    if (X509v3_get_ext_by_NID(all.get(), kind, -1) >= 0) continue;
    sk_X509_EXTENSION_push(all.get(), taken.release());
  }
  return all;
}

std::vector<Bytes> extensions_of(const Certificate& certificate) {
  std::vector<Bytes> taken;
  for (const int kind : kKinds) {
    const int at = X509_get_ext_by_NID(certificate.x509(), kind, -1);
    if (at >= 0)
      taken.push_back(crypto::der_of(X509_get_ext(certificate.x509(), at), i2d_X509_EXTENSION));
  }
  return taken;
}

}  // namespace signet::keygen
