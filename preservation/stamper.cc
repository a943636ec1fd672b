#include "preservation/stamper.h"

#include <algorithm>

#include "preservation/assessment.h"

namespace signet::preservation {

namespace {

// Tokens of one authority differ by a few bytes: their serial numbers, their signatures.
constexpr std::size_t kDifference = 256;
constexpr std::size_t kUnknown = 3072;  // of an authority of which nothing is known

}  // namespace

ExtensionResult<Bytes> Stamper::stamp(crypto::Hash hash, ByteView imprint) {
  if (!request_.stamp)
    return ExtensionError{ExtensionFault::settings,
                          "a time-stamp is needed: name a time-stamp authority"};
  auto stamp = request_.stamp(hash, imprint, control_.cancelled);
  if (is_cancelled(control_)) return cancelled_error();
  if (!stamp) return ExtensionError{ExtensionFault::no_time_stamp, stamp.error().sentence};
  Bytes token = std::move(stamp.value().token.der);
  std::size_t known = largest_.load();
  while (known < token.size() && !largest_.compare_exchange_weak(known, token.size())) continue;
  const std::string& authority = stamp.value().authority;
  if (std::ranges::find(authorities_, authority) == authorities_.end())
    authorities_.push_back(authority);
  return token;
}

std::size_t Stamper::expected(std::size_t seen) const {
  const std::size_t known = largest_.load() == 0 ? seen : largest_.load();
  return known == 0 ? kUnknown : known + kDifference;
}

}  // namespace signet::preservation
