// The words of the appliance's SOAP service: namespaces, signature types, flags, result codes and texts. The texts are
// the vendor's own, misspellings included.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_WORDS_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_WORDS_H_

#include <cstdint>
#include <string_view>

namespace signet::emulator::sapiws {

inline constexpr char kSoap11[] = "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr char kSoap12[] = "http://www.w3.org/2003/05/soap-envelope";

// Of the operations' wrappers, with a slash at the end; the vendor's types are in the same without it.
inline constexpr char kDssOperations[] = "http://arx.com/SAPIWS/DSS/1.0/";
inline constexpr char kDssTypes[] = "http://arx.com/SAPIWS/DSS/1.0";
inline constexpr char kDssCore[] = "urn:oasis:names:tc:dss:1.0:core:schema";
inline constexpr char kXmlDsig[] = "http://www.w3.org/2000/09/xmldsig#";

inline constexpr char kSpmlOperations[] = "http://arx.com/SAPIWS/SPML/1.0/";
inline constexpr char kSpmlTypes[] = "http://arx.com/SAPIWS/SPML/1.0";
inline constexpr char kSpmlCore[] = "urn:oasis:names:tc:SPML:2:0";
inline constexpr char kSpmlSearch[] = "urn:oasis:names:tc:SPML:2:0:search";
inline constexpr char kSpmlPassword[] = "urn:oasis:names:tc:SPML:2:0:password";

inline constexpr char kTypePkcs1[] = "urn:ietf:rfc:2437:RSASSA-PKCS1-v1_5";
inline constexpr char kTypeCms[] = "urn:ietf:rfc:3369";
inline constexpr char kTypeXmlDsig[] = "urn:ietf:rfc:3275";
inline constexpr char kTypeEnumCertificates[] = "http://arx.com/SAPIWS/DSS/1.0/enum-certificates";
inline constexpr char kTypeChangePassword[] = "http://arx.com/SAPIWS/DSS/1.0/change-password";
inline constexpr char kTypeCosignInfo[] = "http://arx.com/SAPIWS/DSS/1.0/cosign-info";
inline constexpr char kTypeTime[] = "http://arx.com/SAPIWS/DSS/1.0/time-get";
inline constexpr char kTypeCaInfo[] = "http://arx.com/SAPIWS/DSS/1.0/ca-info-get";
inline constexpr char kTypeFieldVerify[] = "http://arx.com/SAPIWS/DSS/1.0/signature-field-verify";

// Bits of arx:Flags.
namespace flags {
inline constexpr std::uint32_t kPss = 0x1;
inline constexpr std::uint32_t kNoSecureTimestamp = 0x200;
inline constexpr std::uint32_t kHashOnly = 0x400;
inline constexpr std::uint32_t kPredictSize = 0x800;
inline constexpr std::uint32_t kSha256 = 0x4000;
inline constexpr std::uint32_t kSha384 = 0x8000;
inline constexpr std::uint32_t kSha512 = 0x10000;
inline constexpr std::uint32_t kNoLogout = 0x20000;
inline constexpr std::uint32_t kLogout = 0x40000;
inline constexpr std::uint32_t kPkcs1 = 0x80000;
inline constexpr std::uint32_t kSha1 = 0x100000;
inline constexpr std::uint32_t kNoSigningTime = 0x1000000;
inline constexpr std::uint32_t kInternalOtp = 0x4000000;

inline constexpr std::uint32_t kHashes = kSha1 | kSha256 | kSha384 | kSha512;
// Those without a meaning for this service: it keeps nobody logged in, and it makes no time-stamps.
inline constexpr std::uint32_t kIgnored = kNoSecureTimestamp | kNoLogout | kLogout | kInternalOtp;
inline constexpr std::uint32_t kKnown =
    kPss | kHashOnly | kPredictSize | kHashes | kPkcs1 | kNoSigningTime | kIgnored;
}  // namespace flags

namespace major {
inline constexpr char kSuccess[] = "urn:oasis:names:tc:dss:1.0:resultmajor:Success";
inline constexpr char kRequesterError[] = "urn:oasis:names:tc:dss:1.0:resultmajor:RequesterError";
inline constexpr char kResponderError[] = "urn:oasis:names:tc:dss:1.0:resultmajor:ResponderError";
}  // namespace major

namespace minor {
inline constexpr char kOnAllDocuments[] =
    "urn:oasis:names:tc:dss:1.0:resultminor:valid:signature:onAllDocuments";
inline constexpr char kIncorrectSignature[] =
    "urn:oasis:names:tc:dss:1.0:resultminor:invalid:IncorrectSignature";
inline constexpr char kAuthentication[] =
    "urn:oasis:names:tc:dss:1.0:resultminor:AuthenticationError";
inline constexpr char kInsufficient[] =
    "urn:oasis:names:tc:dss:1.0:resultminor:InsufficientInformation";
inline constexpr char kNotSupported[] = "urn:oasis:names:tc:dss:1.0:resultminor:NotSupported";
inline constexpr char kGeneralError[] = "urn:oasis:names:tc:dss:1.0:resultminor:GeneralError";
}  // namespace minor

// Codes of the SAPI, which its failures carry in hexadecimal at the end of ResultMessage.
namespace sapi {
inline constexpr std::uint32_t kGeneral = 0x90010001;
inline constexpr std::uint32_t kServerBlocked = 0x90020113;
inline constexpr std::uint32_t kSamePassword = 0x900201A1;
inline constexpr std::uint32_t kWrongPassword = 0x900201E0;
inline constexpr std::uint32_t kKeyLocked = 0x900201E1;
inline constexpr std::uint32_t kUserLocked = 0x900201E2;
inline constexpr std::uint32_t kPasswordExpired = 0x900201E3;
inline constexpr std::uint32_t kUserDisabled = 0x900201E4;
inline constexpr std::uint32_t kUserNotActivated = 0x900201E5;
inline constexpr std::uint32_t kPasswordPolicy = 0x900201E6;
inline constexpr std::uint32_t kSignCredential = 0x900201EA;
inline constexpr std::uint32_t kTooManyCertificates = 0x900302B0;
inline constexpr std::uint32_t kNoCertificate = 0x900302D0;
inline constexpr std::uint32_t kBadHashLength = 0x90030384;
inline constexpr std::uint32_t kSignatureNotValid = 0x90030360;
inline constexpr std::uint32_t kBadParameter = 0x90030702;
}  // namespace sapi

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_WORDS_H_
