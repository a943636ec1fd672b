#include "pdf/look/testing/reference.h"

#include <cstdlib>
#include <string_view>

namespace signet::pdf::look::testing {

namespace {

constexpr std::string_view kShades = " .:-=+*#%@";  // white to black

// Text covers little of a cell: half of it is as good as black.
char shade_of(unsigned darkness) {
  const unsigned shade = darkness * 2 * static_cast<unsigned>(kShades.size()) / 256;
  return kShades[std::min<std::size_t>(shade, kShades.size() - 1)];
}

int number_of(char shade) {
  return static_cast<int>(kShades.find(shade));
}

}  // namespace

std::string shades_of(const Raster& raster) {
  if (raster.width != kColumns * kCell || raster.height != kRows * kCell) return "of another size";
  std::string text;
  for (std::size_t row = 0; row < kRows; ++row) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      unsigned darkness = 0;
      for (std::size_t i = 0; i < kCell * kCell; ++i) {
        darkness += 255 - raster.gray(column * kCell + i % kCell, row * kCell + i / kCell);
      }
      text += shade_of(darkness / (kCell * kCell));
    }
    text += '\n';
  }
  return text;
}

double distance(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return 10;
  int sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(number_of(a[i]) - number_of(b[i]));
  return static_cast<double>(sum) / static_cast<double>(kColumns * kRows);
}

}  // namespace signet::pdf::look::testing
