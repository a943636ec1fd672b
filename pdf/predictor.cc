#include "pdf/predictor.h"

#include <algorithm>

namespace signet::pdf {

namespace {

constexpr std::uint64_t kMostRowBits = std::uint64_t{8} * 1024 * 1024;
constexpr int kMostFilters = 16;

bool has_bounded_row(QPDFObjectHandle parameters) {
  if (!parameters.isDictionary()) return true;
  const auto number = [&](const char* key, long long otherwise) {
    parameters.getKey(key).getValueAsInt(otherwise);
    return otherwise < 0 ? kMostRowBits + 1 : static_cast<std::uint64_t>(otherwise);
  };
  return is_bounded_row(number("/Columns", 1), number("/Colors", 1),
                        number("/BitsPerComponent", 8));
}

}  // namespace

bool is_bounded_row(std::uint64_t columns, std::uint64_t colours, std::uint64_t bits) {
  if (std::max({columns, colours, bits}) > kMostRowBits) return false;
  return columns * colours <= kMostRowBits && columns * colours * bits <= kMostRowBits;
}

bool has_bounded_rows(QPDFObjectHandle dictionary) {
  QPDFObjectHandle parameters = dictionary.getKey("/DecodeParms");
  if (!parameters.isArray()) return has_bounded_row(parameters);
  const int all = parameters.getArrayNItems();
  if (all > kMostFilters) return false;
  for (int at = 0; at < all; ++at)
    if (!has_bounded_row(parameters.getArrayItem(at))) return false;
  return true;
}

}  // namespace signet::pdf
