#include "softhsm-backend/sapiws/xml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"

namespace signet::emulator::sapiws {
namespace {

using testing::HasSubstr;

std::string reason(const std::string& text) {
  const auto read = read_xml(text);
  return read ? "none" : read.assume_error();
}

TEST(XmlReader, GivesNamesNamespacesAttributesAndText) {
  const auto read = read_xml(
      "<?xml version=\"1.0\"?><!-- c --><a:x xmlns:a=\"urn:a\" n=\"1\" a:m='&lt;2&#65;&amp;'>"
      " one<y xmlns='urn:y'>t&amp;<![CDATA[<u>]]></y>two </a:x>");
  ASSERT_TRUE(read);
  const Element& root = read.assume_value();
  EXPECT_EQ(root.space, "urn:a");
  EXPECT_EQ(root.name, "x");
  EXPECT_EQ(root.attribute("n"), "1");
  EXPECT_EQ(root.attribute("m"), std::nullopt) << "an attribute with a namespace is another one";
  ASSERT_EQ(root.attributes.size(), 2U);
  EXPECT_EQ(text_of(root.attributes[1].value), "<2A&");
  EXPECT_EQ(root.trimmed(), "onetwo");
  ASSERT_EQ(root.children.size(), 1U);
  EXPECT_EQ(root.children[0].space, "urn:y");
  EXPECT_EQ(text_of(root.children[0].text), "t&<u>");
}

TEST(XmlReader, TakesBase64WithLineEnds) {
  const auto read = read_xml("<a>\n QUJD\r\n RA==\t</a>");
  EXPECT_EQ(read.assume_value().base64(), (Bytes{'A', 'B', 'C', 'D'}));
  EXPECT_FALSE(read_xml("<a>####</a>").assume_value().base64());
}

TEST(XmlReader, TakesTextThatIsLongerThanLibxml2TakesAtOnce) {
  const std::string text(48UL * 1024 * 1024, 'A');
  const auto read = read_xml("<a>" + text + "</a>");
  ASSERT_TRUE(read) << read.assume_error();
  EXPECT_EQ(read.assume_value().text.size(), text.size());
}

TEST(XmlReader, RefusesEveryDocumentType) {
  EXPECT_THAT(reason("<!DOCTYPE a><a/>"), HasSubstr("document type"));
  EXPECT_THAT(reason("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), HasSubstr("document type"));
  EXPECT_THAT(reason("<!DOCTYPE a [<!ENTITY e 'x'>]><a b='&e;'/>"), HasSubstr("document type"));
  EXPECT_THAT(reason("<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a/>"),
              HasSubstr("document type"));
}

TEST(XmlReader, ReadsNoFile) {
  const ScratchFolder folder;
  const auto file = folder.write("secret", "secret");
  EXPECT_THAT(
      reason("<!DOCTYPE a [<!ENTITY e SYSTEM 'file://" + std::string(file) + "'>]><a>&e;</a>"),
      HasSubstr("document type"));
  // XInclude is a step of its own in libxml2, which nobody takes.
  const auto read =
      read_xml("<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='file://" +
               std::string(file) + "' parse='text'/></a>");
  EXPECT_EQ(read.assume_value().trimmed(), "");
}

TEST(XmlReader, RefusesEntitiesAndInstructions) {
  EXPECT_NE(reason("<a>&e;</a>"), "none");
  EXPECT_NE(reason("<a b='&e;'/>"), "none");
  EXPECT_THAT(reason("<?pi x?><a/>"), HasSubstr("processing instruction"));
}

TEST(XmlReader, RefusesWhatIsNotWellFormed) {
  for (const char* text :
       {"", " ", "x", "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a b='1' b='2'/>", "<p:a/>",
        "<a p:b='1'/>", "<a>\x01</a>", "<a>\xFF</a>", "<a>&#0;</a>"}) {
    EXPECT_NE(reason(text), "none") << text;
  }
  EXPECT_NE(reason(std::string("<a>\0</a>", 8)), "none");
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "<a>";
  for (std::size_t i = 0; i < depth; ++i) text += "</a>";
  return text;
}

TEST(XmlReader, BoundsDepthCountsAndLengths) {
  EXPECT_EQ(reason(nested(kMaxXmlDepth)), "none");
  EXPECT_THAT(reason(nested(kMaxXmlDepth + 1)), HasSubstr("nested"));
  EXPECT_NE(reason(nested(100'000)), "none");
  std::string many = "<a>";
  for (std::size_t i = 1; i < kMaxXmlElements; ++i) many += "<b/>";
  EXPECT_EQ(reason(many + "</a>"), "none");
  EXPECT_THAT(reason(many + "<b/></a>"), HasSubstr("too many elements"));
  std::string attributes = "<a";
  for (std::size_t i = 0; i < kMaxXmlAttributes; ++i)
    attributes += " b" + std::to_string(i) + "=''";
  EXPECT_EQ(reason(attributes + "/>"), "none");
  EXPECT_THAT(reason(attributes + " c=''/>"), HasSubstr("attributes"));
  EXPECT_EQ(reason("<a b='" + std::string(kMaxXmlAttribute, 'x') + "'/>"), "none");
  EXPECT_THAT(reason("<a b='" + std::string(kMaxXmlAttribute + 1, 'x') + "'/>"),
              HasSubstr("too long"));
  EXPECT_THAT(reason("<" + std::string(kMaxXmlName + 1, 'x') + "/>"),
              HasSubstr("name is too long"));
}

}  // namespace
}  // namespace signet::emulator::sapiws
