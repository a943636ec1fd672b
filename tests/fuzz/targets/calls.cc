// Any bytes as a program of C_* calls against an appliance that the same bytes bring into trouble.
//
// The first byte says whether one thread runs the program (then it may also finalise and initialise the library) or
// two threads run a half of it each, at the same time. An instruction is a byte, which says what is done, and what
// that takes. The threads share their sessions and the objects that they have seen.
#include <thread>

#include "pkcs11-module/edge/testing/reflection.h"
#include "tests/fuzz/support/calls_program.h"
#include "tests/fuzz/support/fuzzed_module.h"

namespace signet::fuzz {
namespace {

void run_two(const std::uint8_t* data, std::size_t size) {
  Shared shared;
  const auto run = [&shared](const std::uint8_t* part, std::size_t length) {
    Input input(part, length);
    Program(input, shared, false).run();
  };
  std::thread other(run, data, size / 2);
  run(data + size / 2, size - size / 2);
  other.join();
}

void run_one(const std::uint8_t* data, std::size_t size) {
  Shared shared;
  Input input(data, size);
  Program(input, shared, true).run();
}

// Nothing is left of a run that has ended.
void check_end() {
  (void)C_Finalize(nullptr);
  for (const auto& function : edge::testing::all_functions()) {
    if (function.free) continue;
    const std::vector<edge::testing::Value> zeros(function.parameters.size());
    require(function.call(zeros) == CKR_CRYPTOKI_NOT_INITIALIZED,
            function.name + " does nothing after C_Finalize");
  }
  require(C_Initialize(nullptr) == CKR_OK, "the library starts again");
  CK_TOKEN_INFO info{};
  require(C_GetTokenInfo(edge::testing::kSlot, &info) == CKR_OK, "its token is there");
  require(info.ulSessionCount == 0 && info.ulRwSessionCount == 0, "it has no session");
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet::fuzz;
  if (size == 0) return 0;
  setup();
  if ((data[0] & 1U) == 0) {
    run_one(data + 1, size - 1);
  } else {
    run_two(data + 1, size - 1);
  }
  check_end();
  return 0;
}
