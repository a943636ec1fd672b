#include "https/client/socket_table.h"

#include <unistd.h>

#include <algorithm>
#include <new>

#include "common/open_file.h"

namespace signet::https {

SocketTable::Mark SocketTable::mark_of(int descriptor) noexcept {
  const OpenFile file = OpenFile::of(descriptor);
  if (!file || !S_ISSOCK(file.mode())) return kNone;
  return (static_cast<Mark>(descriptor) << 32U) | (file.inode() & 0xFFFFFFFFU);
}

bool SocketTable::Chunk::replace(Mark from, Mark to) {
  return std::ranges::any_of(slots, [&](auto& slot) {
    Mark expected = from;
    return slot.compare_exchange_strong(expected, to);
  });
}

// What had this number before was closed by somebody else.
void SocketTable::Chunk::forget(int descriptor) {
  for (auto& slot : slots) {
    Mark stale = slot;
    if (stale != kNone && descriptor_of(stale) == descriptor)
      slot.compare_exchange_strong(stale, kNone);
  }
}

SocketTable::~SocketTable() {
  Chunk* chunk = first_.next;
  while (chunk != nullptr) {
    Chunk* const next = chunk->next;
    delete chunk;
    chunk = next;
  }
}

bool SocketTable::add(int descriptor) noexcept {
  const Mark mark = mark_of(descriptor);
  if (mark == kNone) return false;
  for (Chunk* chunk = &first_; chunk != nullptr; chunk = chunk->next) chunk->forget(descriptor);
  Chunk* chunk = &first_;
  while (!chunk->replace(kNone, mark)) {
    Chunk* next = chunk->next;
    if (next == nullptr) {
      auto* const fresh = new (std::nothrow) Chunk;
      if (fresh == nullptr) return false;
      // Another thread may have been faster: then its chunk is taken.
      if (chunk->next.compare_exchange_strong(next, fresh)) {
        next = fresh;
      } else {
        delete fresh;
      }
    }
    chunk = next;
  }
  return true;
}

bool SocketTable::has(int descriptor) const noexcept {
  const Mark mark = mark_of(descriptor);
  if (mark == kNone) return false;
  for (const Chunk* chunk = &first_; chunk != nullptr; chunk = chunk->next) {
    if (std::ranges::any_of(chunk->slots, [&](const auto& slot) { return slot == mark; }))
      return true;
  }
  return false;
}

bool SocketTable::remove(int descriptor) noexcept {
  const Mark mark = mark_of(descriptor);
  for (Chunk* chunk = &first_; chunk != nullptr; chunk = chunk->next) {
    if (mark != kNone && chunk->replace(mark, kNone)) return true;
    chunk->forget(descriptor);
  }
  return false;
}

void SocketTable::close_all() noexcept {
  for (Chunk* chunk = &first_; chunk != nullptr; chunk = chunk->next) {
    for (auto& slot : chunk->slots) {
      const Mark mark = slot.exchange(kNone);
      if (mark != kNone && mark_of(descriptor_of(mark)) == mark) ::close(descriptor_of(mark));
    }
  }
}

}  // namespace signet::https
