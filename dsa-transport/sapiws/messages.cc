#include "dsa-transport/sapiws/messages.h"

#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "crypto/algorithm_table.h"
#include "crypto/base64.h"
#include "crypto/host_errors.h"
#include "crypto/openssl_ptr.h"

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

constexpr std::size_t kMostCertificates = 10'000;

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

struct IssuerSerial {
  std::string issuer;  // RFC 2253
  std::string serial;  // decimal
};

std::optional<IssuerSerial> issuer_serial_of(ByteView certificate) {
  const crypto::HostErrors aside;
  const unsigned char* at = certificate.data();
  const X509Ptr parsed(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())));
  if (parsed == nullptr) return std::nullopt;
  const BioPtr text(BIO_new(BIO_s_mem()));
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(parsed.get()), nullptr));
  char* const decimal = number ? BN_bn2dec(number.get()) : nullptr;
  if (text == nullptr || decimal == nullptr) return std::nullopt;
  X509_NAME_print_ex(text.get(), X509_get_issuer_name(parsed.get()), 0, XN_FLAG_RFC2253);
  char* octets = nullptr;
  const long size = BIO_get_mem_data(text.get(), &octets);
  IssuerSerial found{std::string(octets, static_cast<std::size_t>(size)), decimal};
  OPENSSL_free(decimal);
  return found;
}

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
      if (const auto names = issuer_serial_of(input.certificate)) {
        xml.open("ds:X509IssuerSerial")
            .element("ds:X509IssuerName", names->issuer)
            .element("ds:X509SerialNumber", names->serial)
            .close();
      }
      break;
    case Selector::none:
      break;
  }
  xml.close().close().close();
}

std::optional<Bytes> bytes_from(std::string_view text) {
  std::string packed(text);
  std::erase_if(packed, [](char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; });
  return crypto::from_base64(packed);
}

// Where firmwares put a signature: SignatureObject/Base64Signature, or the document that was "signed".
std::optional<std::string> signature_text(const Element& root) {
  std::string text = root.text_of("Base64Signature");
  if (text.empty() && root.has("DocumentWithSignature")) {
    text = root.find_all("DocumentWithSignature").front().text_of("Base64Data");
  }
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

std::optional<std::uint32_t> sign_flags(Hash hash, Scheme scheme, bool pkcs1_flag) {
  const std::uint32_t flag = kHashFlags[static_cast<std::size_t>(hash)].flag;
  if (flag == 0) return std::nullopt;
  return kHashOnly | flag | (pkcs1_flag ? kPkcs1Flag : 0) |
         (scheme == Scheme::rsa_pss ? kPssFlag : 0);
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

Read<DssAnswer> read_dss(std::string_view body) {
  BOOST_OUTCOME_TRY(const Document document, Document::parse(body));
  const Element root = document.root();
  const std::string major = root.text_of("ResultMajor");
  if (major.empty()) return WireError{"there is no ResultMajor"};
  DssAnswer answer;
  answer.success = major.ends_with(":Success");
  answer.minor = root.text_of("ResultMinor");
  answer.message = root.text_of("ResultMessage");
  for (const char* const name : {"AvailableCertificate", "CACertificate"}) {
    for (const Element& element : root.find_all(name)) {
      if (answer.certificates.size() >= kMostCertificates) {
        return WireError{"there are too many certificates"};
      }
      auto der = bytes_from(element.text());
      if (!der || der->empty()) return WireError{"a certificate is not base64"};
      answer.certificates.push_back(std::move(*der));
    }
  }
  if (const auto text = signature_text(root)) {
    answer.signature = bytes_from(*text);
    if (!answer.signature) return WireError{"the signature is not base64"};
  }
  for (const Element& info : root.find_all("CoSignInfo")) {
    answer.serial_number = info.attribute("SerialNumber");
    answer.major = info.attribute("Major");
    answer.minor_version = info.attribute("Minor");
    answer.cluster = info.attribute("ClusterID");
  }
  answer.time = root.text_of("SAPITime");
  return answer;
}

Read<SpmlAnswer> read_spml(std::string_view body) {
  BOOST_OUTCOME_TRY(const Document document, Document::parse(body));
  const Element root = document.root();
  for (const char* const name : {"setPasswordResponse", "deleteResponse", "lookupResponse",
                                 "setPasswordResult", "lookupResult"}) {
    for (const Element& element : root.find_all(name)) {
      const std::string status = element.attribute("status");
      if (status.empty()) continue;
      return SpmlAnswer{status == "success", element.attribute("error"),
                        element.text_of("errorMessage")};
    }
  }
  return WireError{"there is no response with a status"};
}

}  // namespace signet::transport::sapiws
