#include "tests/exhaustion/failing_malloc.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string_view>

// glibc's own, by glibc's names, which programs with another malloc may go on using.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace signet::tests {
namespace {

constexpr int kDeepest = 60;

constinit AllocationPlan plan;
constinit std::atomic<long> counted = 0;
constinit std::atomic<long> failed = 0;
constinit std::atomic<long> alive = 0;
constinit thread_local bool counting = false;
struct Stack {
  std::array<void*, kDeepest> frames;
  int depth;
  std::span<void* const> view() const { return {frames.data(), static_cast<std::size_t>(depth)}; }
};
std::array<Stack, 100> failures;  // the first ones
std::size_t failures_kept = 0;
const char kOwnPlace = 0;
bool in_library = false;
bool in_once_only_start = false;
long lost_contexts = 0;

bool is_of_library(std::string_view file) {
  return file.find("libcrypto") != std::string_view::npos ||
         file.find("libssl") != std::string_view::npos ||
         file.find("libcurl") != std::string_view::npos;
}

// Passed over in the search for who asked: the C and C++ libraries, and this program.
bool passes_on(const Dl_info& found) {
  Dl_info own{};
  dladdr(&kOwnPlace, &own);
  const std::string_view file = found.dli_fname;
  return found.dli_fbase == own.dli_fbase || file.find("libstdc++") != std::string_view::npos ||
         file.find("libc.so") != std::string_view::npos;
}

// The exported functions of OpenSSL under which a failed allocation may be final: README.md says why.
bool starts_only_once(std::string_view function) {
  if (function == "CRYPTO_THREAD_run_once") return true;
  return (function.starts_with("EVP_") || function.starts_with("OSSL_")) &&
         (function.ends_with("_fetch") || function.ends_with("_do_all_provided"));
}

bool lies_in_library(void* address) {
  Dl_info found{};
  return dladdr(address, &found) != 0 && is_of_library(found.dli_fname);
}

// Whether both lie in one call that a library made: their callers are the same up to a function of a library, and what
// that one called, in one and in the other, is a library's, too.
bool in_same_library_call(std::span<void* const> one, std::span<void* const> other) {
  while (!one.empty() && !other.empty() && one.back() == other.back()) {
    const bool of_library = lies_in_library(one.back());
    one = one.first(one.size() - 1);
    other = other.first(other.size() - 1);
    if (of_library && !one.empty() && !other.empty() && one.back() != other.back())
      return lies_in_library(one.back()) && lies_in_library(other.back());
  }
  return false;
}

// Whose the allocation is, and whether it is one that OpenSSL cannot do without: for something that it starts only once, or
// for freeing a library context.
void note_kind(const Stack& stack) {
  bool owner_found = false;
  bool frees_members = false;
  for (void* const frame : stack.view()) {
    Dl_info found{};
    if (dladdr(frame, &found) == 0) continue;
    if (!owner_found && !passes_on(found)) {
      owner_found = true;
      in_library = in_library || is_of_library(found.dli_fname);
    }
    const std::string_view function = found.dli_sname == nullptr ? "" : found.dli_sname;
    in_once_only_start = in_once_only_start || starts_only_once(function);
    frees_members = frees_members || function == "CRYPTO_free_ex_data";
    if (frees_members && function == "OSSL_LIB_CTX_free") ++lost_contexts;
  }
}

void note_failure() {
  counting = false;  // backtrace() allocates at its first call
  Stack stack{};
  stack.depth = backtrace(stack.frames.data(), kDeepest);
  note_kind(stack);
  if (failures_kept < failures.size()) failures.at(failures_kept++) = stack;
  ++failed;
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
  failures_kept = 0;
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
  for (void* const frame : failures.front().view()) {
    Dl_info found{};
    if (dladdr(frame, &found) == 0) continue;
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

long contexts_lost() {
  return lost_contexts;
}

bool crashed_where_failed(std::span<void* const> crash) {
  for (std::size_t i = 0; i < failures_kept; ++i) {
    if (in_same_library_call(crash, failures.at(i).view())) return true;
  }
  return false;
}

void print_first_failure() {
  backtrace_symbols_fd(failures.front().frames.data(), failures.front().depth, STDERR_FILENO);
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
