#include "common/secret.h"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <utility>

namespace signet {

namespace {

std::size_t mapped_size(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace

// A mapping of its own, so that locking it and leaving it out of core dumps concern nothing but the secret.
Secret::Secret(ByteView bytes) {
  if (bytes.empty()) return;
  const std::size_t mapped = mapped_size(bytes.size());
  void* memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // Both are hardening only: a host without the right to lock memory still works.
  (void)mlock(memory, mapped);
  (void)madvise(memory, mapped, MADV_DONTDUMP);
  data_ = static_cast<std::uint8_t*>(memory);
  size_ = bytes.size();
  std::memcpy(data_, bytes.data(), size_);
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) *this = Secret(other);
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void Secret::wipe() noexcept {
  if (data_ == nullptr) return;
  signet::wipe(data_, size_);
  munmap(data_, mapped_size(size_));
  data_ = nullptr;
  size_ = 0;
}

bool Secret::operator==(const Secret& other) const {
  return size_ == other.size_ && CRYPTO_memcmp(data_, other.data_, size_) == 0;
}

void wipe(void* data, std::size_t size) noexcept {
  if (size > 0) explicit_bzero(data, size);  // what is empty may have no place
}

}  // namespace signet
