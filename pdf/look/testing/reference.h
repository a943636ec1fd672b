// Pictures that somebody has looked at, as text: 64 columns, 32 rows, ten shades.
#ifndef SIGNET_PDF_LOOK_TESTING_REFERENCE_H_
#define SIGNET_PDF_LOOK_TESTING_REFERENCE_H_

#include <string>

#include "pdf/look/testing/judges.h"

namespace signet::pdf::look::testing {

inline constexpr std::size_t kColumns = 64;
inline constexpr std::size_t kRows = 32;
inline constexpr std::size_t kCell = 8;  // pixels of a raster that become one character, each way

// Of a raster of kColumns * kCell x kRows * kCell pixels; others are far from every reference.
std::string shades_of(const Raster& raster);

// How far two such texts are apart: the average over all cells, in shades.
double distance(const std::string& a, const std::string& b);

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_REFERENCE_H_
