#include "pkcs11-module/object/handle_source.h"

#include <chrono>

#include "common/log.h"
#include "crypto/context.h"

namespace signet::object {
namespace {

constexpr unsigned kHalfBits = 24;
constexpr std::uint64_t kHalfMask = (std::uint64_t{1} << kHalfBits) - 1;

// The finaliser of SplitMix64: every bit of the input moves every bit of the output.
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

// A Feistel network: a permutation of 48 bits, so that different counters never give the same
// handle and no list of used ones is needed. Handles are no secrets; they shall only not be guessed
// by mistake.
std::uint64_t permute(std::uint64_t value, const std::array<std::uint64_t, 4>& keys) {
  std::uint64_t left = value >> kHalfBits & kHalfMask;
  std::uint64_t right = value & kHalfMask;
  for (const std::uint64_t key : keys) {
    const std::uint64_t swapped = left ^ (mix(right ^ key) & kHalfMask);
    left = right;
    right = swapped;
  }
  return left << kHalfBits | right;
}

}  // namespace

HandleSource::HandleSource() {
  std::array<std::uint8_t, sizeof keys_> seed{};
  if (const auto filled = crypto::random_bytes(seed); !filled) {
    log::warn("no random numbers for object handles: {}", filled.error().sentence);
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    for (std::size_t i = 0; i < keys_.size(); ++i)
      keys_[i] = mix(static_cast<std::uint64_t>(now) + i);
    return;
  }
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    keys_[i] = 0;
    for (std::size_t j = 0; j < sizeof keys_[i]; ++j)
      keys_[i] = keys_[i] << 8U | seed[i * sizeof keys_[i] + j];
  }
}

CK_OBJECT_HANDLE HandleSource::next() {
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  while (handle == CK_INVALID_HANDLE) handle = permute(counter_++, keys_);
  return handle;
}

CK_OBJECT_HANDLE HandleSource::fresh() {
  const MutexLock lock(mutex_);
  return next();
}

CK_OBJECT_HANDLE HandleSource::of(CK_OBJECT_CLASS object_class, const std::string& appliance_id) {
  const MutexLock lock(mutex_);
  const auto [place, added] =
      known_[object_class].try_emplace(appliance_id, CK_OBJECT_HANDLE{CK_INVALID_HANDLE});
  if (added) place->second = next();
  return place->second;
}

std::size_t HandleSource::remembered_locked() const {
  std::size_t count = 0;
  for (const auto& [object_class, handles] : known_) count += handles.size();
  return count;
}

std::size_t HandleSource::remembered() const {
  const MutexLock lock(mutex_);
  return remembered_locked();
}

void HandleSource::forget_gone(const std::set<std::string_view>& there) {
  const MutexLock lock(mutex_);
  // A key has two handles.
  if (remembered_locked() <= 2 * there.size() + kMostGone) return;
  for (auto& [object_class, handles] : known_) {
    std::erase_if(handles, [&](const auto& known) { return !there.contains(known.first); });
  }
}

}  // namespace signet::object
