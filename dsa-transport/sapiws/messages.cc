#include "dsa-transport/sapiws/messages.h"

#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "crypto/algorithm_table.h"
#include "crypto/base64.h"
#include "crypto/certificate_parts.h"
#include "crypto/host_errors.h"
#include "crypto/openssl_ptr.h"
#include "dsa-transport/sapiws/xml.h"

namespace signet::transport::sapiws {

namespace {

constexpr std::string_view kEnvelope =
    R"(s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/")";
// Two look-alike namespaces: that of the wrappers ends with a slash, that of the vendor's types does not.
constexpr std::string_view kSign = R"(DssSign xmlns="http://arx.com/SAPIWS/DSS/1.0/")";
constexpr std::string_view kVerify = R"(DssVerify xmlns="http://arx.com/SAPIWS/DSS/1.0/")";
constexpr std::string_view kSignRequest =
    R"(SignRequest xmlns="urn:oasis:names:tc:dss:1.0:core:schema" xmlns:arx="http://arx.com/SAPIWS/DSS/1.0")";
constexpr std::string_view kVerifyRequest =
    R"(VerifyRequest xmlns="urn:oasis:names:tc:dss:1.0:core:schema" xmlns:arx="http://arx.com/SAPIWS/DSS/1.0")";
constexpr std::string_view kKeyInfo = R"(ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#")";
// The type is misspelt by the vendor, and nothing else is accepted.
constexpr std::string_view kDigestData = R"(Base64Data MimeType="application/octet-string")";
constexpr std::string_view kSetPassword = R"(setPassword xmlns="http://arx.com/SAPIWS/SPML/1.0/")";
constexpr std::string_view kLookup = R"(lookup xmlns="http://arx.com/SAPIWS/SPML/1.0/")";

// SAPIConsts.h of the vendor's SDK.
constexpr std::uint32_t kHashOnly = 0x400;
constexpr std::uint32_t kPkcs1Flag = 0x80000;
constexpr std::uint32_t kPssFlag = 0x1;

struct HashFlag {
  Hash hash;
  std::uint32_t flag;  // 0: none
};
constexpr std::array kHashFlags = {HashFlag{Hash::none, 0},        HashFlag{Hash::sha1, 0x100000},
                                   HashFlag{Hash::sha224, 0},      HashFlag{Hash::sha256, 0x4000},
                                   HashFlag{Hash::sha384, 0x8000}, HashFlag{Hash::sha512, 0x10000},
                                   HashFlag{Hash::sha3_224, 0},    HashFlag{Hash::sha3_256, 0},
                                   HashFlag{Hash::sha3_384, 0},    HashFlag{Hash::sha3_512, 0}};
static_assert(crypto::is_complete(kHashFlags, &HashFlag::hash, crypto::kLastHash));

https::Request soap_request(std::string target, std::string_view action, WipedText body) {
  https::Request request{https::Method::post, std::move(target), {}, std::move(body)};
  request.headers.add("Content-Type", "text/xml; charset=utf-8");
  request.headers.add("Accept", "text/xml");
  std::string quoted = "\"";
  quoted += action;
  quoted += '"';
  request.headers.add("SOAPAction", quoted);
  request.headers.add("Expect", "");  // a 100-continue would cost a round trip
  return request;
}

void write_identity(XmlWriter& xml, const Identity& identity) {
  xml.open("ClaimedIdentity");
  xml.open("Name", {{"NameQualifier", identity.domain}}).text(identity.user).close();
  xml.open("SupportingInfo");
  xml.element("arx:LogonPassword", identity.password);
  if (!identity.new_password.empty()) xml.element("arx:NewLogonPassword", identity.new_password);
  if (!identity.sign_password.empty()) xml.element("arx:SignPassword", identity.sign_password);
  xml.close().close();
}

using IntegerPtr = OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;

void free_text(char* text) {
  OPENSSL_free(text);
}
using OpensslText = OpensslPtr<char, free_text>;

void write_selector(XmlWriter& xml, const SignInput& input) {
  using Selector = config::SapiwsConfig::Selector;
  if (input.selector == Selector::none) return;
  xml.open("KeySelector").open(kKeyInfo).open("ds:X509Data");
  switch (input.selector) {
    case Selector::certificate:
      xml.element("ds:X509Certificate", crypto::to_base64(input.certificate));
      break;
    case Selector::ski:
      xml.element("ds:X509SKI", crypto::to_base64(input.key_id));
      break;
    case Selector::issuer_serial:
      xml.open("ds:X509IssuerSerial")
          .element("ds:X509IssuerName", input.names.issuer)
          .element("ds:X509SerialNumber", input.names.serial)
          .close();
      break;
    case Selector::none:
      break;
  }
  xml.close().close().close();
}

}  // namespace

std::optional<std::uint32_t> sign_flags(Hash hash, Scheme scheme, bool pkcs1_flag) {
  const std::uint32_t flag = kHashFlags[static_cast<std::size_t>(hash)].flag;
  if (flag == 0) return std::nullopt;
  return kHashOnly | flag | (pkcs1_flag ? kPkcs1Flag : 0) |
         (scheme == Scheme::rsa_pss ? kPssFlag : 0);
}

std::optional<IssuerSerial> issuer_serial_of(ByteView certificate) {
  const auto parts = crypto::parse_certificate(certificate);
  if (!parts) return std::nullopt;
  const crypto::HostErrors aside;
  const unsigned char* at = parts->issuer.data();
  const NamePtr name(d2i_X509_NAME(nullptr, &at, static_cast<long>(parts->issuer.size())));
  at = parts->serial_number.data();
  const IntegerPtr serial(
      d2i_ASN1_INTEGER(nullptr, &at, static_cast<long>(parts->serial_number.size())));
  const BignumPtr number(serial ? ASN1_INTEGER_to_BN(serial.get(), nullptr) : nullptr);
  const OpensslText decimal(number ? BN_bn2dec(number.get()) : nullptr);
  const BioPtr text(BIO_new(BIO_s_mem()));
  if (name == nullptr || decimal == nullptr || text == nullptr) return std::nullopt;
  if (X509_NAME_print_ex(text.get(), name.get(), 0, XN_FLAG_RFC2253) < 0) return std::nullopt;
  char* octets = nullptr;
  const long size = BIO_get_mem_data(text.get(), &octets);
  return IssuerSerial{std::string(octets, static_cast<std::size_t>(size)), decimal.get()};
}

https::Request sign_request(std::string_view signature_type, const Identity& identity,
                            const std::optional<SignInput>& input) {
  XmlWriter xml;
  xml.open(kEnvelope).open("s:Body").open(kSign).open(kSignRequest).open("OptionalInputs");
  write_identity(xml, identity);
  xml.element("SignatureType", signature_type);
  if (input) {
    write_selector(xml, *input);
    xml.element("arx:Flags", std::to_string(input->flags));
  }
  xml.close().open("InputDocuments");
  if (input) {
    xml.open("Document").element(kDigestData, crypto::to_base64(input->digest)).close();
  }
  return soap_request("/dss.asmx", "http://arx.com/SAPIWS/DSS/1.0/DssSign", xml.finish());
}

https::Request verify_request(std::string_view signature_type) {
  XmlWriter xml;
  xml.open(kEnvelope).open("s:Body").open(kVerify).open(kVerifyRequest).open("OptionalInputs");
  xml.element("SignatureType", signature_type).close();
  xml.open("InputDocuments");
  return soap_request("/dss.asmx", "http://arx.com/SAPIWS/DSS/1.0/DssVerify", xml.finish());
}

https::Request set_password_request(const Identity& administrator, std::string_view user,
                                    std::string_view password) {
  XmlWriter xml;
  xml.open(kEnvelope).open("s:Body").open(kSetPassword);
  xml.open(R"(setPasswordRequest xmlns="urn:oasis:names:tc:SPML:2:0:password")");
  xml.empty("CoSignLogonData", {{"xmlns", "http://arx.com/SAPIWS/SPML/1.0"},
                                {"User", administrator.user},
                                {"Password", administrator.password},
                                {"Domain", administrator.domain}});
  xml.empty("psoID", {{"ID", user}}).element("password", password);
  return soap_request("/spml.asmx", "http://arx.com/SAPIWS/SPML/1.0/setPassword", xml.finish());
}

https::Request lookup_request(const Identity& administrator, std::string_view user) {
  XmlWriter xml;
  xml.open(kEnvelope).open("s:Body").open(kLookup);
  xml.open(R"(lookupRequest xmlns="urn:oasis:names:tc:SPML:2:0")");
  xml.empty("CoSignLogonData", {{"xmlns", "http://arx.com/SAPIWS/SPML/1.0"},
                                {"User", administrator.user},
                                {"Password", administrator.password},
                                {"Domain", administrator.domain}});
  xml.empty("psoID", {{"ID", user}});
  return soap_request("/spml.asmx", "http://arx.com/SAPIWS/SPML/1.0/lookup", xml.finish());
}

}  // namespace signet::transport::sapiws
