#include "https/client/socket_table.h"

#include <unistd.h>

#include <new>

namespace signet::https {

bool SocketTable::Chunk::replace(int from, int to) {
  for (auto& slot : slots) {
    int expected = from;
    if (slot.compare_exchange_strong(expected, to)) return true;
  }
  return false;
}

SocketTable::~SocketTable() {
  Chunk* chunk = first_.next;
  while (chunk != nullptr) {
    Chunk* const next = chunk->next;
    delete chunk;
    chunk = next;
  }
}

void SocketTable::add(int descriptor) noexcept {
  Chunk* chunk = &first_;
  while (!chunk->replace(kFree, descriptor)) {
    Chunk* next = chunk->next;
    if (next == nullptr) {
      auto* const fresh = new (std::nothrow) Chunk;
      if (fresh == nullptr) return;
      // Another thread may have been faster: then its chunk is taken.
      if (chunk->next.compare_exchange_strong(next, fresh)) {
        next = fresh;
      } else {
        delete fresh;
      }
    }
    chunk = next;
  }
}

bool SocketTable::remove(int descriptor) noexcept {
  for (Chunk* chunk = &first_; chunk != nullptr; chunk = chunk->next) {
    if (chunk->replace(descriptor, kFree)) return true;
  }
  return false;
}

void SocketTable::close_all() noexcept {
  for (Chunk* chunk = &first_; chunk != nullptr; chunk = chunk->next) {
    for (auto& slot : chunk->slots) {
      const int descriptor = slot.exchange(kFree);
      if (descriptor != kFree) ::close(descriptor);
    }
  }
}

}  // namespace signet::https
