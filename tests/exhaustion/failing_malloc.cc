#include "tests/exhaustion/failing_malloc.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string_view>

// glibc's own, which programs with another malloc may go on using.
extern "C" {
void* __libc_malloc(std::size_t size);                     // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* block, std::size_t size);       // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t alignment,
                      std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void __libc_free(void* block);            // NOLINT(bugprone-reserved-identifier)
}

namespace signet::tests {
namespace {

constexpr int kDeepest = 60;

constinit AllocationPlan plan;
constinit std::atomic<long> counted = 0;
constinit std::atomic<long> failed = 0;
constinit std::atomic<long> alive = 0;
constinit thread_local bool counting = false;
std::array<void*, kDeepest> first_failure;
int first_failure_depth = 0;
const char own_place = 0;
bool in_library = false;
bool in_once_only_start = false;

bool is_of_library(std::string_view file) {
  return file.find("libcrypto") != std::string_view::npos ||
         file.find("libssl") != std::string_view::npos ||
         file.find("libcurl") != std::string_view::npos;
}

// Passed over in the search for who asked: the C and C++ libraries, and this program.
bool passes_on(const Dl_info& found) {
  Dl_info own{};
  dladdr(&own_place, &own);
  const std::string_view file = found.dli_fname;
  return found.dli_fbase == own.dli_fbase || file.find("libstdc++") != std::string_view::npos ||
         file.find("libc.so") != std::string_view::npos;
}

// Whose the allocation is, and whether it belongs to something that OpenSSL starts only once.
void note_kind(const std::array<void*, kDeepest>& frames, int depth) {
  bool owner_found = false;
  for (int i = 0; i < depth; ++i) {
    Dl_info found{};
    if (dladdr(frames.at(static_cast<std::size_t>(i)), &found) == 0) continue;
    if (!owner_found && !passes_on(found)) {
      owner_found = true;
      in_library = in_library || is_of_library(found.dli_fname);
    }
    const std::string_view name = found.dli_sname == nullptr ? "" : found.dli_sname;
    in_once_only_start = in_once_only_start || name == "CRYPTO_THREAD_run_once" ||
                         (name.starts_with("EVP_") && name.ends_with("_fetch"));
  }
}

void note_failure() {
  counting = false;  // backtrace() allocates at its first call
  std::array<void*, kDeepest> frames{};
  const int depth = backtrace(frames.data(), kDeepest);
  note_kind(frames, depth);
  if (failed++ == 0) {
    first_failure = frames;
    first_failure_depth = depth;
  }
  counting = true;
}

bool must_fail() {
  if (!counting) return false;
  const long number = ++counted;
  if (plan.fail_at == 0 || number < plan.fail_at || number >= plan.fail_at + plan.how_many) {
    return false;
  }
  note_failure();
  errno = ENOMEM;
  return true;
}

void* alive_now(void* block) {
  if (block != nullptr) ++alive;
  return block;
}

}  // namespace

void plan_allocations(const AllocationPlan& wanted) {
  plan = wanted;
  counted = 0;
  failed = 0;
}

CountedAllocations::CountedAllocations() {
  counting = true;
}

CountedAllocations::~CountedAllocations() {
  counting = false;
}

long allocations_counted() {
  return counted;
}

long allocations_failed() {
  return failed;
}

const char* library_of_first_failure() {
  // The first frames are this file's and the C++ library's operator new.
  for (int i = 0; i < first_failure_depth; ++i) {
    Dl_info found{};
    if (dladdr(first_failure.at(static_cast<std::size_t>(i)), &found) == 0) continue;
    if (!passes_on(found)) return found.dli_fname;
  }
  return "?";
}

bool failed_in_library() {
  return in_library;
}

bool failed_in_once_only_start() {
  return in_once_only_start;
}

void print_first_failure() {
  backtrace_symbols_fd(first_failure.data(), first_failure_depth, STDERR_FILENO);
}

long blocks_alive() {
  return alive;
}

}  // namespace signet::tests

extern "C" {

__attribute__((visibility("default"))) void* malloc(std::size_t size) {
  return signet::tests::must_fail() ? nullptr : signet::tests::alive_now(__libc_malloc(size));
}

__attribute__((visibility("default"))) void* calloc(std::size_t count, std::size_t size) {
  return signet::tests::must_fail() ? nullptr
                                    : signet::tests::alive_now(__libc_calloc(count, size));
}

__attribute__((visibility("default"))) void* realloc(void* block, std::size_t size) {
  if (block == nullptr) return malloc(size);
  if (size != 0 && signet::tests::must_fail()) return nullptr;
  void* const moved = __libc_realloc(block, size);
  if (size == 0) --signet::tests::alive;
  return moved;
}

__attribute__((visibility("default"))) void* memalign(std::size_t alignment, std::size_t size) {
  return signet::tests::must_fail() ? nullptr
                                    : signet::tests::alive_now(__libc_memalign(alignment, size));
}

__attribute__((visibility("default"))) void* aligned_alloc(std::size_t alignment,
                                                           std::size_t size) {
  return memalign(alignment, size);
}

__attribute__((visibility("default"))) int posix_memalign(void** block, std::size_t alignment,
                                                          std::size_t size) {
  void* const made = memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *block = made;
  return 0;
}

__attribute__((visibility("default"))) void free(void* block) {
  if (block != nullptr) --signet::tests::alive;
  __libc_free(block);
}

}  // extern "C"
