// The requests of the SOAP service: OASIS DSS with the vendor's types (dss.asmx) and SPML (spml.asmx), document/literal
// over SOAP 1.1.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_MESSAGES_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_MESSAGES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/dialects.h"
#include "dsa-transport/appliance.h"
#include "https/client/message.h"

namespace signet::transport::sapiws {

// SignatureType chooses what is done.
inline constexpr std::string_view kPkcs1 = "urn:ietf:rfc:2437:RSASSA-PKCS1-v1_5";
inline constexpr std::string_view kEnumCertificates =
    "http://arx.com/SAPIWS/DSS/1.0/enum-certificates";
inline constexpr std::string_view kChangePassword = "http://arx.com/SAPIWS/DSS/1.0/change-password";
inline constexpr std::string_view kCosignInfo = "http://arx.com/SAPIWS/DSS/1.0/cosign-info";
inline constexpr std::string_view kTimeGet = "http://arx.com/SAPIWS/DSS/1.0/time-get";
inline constexpr std::string_view kCaInfoGet = "http://arx.com/SAPIWS/DSS/1.0/ca-info-get";

// arx:Flags of a signature over a digest: AR_SAPI_SIG_HASH_ONLY and the hash's own. Nothing where the service has no flag
// for the hash.
std::optional<std::uint32_t> sign_flags(Hash hash, Scheme scheme, bool pkcs1_flag);

struct Identity {
  std::string_view user;
  std::string_view domain;
  std::string_view password;
  std::string_view new_password = {};   // empty: not sent
  std::string_view sign_password = {};  // likewise
};

// What ds:X509IssuerSerial says (XML Signature, 4.5.4.1).
struct IssuerSerial {
  std::string issuer;  // RFC 2253
  std::string serial;  // decimal
};

// Nothing where the certificate cannot be read. Asks no library context of OpenSSL, the host's least of all.
std::optional<IssuerSerial> issuer_serial_of(ByteView certificate);

struct SignInput {
  std::uint32_t flags;
  ByteView digest;
  ByteView certificate;  // DER, of the key
  config::SapiwsConfig::Selector selector;
  ByteView key_id;          // subject key identifier, for that selector
  IssuerSerial names = {};  // of the certificate, for that selector
};

https::Request sign_request(std::string_view signature_type, const Identity& identity,
                            const std::optional<SignInput>& input = {});
https::Request verify_request(std::string_view signature_type);  // asks without credentials

https::Request set_password_request(const Identity& administrator, std::string_view user,
                                    std::string_view password);
https::Request lookup_request(const Identity& administrator, std::string_view user);

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_MESSAGES_H_
