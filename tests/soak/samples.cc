#include "tests/soak/samples.h"

#include <algorithm>

namespace signet::tests {

std::size_t Samples::of_quarter(std::size_t quarter, double part) const {
  const auto from = static_cast<std::ptrdiff_t>(values_.size() * quarter / 4);
  const auto until = static_cast<std::ptrdiff_t>(values_.size() * (quarter + 1) / 4);
  std::vector<std::size_t> samples(values_.begin() + from, values_.begin() + until);
  if (samples.empty()) return 0;
  std::ranges::sort(samples);
  return samples[static_cast<std::size_t>(static_cast<double>(samples.size()) * part)];
}

std::size_t Samples::largest() const {
  return values_.empty() ? 0 : *std::ranges::max_element(values_);
}

bool Samples::flat(const Flatness& rule) const {
  const auto before = static_cast<double>(of_second_quarter(rule.part));
  const auto after = static_cast<double>(of_last_quarter(rule.part));
  return after <= before * (1 + rule.share) + static_cast<double>(rule.room);
}

}  // namespace signet::tests
