#include "common/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>
#include <utility>

namespace signet {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

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
