// What must hold for every input. A fuzzer takes the abort for a finding and keeps the input.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_REQUIRE_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_REQUIRE_H_

#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string>

namespace signet::fuzz {

// `promise`: what was broken, for people.
inline void require(bool holds, const std::string& promise,
                    std::source_location place = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "BROKEN PROMISE at %s:%u: %s\n", place.file_name(),
               static_cast<unsigned>(place.line()), promise.c_str());
  std::abort();
}

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_REQUIRE_H_
