// A password or PIN. Zeroised when it goes, locked in memory where the system allows, and not printable: it
// has no stream operator and no formatter on purpose.
#ifndef SIGNET_COMMON_SECRET_H_
#define SIGNET_COMMON_SECRET_H_

#include <cstddef>
#include <string_view>

#include "common/bytes.h"

namespace signet {

class Secret {
 public:
  Secret() = default;
  explicit Secret(ByteView bytes);
  explicit Secret(std::string_view text) : Secret(view_of(text)) {}
  Secret(const Secret& other) : Secret(other.reveal()) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  // The bytes themselves, valid as long as this object is unchanged. Every use is a place to review.
  ByteView reveal() const { return {data_, size_}; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Zeroises and forgets.
  void wipe() noexcept;

  // In constant time for equal sizes.
  bool operator==(const Secret& other) const;

 private:
  std::uint8_t* data_ = nullptr;  // a private, page-aligned mapping
  std::size_t size_ = 0;
};

// Zeroises memory that held a secret; the compiler cannot leave it out.
void wipe(void* data, std::size_t size) noexcept;

}  // namespace signet

#endif  // SIGNET_COMMON_SECRET_H_
