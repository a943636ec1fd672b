// In a program of its own: OpenSSL takes its memory from here.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <cstdlib>

#include "pkcs11-module/object/snapshot.h"
#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {
namespace {

int left = -1;  // allocations that succeed, then one fails; negative: all succeed

bool fails() {
  if (left < 0) return false;
  return left-- == 0;
}

void* allocate(std::size_t size, const char* /*file*/, int /*line*/) {
  return fails() ? nullptr : std::malloc(size);
}

void* reallocate(void* block, std::size_t size, const char* /*file*/, int /*line*/) {
  return fails() ? nullptr : std::realloc(block, size);
}

void release(void* block, const char* /*file*/, int /*line*/) {
  std::free(block);
}

// Only before OpenSSL's first allocation.
const int kInPlace = CRYPTO_set_mem_functions(allocate, reallocate, release);

// What there was no memory for would be missing for as long as the appliance's list stays the same.
TEST(SnapshotWithoutMemory, IsNoneRatherThanOneThatLacksSomething) {
  ASSERT_EQ(kInPlace, 1);
  transport::ObjectSet set;
  set.keys = {ec_key("k1")};
  set.certificates = {certificate_info("c1", root_certificate())};
  HandleSource handles;
  const auto context = crypto::test_context();
  int failures = 0;
  for (int n = 0; left < 0; ++n) {
    SCOPED_TRACE(n);
    left = n;
    try {
      const auto snapshot = build_snapshot(context, set, {}, {}, handles, nullptr);
      EXPECT_EQ(snapshot->entries().size(), 3U) << "a key's two halves and a certificate";
    } catch (const std::bad_alloc&) {
      ++failures;
    }
    if (left >= 0) break;  // none was left to fail
  }
  left = -1;
  EXPECT_GT(failures, 5);
}

}  // namespace
}  // namespace signet::object
