// The XML of answers and of texts that are sent, in a process that has settings of its own for libxml2.
#include "dsa-transport/sapiws/xml.h"

#include <gtest/gtest.h>
#include <libxml/catalog.h>
#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <chrono>

#include "dsa-transport/sapiws/answers.h"

namespace signet::transport::sapiws {
namespace {

using namespace std::chrono_literals;

Read<Document> parsed(const std::string& text) {
  return Document::parse(text, Deadline::after(20s));
}

std::string error_of(const std::string& text) {
  const auto read = parsed(text);
  return read ? "" : read.error().what;
}

// What a host program may have set for all of its process, and how often it was called.
class HostOfLibxml2 : public testing::Test {
 protected:
  HostOfLibxml2() {
    calls_ = 0;
    xmlInitParser();
    xmlResetLastError();
    xmlSetStructuredErrorFunc(nullptr, [](void*, xmlErrorPtr) { ++calls_; });
    xmlSetGenericErrorFunc(nullptr, &hear);
    loader_ = xmlGetExternalEntityLoader();
    xmlSetExternalEntityLoader([](const char*, const char*, xmlParserCtxtPtr) {
      ++calls_;
      return xmlParserInputPtr{};
    });
    xmlRegisterNodeDefault([](xmlNodePtr) { ++calls_; });
    xmlSubstituteEntitiesDefault(1);
    xmlKeepBlanksDefault(0);
    xmlPedanticParserDefault(1);
    xmlLineNumbersDefault(1);
    xmlLoadExtDtdDefaultValue = XML_DETECT_IDS | XML_COMPLETE_ATTRS;
    xmlDoValidityCheckingDefaultValue = 1;
    xmlGetWarningsDefaultValue = 1;
    xmlCatalogSetDefaults(XML_CATA_ALLOW_ALL);
    // Whoever asks for the encoding by its name gets another.
    xmlAddEncodingAlias("ISO-8859-1", "UTF-8");
  }
  ~HostOfLibxml2() override {
    xmlSetStructuredErrorFunc(nullptr, nullptr);
    xmlSetGenericErrorFunc(nullptr, nullptr);
    xmlSetExternalEntityLoader(loader_);
    xmlRegisterNodeDefault(nullptr);
    xmlSubstituteEntitiesDefault(0);
    xmlKeepBlanksDefault(1);
    xmlPedanticParserDefault(0);
    xmlLineNumbersDefault(0);
    xmlLoadExtDtdDefaultValue = 0;
    xmlDoValidityCheckingDefaultValue = 0;
    xmlCleanupEncodingAliases();
  }

  static void hear(void* /*context*/, const char* /*format*/, ...) { ++calls_; }

  static inline int calls_ = 0;

 private:
  xmlExternalEntityLoader loader_ = nullptr;
};

TEST_F(HostOfLibxml2, HearsNothingOfOurDocumentsAndHasNoSayInThem) {
  for (const char* const text :
       {"<a><b></a>", "", "x", "<a", "<a>&b;</a>", "<a b='1' b='2'/>", "<a>\xff</a>",
        "<?xml version='1.0'?><?oasis-xml-catalog catalog='file:///etc/hosts'?><a/>",
        "<!DOCTYPE a SYSTEM 'file:///etc/hosts'><a/>"}) {
    EXPECT_FALSE(parsed(text)) << text;
  }
  const auto document = parsed(
      "<?xml version='1.0' encoding='utf-16'?><p:a xmlns:p='urn:p' xmlns='relative'>"
      "<b c=' &amp;&lt;\xc3\xa9 '> \xc3\xa9&#38; <d/></b> <e><![CDATA[<>]]></e></p:a>");
  ASSERT_TRUE(document);
  const Element& root = document.value().root();
  EXPECT_EQ(root.name, "a");
  ASSERT_TRUE(root.has("b"));
  EXPECT_EQ(root.find("b")->attribute("c"), "&<\xc3\xa9");
  EXPECT_EQ(root.text_of("b"), "\xc3\xa9&");
  EXPECT_EQ(root.text_of("e"), "<>");
  EXPECT_EQ(calls_, 0);
  EXPECT_EQ(xmlGetLastError(), nullptr);
}

TEST_F(HostOfLibxml2, KeepsTheErrorThatItHadLast) {
  const xmlDocPtr broken = xmlReadMemory("<host", 5, nullptr, nullptr, 0);
  EXPECT_EQ(broken, nullptr);
  ASSERT_NE(xmlGetLastError(), nullptr);
  const int code = xmlGetLastError()->code;
  const std::string message = xmlGetLastError()->message;
  ASSERT_FALSE(parsed("<a>&b;</a>"));
  ASSERT_NE(xmlGetLastError(), nullptr);
  EXPECT_EQ(xmlGetLastError()->code, code);
  EXPECT_EQ(xmlGetLastError()->message, message);
}

TEST_F(HostOfLibxml2, KeepsItsSettings) {
  ASSERT_TRUE(parsed("<a/>"));
  ASSERT_FALSE(parsed("<a>"));
  EXPECT_EQ(xmlSubstituteEntitiesDefaultValue, 1);
  EXPECT_EQ(xmlKeepBlanksDefaultValue, 0);
  EXPECT_EQ(xmlPedanticParserDefaultValue, 1);
  EXPECT_EQ(xmlLoadExtDtdDefaultValue, XML_DETECT_IDS | XML_COMPLETE_ATTRS);
  EXPECT_EQ(xmlDoValidityCheckingDefaultValue, 1);
  EXPECT_EQ(xmlCatalogGetDefaults(), XML_CATA_ALLOW_ALL);
  EXPECT_NE(xmlStructuredError, nullptr);
  EXPECT_EQ(calls_, 0);
}

TEST_F(HostOfLibxml2, MayCleanUpInBetween) {
  ASSERT_TRUE(parsed("<a/>"));
  xmlCleanupParser();
  EXPECT_TRUE(parsed("<a>b</a>"));
}

TEST(SapiwsXml, FindsElementsInTheOrderOfTheDocument) {
  const auto document = parsed("<a><b><c>1</c><b><c>2</c></b></b><c>3</c><d><c>4</c></d></a>");
  ASSERT_TRUE(document);
  const Element& root = document.value().root();
  std::string all;
  for (const Element* const element : root.find_all("c")) all += element->text();
  EXPECT_EQ(all, "1234");
  const Element* const outer = root.find("b");
  ASSERT_NE(outer, nullptr);
  EXPECT_EQ(outer->find_all("c").size(), 2U);
  EXPECT_EQ(outer->find_all("b").size(), 2U);
  EXPECT_EQ(outer->find("d"), nullptr);
  EXPECT_EQ(root.find("d")->text_of("c"), "4");
  EXPECT_EQ(root.find_all("b").back()->text_of("c"), "2");
  EXPECT_EQ(root.text_of("missing"), "");
  EXPECT_EQ(root.attribute("missing"), "");
}

TEST(SapiwsXml, RefusesWhatSoapDoesNotHave) {
  EXPECT_EQ(error_of("<!DOCTYPE a><a/>"), "the XML has a document type declaration");
  EXPECT_EQ(error_of("<a><?b c?></a>"), "the XML has a processing instruction");
  EXPECT_EQ(error_of(std::string("<\0a\0/\0>\0", 8)), "the XML is not UTF-8");
  EXPECT_EQ(error_of("<a>&b;</a>"), "the body is not XML");
  EXPECT_EQ(error_of("<a/><b/>"), "the body is not XML");
}

TEST(SapiwsXml, HoldsItsBounds) {
  const auto began = std::chrono::steady_clock::now();
  const auto times = [](std::size_t count, const std::string& piece) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += piece;
    return text;
  };
  EXPECT_EQ(error_of(times(255, "<a>") + "<a/>" + times(255, "</a>")), "");
  EXPECT_EQ(error_of(times(256, "<a>") + "<a/>" + times(256, "</a>")),
            "the XML has too many levels");
  EXPECT_EQ(error_of("<a>" + times(99'999, "<b/>") + "</a>"), "");
  EXPECT_EQ(error_of("<a>" + times(100'000, "<b/>") + "</a>"), "the XML has too many elements");
  const auto attributes = [](unsigned count, const std::string& name) {
    std::string element = "<a";
    for (unsigned i = 0; i < count; ++i) element += " " + name + std::to_string(i) + "='b'";
    return element + "/>";
  };
  const std::string many = attributes(100, "a");
  EXPECT_EQ(error_of(many), "");
  EXPECT_EQ(error_of(attributes(101, "a")), "the XML has too many attributes");
  EXPECT_EQ(error_of("<a b='" + std::string(100, '=') + "'/>"), "the XML has too many attributes");
  EXPECT_EQ(error_of("<a>" + times(1'000, many) + "</a>"), "");
  EXPECT_EQ(error_of("<a>" + times(1'001, many) + "</a>"), "the XML has too many attributes");
  const std::string prefixes = attributes(100, "xmlns:n");
  EXPECT_EQ(error_of("<a>" + times(5, prefixes) + "</a>"), "");
  EXPECT_EQ(error_of("<a>" + times(6, prefixes) + "</a>"), "the XML declares too many prefixes");
  EXPECT_EQ(error_of("<a>" + std::string(9'000'000, 'b') + "</a>"), "the XML is too large");
  EXPECT_EQ(error_of("<a b='" + std::string(8'000'000, 'c') + "'/>"), "");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 60s);
}

TEST(SapiwsXml, KnowsWhichTextsXmlCanHold) {
  for (const char* const good : {"", "a", "\xc3\xa9", "\xef\xbf\xbd", "\xf0\x9f\x98\x80"}) {
    EXPECT_TRUE(is_xml_text(good)) << good;
  }
  for (const char* const bad :
       {"a\x01", "\n", "\x7f", "\xff", "\xed\xa0\x80", "\xef\xbf\xbe", "a\xef\xbf\xbf"}) {
    EXPECT_FALSE(is_xml_text(bad)) << bad;
  }
  EXPECT_FALSE(is_xml_text(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace signet::transport::sapiws
