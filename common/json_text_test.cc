#include "common/json_text.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstring>

namespace signet {
namespace {

bool repeats(const char* text) {
  return repeats_a_name(text, boost::json::parse(text));
}

TEST(JsonText, FindsADuplicateNameInAnObject) {
  for (const char* text :
       {"7", "[]", "{}", R"(":\":")", R"({"a":":","b\":":{"a":[{"a":1},{"a":"\\"}]}})"}) {
    EXPECT_FALSE(repeats(text)) << text;
  }
  for (const char* text : {R"({"a":1,"a":1})", R"({"a":1,"\u0061":1})",
                           R"([[{"b":{"a":1,"c":2,"a":3}}]])", R"({"a":{"x":1,"y":2},"a":{}})"}) {
    EXPECT_TRUE(repeats(text)) << text;
  }
}

TEST(JsonText, IsUtf8WhateverTheValueHolds) {
  EXPECT_EQ(json_text({{"label", "a\xFF\"ž"}, {"n", nullptr}}),
            "{\"label\":\"a\uFFFD\\\"ž\",\"n\":null}");
}

TEST(WipingMemory, ZeroisesWhatIsGivenBack) {
  constexpr std::size_t size = 512;
  WipingMemory memory;
  auto* const place = static_cast<char*>(memory.allocate(size));
  std::memset(place, 'x', size);
  memory.deallocate(place, size);
  auto* const again = static_cast<char*>(::operator new(size));
  const bool same = again == place;
  const char left = again[size / 2];
  ::operator delete(again);
  if (!same) GTEST_SKIP() << "this allocator does not give the same memory again";
  EXPECT_EQ(left, '\0');
}

}  // namespace
}  // namespace signet
