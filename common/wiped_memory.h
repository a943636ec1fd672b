// Memory for what may hold a secret: nothing is left of it when it is given back.
#ifndef SIGNET_COMMON_WIPED_MEMORY_H_
#define SIGNET_COMMON_WIPED_MEMORY_H_

#include <cstddef>

namespace signet {

// A block of at least this size, in bytes, is a mapping of its own and goes back to the system at once. From malloc it
// would stay with the process: glibc keeps up to 64 MiB once a large block was freed, and small blocks that live longer
// lie between. Nor does wiping then touch pages that were never used.
inline constexpr std::size_t kLeastMappedBlock = std::size_t{128} * 1024;

// Aligned as operator new's; throws std::bad_alloc.
void* take_wiped_memory(std::size_t size);

// `size` as it was taken.
void give_back_wiped_memory(void* memory, std::size_t size) noexcept;

}  // namespace signet

#endif  // SIGNET_COMMON_WIPED_MEMORY_H_
