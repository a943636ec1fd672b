// What a stream says of its predictor (ISO 32000-2, 7.4.4.3): qpdf takes memory for two rows before it has seen a byte of one.
#ifndef SIGNET_PDF_PREDICTOR_H_
#define SIGNET_PDF_PREDICTOR_H_

#include <cstdint>
#include <qpdf/QPDFObjectHandle.hh>

namespace signet::pdf {

// Whether a row is at most 1 MiB long.
bool is_bounded_row(std::uint64_t columns, std::uint64_t colours, std::uint64_t bits);

// Whether the rows of each filter of a stream with this dictionary are; to be asked before qpdf decodes it.
bool has_bounded_rows(QPDFObjectHandle dictionary);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_PREDICTOR_H_
