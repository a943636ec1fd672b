#include "tests/soak/samples.h"

#include <algorithm>

namespace signet::tests {
namespace {

// 0 where there is no value.
std::size_t median_of(std::vector<std::size_t> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

std::size_t Samples::median(std::size_t quarter) const {
  const auto from = static_cast<std::ptrdiff_t>(values_.size() * quarter / 4);
  const auto until = static_cast<std::ptrdiff_t>(values_.size() * (quarter + 1) / 4);
  return median_of({values_.begin() + from, values_.begin() + until});
}

std::size_t Samples::largest() const {
  return values_.empty() ? 0 : *std::ranges::max_element(values_);
}

bool Samples::flat(const Flatness& rule) const {
  const auto before = static_cast<double>(median_of_second_quarter());
  const auto after = static_cast<double>(median_of_last_quarter());
  return after <= before * (1 + rule.share) + static_cast<double>(rule.room);
}

}  // namespace signet::tests
