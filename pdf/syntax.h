// What several writers of cross-references and objects share. For this component alone.
#ifndef SIGNET_PDF_SYNTAX_H_
#define SIGNET_PDF_SYNTAX_H_

#include <cstdint>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>

namespace signet::pdf {

inline constexpr std::uint64_t kMostJunkBefore = 1024;  // bytes in front of %PDF-
inline constexpr std::uint64_t kLargestObjectStream = std::uint64_t{16} * 1024 * 1024;  // bytes
// Of an object. Readers take no higher one (ISO 32000-1, annex C); an update with it would be one that they cannot read.
inline constexpr std::uint32_t kHighestNumber = 8'388'607;
inline constexpr std::uint64_t kMostInTable = 9'999'999'999;  // an offset: ten digits (7.5.4)

inline QPDFObjectHandle named(const char* text) {
  return QPDFObjectHandle::newName(text);
}

// Of a row of a cross-reference stream (7.5.8.3): the high byte first.
inline void append_number(std::string& out, std::uint64_t number, unsigned bytes) {
  for (unsigned at = bytes; at-- > 0;) out += static_cast<char>(number >> (8U * at) & 0xFFU);
}

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SYNTAX_H_
