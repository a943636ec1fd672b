// Verifying through the C ABI while memory is lacking: a call has its verdict, or says SIGNET_SEAL_NO_MEMORY; never another verdict.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "bindings/c/testing/verify_scene.h"

namespace {

// The allocation of this thread that fails, counted from 1; 0: none.
thread_local std::size_t failing = 0;
thread_local std::size_t asked = 0;
thread_local std::size_t least = 1;  // bytes of those that count

}  // namespace

void* operator new(std::size_t size) {
  const bool fails = size >= least && ++asked == failing;
  void* const memory = fails ? nullptr : std::malloc(size != 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
// libstdc++'s own would not call the one above with a sanitizer.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  const bool fails = size >= least && ++asked == failing;
  return fails ? nullptr : std::malloc(size != 0 ? size : 1);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace signet::c {
namespace {

class AbiVerifyMemory : public AbiVerify {
 protected:
  // Fails some 60 of the allocations of verifying it and of its JSON report, one in each run.
  void expect_no_other_verdict(ByteView document) {
    AbiInput input;
    in_memory(input, document);
    const auto status_of = [&](std::size_t which, std::string& verdict) {
      Verification found;
      AbiOutput output;
      EXPECT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
      asked = 0;
      failing = which;
      int status = signet_seal_verify(options_, input, nullptr, nullptr, &found, error_);
      if (status == 0)
        status = signet_seal_verification_report(found, SIGNET_SEAL_REPORT_JSON, nullptr, output,
                                                 error_);
      failing = 0;
      verdict = found == nullptr ? "" : verdict_of(found);
      return status;
    };
    std::string verdict;
    ASSERT_EQ(status_of(0, verdict), 0) << sentence();
    const std::string wanted = verdict;
    const std::size_t all = asked;
    const std::size_t stride = std::max<std::size_t>(1, all / 60);
    std::size_t refused = 0;
    for (std::size_t which = 1; which <= all; which += stride) {
      const int status = status_of(which, verdict);
      if (status == SIGNET_SEAL_NO_MEMORY) ++refused;
      EXPECT_TRUE(status == SIGNET_SEAL_NO_MEMORY || (status == 0 && verdict == wanted))
          << "allocation " << which << ": status " << status << " " << sentence() << " " << verdict;
    }
    EXPECT_GT(refused, 20U);
  }
};

TEST_F(AbiVerifyMemory, OfAMessage) {
  expect_no_other_verdict(internal());
}

// qpdf's destructor asks for some bytes, too, and its failure there ends the process: smaller ones are spared.
TEST_F(AbiVerifyMemory, OfAPdf) {
  least = 256;
  expect_no_other_verdict(view_of(sealed()));
  least = 1;
}

}  // namespace
}  // namespace signet::c
