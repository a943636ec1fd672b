#include "seal-server/pages/text.h"

#include <gtest/gtest.h>

#include <kainjow/mustache.hpp>
#include <regex>
#include <set>
#include <string>

#include "seal-server/pages/assets.h"

namespace signet::sealserver {
namespace {

std::set<std::string> names_in(const std::string& text, const std::string& pattern) {
  std::set<std::string> names;
  const std::regex expression(pattern);
  for (std::sregex_iterator i(text.begin(), text.end(), expression), end; i != end; ++i)
    names.insert((*i)[1]);
  return names;
}

TEST(PageText, IsThereInEachLanguage) {
  std::set<std::string> names;
  for (const Text& each : all_texts()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name << " is there twice";
    for (const char* words : each.words) EXPECT_NE(std::string(words), "") << each.name;
  }
  for (const Asset& page : page_templates()) {
    for (const std::string& name :
         names_in(std::string(page.content), R"(\{\{[#^/]?t\.([a-z_0-9]+)\}\})"))
      EXPECT_TRUE(names.contains(name)) << page.name << " names " << name;
  }
  EXPECT_THROW(text(Language::english, "none such"), std::out_of_range);
}

// Nothing gets into a page without escaping, and nothing is written inline that the policy forbids.
TEST(PageTemplates, EscapeWhatTheyShow) {
  ASSERT_FALSE(page_templates().empty());
  for (const Asset& page : page_templates()) {
    const std::string content(page.content);
    EXPECT_TRUE(kainjow::mustache::mustache(content).is_valid()) << page.name;
    for (const char* forbidden : {"{{{", "{{&", "{{=", "<style", "style=", "javascript:", " on"})
      EXPECT_TRUE(content.find(forbidden) == std::string::npos ||
                  (std::string(forbidden) == " on" && names_in(content, "( on[a-z]+=)").empty()))
          << page.name << " has " << forbidden;
    EXPECT_EQ(names_in(content, R"((<script(?! src="/static/)))"), std::set<std::string>{});
    // Values of attributes are quoted.
    EXPECT_EQ(names_in(content, R"(( [a-z]+=\{\{))"), std::set<std::string>{}) << page.name;
  }
}

TEST(PageLanguage, IsTheOneThatABrowserLikesBest) {
  EXPECT_EQ(preferred_language(""), Language::english);
  EXPECT_EQ(preferred_language("cs"), Language::czech);
  EXPECT_EQ(preferred_language("de, cs-CZ;q=0.8, en;q=0.5"), Language::czech);
  EXPECT_EQ(preferred_language("cs;q=0.3,en-GB;q=0.4"), Language::english);
  EXPECT_EQ(preferred_language("cs;q=0"), Language::english);
  EXPECT_EQ(preferred_language("cs;q=x,;;,"), Language::english);
}

}  // namespace
}  // namespace signet::sealserver
