#include "common/wiped_memory.h"

#include <sys/mman.h>

#include <new>

#include "common/secret.h"

namespace signet {

void* take_wiped_memory(std::size_t size) {
  if (size < kLeastMappedBlock) return ::operator new(size);
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

void give_back_wiped_memory(void* memory, std::size_t size) noexcept {
  if (size >= kLeastMappedBlock) {
    munmap(memory, size);  // the system zeroises the pages before anybody gets them again
    return;
  }
  wipe(memory, size);
  ::operator delete(memory);
}

}  // namespace signet
