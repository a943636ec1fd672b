// What a comparison of revisions may cost: a hostile document ends in a sentence, not in hours.
#ifndef SIGNET_VALIDATION_CHANGES_BUDGET_H_
#define SIGNET_VALIDATION_CHANGES_BUDGET_H_

#include <chrono>
#include <cstddef>
#include <stdexcept>

#include "common/processor_time.h"
#include "validation/pdf_changes.h"

namespace signet::validation {

// Thrown inside pdf::Document::examined(), which turns it into an error.
class BeyondBudget : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Budget {
 public:
  explicit Budget(const ChangeBounds& bounds)
      : end_(processor_time() + bounds.time), objects_(bounds.objects) {}

  // An object is looked at.
  void spend_object() {
    if (objects_-- == 0) {
      objects_ = 0;
      throw BeyondBudget("there are more objects than are compared");
    }
    spend_bytes(kBytesOfObject);
  }

  void spend_bytes(std::size_t bytes) {
    unchecked_ += bytes;
    if (unchecked_ < kBytesBetweenLooks) return;
    unchecked_ = 0;
    if (processor_time() > end_) throw BeyondBudget("the comparison takes too long");
  }

 private:
  static constexpr std::size_t kBytesOfObject = 512;
  static constexpr std::size_t kBytesBetweenLooks = 64 * 1024;

  std::chrono::nanoseconds end_;
  std::size_t objects_;
  std::size_t unchecked_ = 0;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_BUDGET_H_
