// The object identifiers that both the maker and the readers of CMS messages name.
#pragma once

#include <cstdint>

namespace signet::cms {

// id-signedData (RFC 5652, 5.1), as DER.
inline constexpr std::uint8_t kOidSignedData[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                                  0xF7, 0x0D, 0x01, 0x07, 0x02};

// Attributes (RFC 5652, 11; RFC 2634, 5.4; RFC 5035, 3; RFC 3161, annex A).
inline constexpr const char* kContentType = "1.2.840.113549.1.9.3";
inline constexpr const char* kMessageDigest = "1.2.840.113549.1.9.4";
inline constexpr const char* kSigningTime = "1.2.840.113549.1.9.5";
inline constexpr const char* kSigningCertificate = "1.2.840.113549.1.9.16.2.12";
inline constexpr const char* kSigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
inline constexpr const char* kSignatureTimeStamp = "1.2.840.113549.1.9.16.2.14";

// id-ct-TSTInfo (RFC 3161, 2.4.2), as DER.
inline constexpr std::uint8_t kOidTimeStampInfo[] = {0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                     0x0D, 0x01, 0x09, 0x10, 0x01, 0x04};

// An OCTET STRING whose content comes in pieces (X.690, 8.7.3).
inline constexpr std::uint8_t kConstructedOctetString = 0x24;

}  // namespace signet::cms
