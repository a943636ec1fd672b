#include "validation/trusted_lists/xml_document.h"

#include <gtest/gtest.h>

#include <string>

#include "validation/testing/list_maker.h"
#include "validation/trusted_lists/list.h"
#include "validation/trusted_lists/list_time.h"
#include "validation/trusted_lists/list_trust.h"
#include "validation/trusted_lists/xml_bounds.h"

namespace signet::validation {
namespace {

std::string refusal_of(const std::string& text) {
  const auto document = XmlDocument::parse(view_of(text));
  return document ? "" : text_of(document.error(), Language::english);
}

std::string repeated(const std::string& piece, std::size_t count) {
  std::string text;
  text.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(XmlDocument, TakesWhatListsAreWrittenIn) {
  EXPECT_EQ(refusal_of("<a/>"), "");
  EXPECT_EQ(refusal_of("<?xml version=\"1.0\"?>\n<!-- > --><a b='>' c=\"'\"><![CDATA[<b>]]></a>"),
            "");
  const auto document =
      XmlDocument::parse(view_of("<a x='1 &amp; 2'> one<!-- -->&amp;<![CDATA[<]]> </a>"));
  ASSERT_TRUE(document);
  EXPECT_EQ(text_of(document.value().root()), "one&<");
  EXPECT_EQ(attribute_of(document.value().root(), "x"), "1 & 2");
}

TEST(XmlDocument, RefusesWhatIsNoXml) {
  for (const char* const text :
       {"", "<", "<a", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a b='1' b='2'/>", "text",
        "<a>&none;</a>", "<p:a/>", "<!--", "<a><![CDATA[", "<?", "<a '", "<a b='"})
    EXPECT_NE(refusal_of(text), "") << text;
  EXPECT_EQ(refusal_of(std::string("<a>\0</a>", 8)), "the file is not UTF-8");
  EXPECT_EQ(refusal_of("<a>\xff</a>"), "the file is not UTF-8");
  EXPECT_EQ(refusal_of(std::string("\xff\xfe<\0a\0/\0>\0", 10)), "the file is not UTF-8");
  EXPECT_EQ(refusal_of("<a xmlns='relative'/>"), "the file has a relative namespace name");
}

TEST(XmlDocument, RefusesDeclarationsBeforeTheyAreRead) {
  EXPECT_EQ(
      refusal_of("<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;</a>"),
      "the file has a document type declaration");
  EXPECT_EQ(refusal_of("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"),
            "the file has a document type declaration");
  EXPECT_EQ(refusal_of("<!-- <!DOCTYPE a> --><a/>"), "");
  EXPECT_EQ(refusal_of("<?oasis-xml-catalog catalog=\"http://lists.example/\"?><a/>"),
            "the file names an XML catalogue");
}

TEST(XmlDocument, HasBounds) {
  EXPECT_EQ(refusal_of(repeated("<a>", 47) + "<b/>" + repeated("</a>", 47)), "");
  EXPECT_EQ(refusal_of(repeated("<a>", 48) + "<b/>" + repeated("</a>", 48)),
            "the file has too many levels");
  EXPECT_EQ(refusal_of(repeated("<a>", 10'000'000)), "the file has too many levels");
  EXPECT_EQ(refusal_of("<r>" + repeated("<a/>", 500'000) + "</r>"),
            "the file has too many elements");
  EXPECT_EQ(refusal_of("<r>" + repeated("<!---->", 100'001) + "</r>"),
            "the file has too many comments");
  std::string attributes, prefixes;
  for (int i = 0; i < 33; ++i) attributes += " a" + std::to_string(i) + "=''";
  EXPECT_EQ(refusal_of("<a" + attributes + "/>"), "the file has too many attributes");
  EXPECT_EQ(refusal_of("<r>" + repeated("<a b='' c=''/>", 250'001) + "</r>"),
            "the file has too many attributes");
  for (int level = 0; level < 6; ++level) {
    prefixes += "<a";
    for (int i = 0; i < 20; ++i) prefixes += " xmlns:p" + std::to_string(i) + " = 'urn:x'";
    prefixes += ">";
  }
  EXPECT_EQ(refusal_of(prefixes + repeated("</a>", 6)), "the file declares too many prefixes");
  // Prefixes that go out of scope do not count.
  EXPECT_EQ(refusal_of("<r>" + repeated("<a xmlns:p='urn:x' xmlns:q='urn:x'/>", 1000) + "</r>"),
            "");
}

// Refused by what was counted in one pass, before a parser sees it, or well within the bounds.
TEST(XmlDocument, OfSixtyFourMebibytesIsCountedBeforeItIsParsed) {
  EXPECT_EQ(refusal_of("<a>" + std::string(kLargestList, 'x') + "</a>"),
            "the file is larger than 64 MiB");
  EXPECT_EQ(refusal_of("<a>" + std::string(kLargestList - 7, 'x') + "</a>"), "");
  EXPECT_EQ(refusal_of("<a " + std::string(kLargestList - 7, '=')),
            "the file has too many attributes");
  EXPECT_EQ(refusal_of("<a b='" + std::string(kLargestList - 7, '<')),
            "the file is not well-formed XML");
  EXPECT_EQ(refusal_of(std::string(kLargestList, '<')), "the file is not well-formed XML");
}

TEST(XmlDocument, WithAMillionServicesIsRefused) {
  lists::ListWish wish = lists::national("CZ");
  wish.providers = {{"Provider", {}}};
  const std::string text = lists::xml_of(wish);
  const std::size_t at = text.find("<TSPServices>") + 13;
  const std::string service = "<TSPService><ServiceInformation/></TSPService>";
  EXPECT_EQ(refusal_of(text.substr(0, at) + repeated(service, 1'000'000) + text.substr(at)),
            "the file has too many elements");
  // As many as fit are read, and left out: they say nothing.
  const std::string most = text.substr(0, at) + repeated(service, 240'000) + text.substr(at);
  const auto loaded = load_list("most.xml", view_of(most));
  ASSERT_TRUE(loaded && loaded->list);
  EXPECT_TRUE(loaded->list->services.empty());
}

TEST(ListTime, IsReadInAnyForm) {
  EXPECT_EQ(list_time("2016-06-30T22:00:00Z"), pki::at("2016-06-30T22:00:00Z"));
  EXPECT_EQ(list_time("2016-07-01T00:00:00+02:00"), pki::at("2016-06-30T22:00:00Z"));
  EXPECT_EQ(list_time("2016-06-30T20:30:00.999-01:30"), pki::at("2016-06-30T22:00:00Z"));
  EXPECT_EQ(list_time("2016-06-30T22:00:00"), pki::at("2016-06-30T22:00:00Z"));
  for (const char* const text :
       {"", "2016", "2016-06-30", "2016-06-31T00:00:00Z", "2016-13-01T00:00:00Z",
        "2016-06-30T25:00:00Z", "2016-06-30T22:60:00Z", "2016-06-30T22:00:00X",
        "2016-06-30T22:00:00Z ", "2016-06-30T22:00:00.Z", "2016-06-30T22:00:00+99:00",
        "0016-06-30T22:00:00Z", "9999-12-31T23:59:59Z", "-016-06-30T22:00:00Z",
        "2016-06-30T22:00:00+0"})
    EXPECT_FALSE(list_time(text)) << text;
}

}  // namespace
}  // namespace signet::validation
