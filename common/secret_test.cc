#include "common/secret.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

namespace signet {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

// What the kernel says of the mapping that holds the address: "VmFlags:" of proc(5), " lo dd" and more.
std::string flags_of_memory_at(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    if (words >> std::hex >> begin >> dash >> end && dash == '-') {
      here = begin <= wanted && wanted < end;
    } else if (here && line.starts_with("VmFlags:")) {
      return line + " ";
    }
  }
  return {};
}

// Not without the right to, and not under a sanitizer, which passes mlock over.
bool may_lock_memory() {
  const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  (void)mlock(page, size);
  const bool locked = flags_of_memory_at(page).find(" lo ") != std::string::npos;
  munmap(page, size);
  return locked;
}

TEST(Secret, IsLeftOutOfCoreDumpsAndSwap) {
  const Secret secret("1234");
  const std::string flags = flags_of_memory_at(secret.reveal().data());
  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
  EXPECT_EQ(flags.find(" lo ") != std::string::npos, may_lock_memory()) << flags;
  const std::string ordinary(10'000, 'x');
  EXPECT_EQ(flags_of_memory_at(ordinary.data()).find(" dd "), std::string::npos);
}

TEST(Secret, KeepsItsBytes) {
  EXPECT_EQ(text_of(Secret("1234").reveal()), "1234");
}

TEST(Secret, CannotBePrinted) {
  static_assert(Printable<std::string>);
  static_assert(!Printable<Secret>);
}

TEST(Secret, ComparesByContent) {
  EXPECT_EQ(Secret("a"), Secret("a"));
  EXPECT_FALSE(Secret("a") == Secret("b"));
  EXPECT_FALSE(Secret("a") == Secret("ab"));
  EXPECT_EQ(Secret(), Secret(""));
}

TEST(Secret, IsEmptyAfterWipe) {
  Secret secret("1234");
  secret.wipe();
  EXPECT_TRUE(secret.empty());
  secret.wipe();
}

TEST(Secret, MovesWithoutCopying) {
  Secret from("1234");
  const auto* address = from.reveal().data();
  const Secret to(std::move(from));
  EXPECT_EQ(to.reveal().data(), address);
}

TEST(Secret, AssignsOverAnother) {
  Secret a("first");
  const Secret b("second");
  a = b;
  EXPECT_EQ(a, b);
  EXPECT_NE(a.reveal().data(), b.reveal().data());
}

TEST(Secret, HoldsMoreThanAPage) {
  const std::string text(10000, 'x');
  EXPECT_EQ(text_of(Secret(text).reveal()), text);
}

}  // namespace
}  // namespace signet
