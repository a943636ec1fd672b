#include "config/suggest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace signet::config {
namespace {

constexpr auto kWords = std::to_array<std::string_view>({"label", "limits", "member", "user"});

TEST(Suggest, FindsTheWordWithATypingError) {
  EXPECT_EQ(nearest("lable", kWords), "label");
  EXPECT_EQ(nearest("limit", kWords), "limits");
  EXPECT_EQ(nearest("members", kWords), "member");
  EXPECT_EQ(nearest("usr", kWords), "user");
}

TEST(Suggest, SaysNothingWhereNoWordIsNear) {
  EXPECT_EQ(nearest("certificate", kWords), "");
  EXPECT_EQ(nearest("", kWords), "");
  EXPECT_EQ(nearest(std::string(100'000, 'l'), kWords), "");
  EXPECT_EQ(suggestion("certificate", kWords), "");
}

TEST(Suggest, PutsTheWordIntoAHalfSentence) {
  EXPECT_EQ(suggestion("lable", kWords), " (did you mean \"label\"?)");
}

TEST(Suggest, ListsWordsAsASentenceDoes) {
  EXPECT_EQ(one_of(kWords), R"("label", "limits", "member" or "user")");
  EXPECT_EQ(one_of(Words(kWords).first(1)), R"("label")");
}

}  // namespace
}  // namespace signet::config
