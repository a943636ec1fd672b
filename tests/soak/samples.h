// Whether a process stays as large as it is: its figures once a second, and what "flat" means.
#ifndef SIGNET_TESTS_SOAK_SAMPLES_H_
#define SIGNET_TESTS_SOAK_SAMPLES_H_

#include <cstddef>
#include <string>
#include <vector>

namespace signet::tests {

// Flat: the last quarter of all samples is not above the second quarter by more than `room` and a share of it. The first
// quarter is the warm-up. What is compared of the two is the sample below which `part` of the others lie: the median; or
// the lowest tenth, for what goes up and down with every trouble by itself (connections to a second member are opened
// and closed again, three descriptors each), while a leak raises it at its lowest, too.
struct Flatness {
  std::size_t room = 0;
  double share = 0;
  double part = 0.5;
};

class Samples {
 public:
  void add(std::size_t value) { values_.push_back(value); }
  std::size_t count() const { return values_.size(); }
  std::size_t last() const { return values_.empty() ? 0 : values_.back(); }

  // 0 to 1, as Flatness::part.
  std::size_t of_second_quarter(double part) const { return of_quarter(1, part); }
  std::size_t of_last_quarter(double part) const { return of_quarter(3, part); }
  std::size_t largest() const;

  bool flat(const Flatness& rule) const;

 private:
  std::size_t of_quarter(std::size_t quarter, double part) const;

  std::vector<std::size_t> values_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SOAK_SAMPLES_H_
