#include "seal-server/pages/form.h"

#include <gtest/gtest.h>

#include "seal-server/store/problem.h"

namespace signet::sealserver {
namespace {

TEST(PageForm, ReadsWhatABrowserSends) {
  const Form form("a=1+2&b=%C5%BD%26%3D&c=&d&e=++x++");
  EXPECT_EQ(form.value("a"), "1 2");
  EXPECT_EQ(form.value("b"), "Ž&=");
  EXPECT_EQ(form.value("c"), "");
  EXPECT_EQ(form.value("d"), "");
  EXPECT_EQ(form.value("e"), "x");
  EXPECT_EQ(form.raw_value("e"), "  x  ");
  EXPECT_EQ(form.value("none"), "");
}

TEST(PageForm, RefusesWhatNoBrowserSends) {
  for (const char* text : {"a=1&a=2", "a=%", "a=%4", "a=%GG", "a=%FF", "a=%00", "a=%0A", "a=%7F"})
    EXPECT_THROW(Form{text}, Problem) << text;
  std::string many;
  for (int i = 0; i < 40; ++i) many += "f" + std::to_string(i) + "=1&";
  EXPECT_THROW(Form{many}, Problem);
}

TEST(PageForm, WritesTheQueryOfALink) {
  EXPECT_EQ(form_text({{"a", "1 2"}, {"b", ""}, {"c", "Ž&"}}), "a=1%202&c=%C5%BD%26");
  EXPECT_EQ(Form(form_text({{"c", "\"<Ž>&+%"}})).value("c"), "\"<Ž>&+%");
}

TEST(PageForm, ReadsCookies) {
  EXPECT_EQ(cookie_value("a=1; bb=2; b=3", "b"), "3");
  EXPECT_EQ(cookie_value("a=1;b=2", "b"), "2");
  EXPECT_EQ(cookie_value("a=1", "b"), "");
  EXPECT_EQ(cookie_value("", "b"), "");
  EXPECT_EQ(cookie_value("b", "b"), "");
}

}  // namespace
}  // namespace signet::sealserver
