#include "common/wiped_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

namespace signet {
namespace {

// msync(2) fails with ENOMEM where nothing is mapped.
bool is_mapped(void* place) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  void* const begin =
      reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(place) & ~(page - 1));
  return msync(begin, 1, MS_ASYNC) == 0 || errno != ENOMEM;
}

TEST(WipedMemory, IsZeroisedWhereMallocKeepsIt) {
  constexpr std::size_t size = 512;
  auto* const place = static_cast<char*>(take_wiped_memory(size));
  std::memset(place, 'x', size);
  give_back_wiped_memory(place, size);
  auto* const again = static_cast<char*>(::operator new(size));
  const bool same = again == place;
  const char left = again[size / 2];
  ::operator delete(again);
  if (!same) GTEST_SKIP() << "this allocator does not give the same memory again";
  EXPECT_EQ(left, '\0');
}

TEST(WipedMemory, GoesBackToTheSystemWhereTheBlockIsLarge) {
  auto* const place = static_cast<char*>(take_wiped_memory(kLeastMappedBlock));
  std::memset(place, 'x', kLeastMappedBlock);
  EXPECT_TRUE(is_mapped(place));
  give_back_wiped_memory(place, kLeastMappedBlock);
  EXPECT_FALSE(is_mapped(place));
}

TEST(WipedMemory, ThrowsWhereThereIsNone) {
  EXPECT_THROW(take_wiped_memory(std::numeric_limits<std::size_t>::max() / 2), std::bad_alloc);
}

}  // namespace
}  // namespace signet
