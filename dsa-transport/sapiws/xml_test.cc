// What is read of XML, and what of it is refused unread.
#include "dsa-transport/sapiws/xml.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace signet::transport::sapiws {
namespace {

// Pieces that differ by a number.
template <typename Piece>
std::string pieces(std::size_t count, Piece piece) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece(i);
  return text;
}

std::string with_attributes(std::size_t count) {
  return "<e" + pieces(count, [](std::size_t i) { return fmt::format(" a{}=''", i); }) + "/>";
}

std::string with_prefixes(std::size_t elements, std::size_t each) {
  return "<e>" +
         pieces(elements,
                [&](std::size_t) {
                  return "<e" +
                         pieces(each,
                                [](std::size_t i) { return fmt::format(" xmlns:n{}='u'", i); }) +
                         "/>";
                }) +
         "</e>";
}

// 300,000 attributes of one element keep libxml2 busy for minutes.
TEST(XmlDocument, HasElementsWithABoundedNumberOfAttributes) {
  EXPECT_TRUE(Document::parse(with_attributes(100)));
  EXPECT_FALSE(Document::parse(with_attributes(101)));
  EXPECT_FALSE(Document::parse("<e a='" + std::string(101, '=') + "'/>")) << "counted alike";
  const auto element = [](std::size_t) { return with_attributes(100); };
  EXPECT_TRUE(Document::parse("<e>" + pieces(1000, element) + "</e>"));
  EXPECT_FALSE(Document::parse("<e>" + pieces(1001, element) + "</e>"));
}

TEST(XmlDocument, DeclaresABoundedNumberOfPrefixes) {
  EXPECT_TRUE(Document::parse(with_prefixes(5, 100)));
  EXPECT_FALSE(Document::parse(with_prefixes(6, 100)));
}

TEST(XmlDocument, HasABoundedNumberOfElements) {
  const auto element = [](std::size_t) { return "<a></a>"; };
  EXPECT_TRUE(Document::parse("<e>" + pieces(99'999, element) + "</e>"));
  EXPECT_FALSE(Document::parse("<e>" + pieces(100'000, element) + "</e>"));
}

TEST(XmlElements, AreFoundOnceWhereTheyAreInsideEachOther) {
  const auto document = Document::parse("<e><c>1<c>2</c></c><d><c>3</c></d></e>");
  ASSERT_TRUE(document);
  const auto found = document.value().root().find_all("c");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.front().text(), "12");
  EXPECT_EQ(found.back().text(), "3");
}

}  // namespace
}  // namespace signet::transport::sapiws
