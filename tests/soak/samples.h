// Whether a process stays as large as it is: its figures over time, and what "flat" means.
#ifndef SIGNET_TESTS_SOAK_SAMPLES_H_
#define SIGNET_TESTS_SOAK_SAMPLES_H_

#include <cstddef>
#include <string>
#include <vector>

namespace signet::tests {

// Flat: the median of the last quarter of all samples is not above that of the second quarter by more
// than `room` and a share of it. The first quarter is the warm-up. Medians, because an outage opens and
// closes connections, and a sample may fall into the middle of it.
struct Flatness {
  std::size_t room = 0;
  double share = 0;
};

class Samples {
 public:
  void add(std::size_t value) { values_.push_back(value); }
  std::size_t count() const { return values_.size(); }

  std::size_t median_of_second_quarter() const { return median(1); }
  std::size_t median_of_last_quarter() const { return median(3); }
  std::size_t largest() const;

  bool flat(const Flatness& rule) const;

 private:
  std::size_t median(std::size_t quarter) const;

  std::vector<std::size_t> values_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SOAK_SAMPLES_H_
