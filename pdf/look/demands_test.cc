#include "pdf/look/demands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pdf/look/testing/document.h"

namespace signet::pdf::look {
namespace {

using testing::Document;

int part_in(std::string_view metadata) {
  return demands_of(QPDFObjectHandle::newDictionary(), view_of(metadata)).pdfa_part;
}

TEST(DemandsTest, ThePartIsReadInEveryWayThatItIsWritten) {
  EXPECT_EQ(part_in("<rdf:Description pdfaid:part=\"1\" pdfaid:conformance=\"B\"/>"), 1);
  EXPECT_EQ(part_in("<rdf:Description pdfaid:part = '2'/>"), 2);
  EXPECT_EQ(part_in("<pdfaid:part>3</pdfaid:part>"), 3);
  EXPECT_EQ(part_in("<pdfaid:part>\n 4 </pdfaid:part>"), 4);
  EXPECT_EQ(part_in("pdfaid:part='3' pdfaid:part='1'"), 1);
}

TEST(DemandsTest, WhatSaysNothingIsNotPdfa) {
  for (const char* const text : {"", "<x/>", "pdfaid:part", "pdfaid:part=", "pdfaid:part=1",
                                 "pdfaid:part='x'", "pdfaid:part='0'", "pdfaid:part='7'",
                                 "pdfaid:part>", "<pdfaid:part/>", "pdfaid:partial='1'"}) {
    EXPECT_EQ(part_in(text), 0) << text;
  }
}

// Of a catalog whose output intents are these.
IntentSpace intent_in(Document& document, const std::string& intents) {
  document.catalog().replaceKey("/OutputIntents", Document::parsed(intents));
  return demands_of(document.catalog(), {}).intent;
}

// A reference to a profile of so many components.
QPDFObjectHandle profile_of(Document& document, int components) {
  const QPDFObjectHandle profile = document.allocate();
  document.put_stream(profile, Document::parsed("<< /N " + std::to_string(components) + " >>"), {});
  return profile;
}

IntentSpace intent_with(const QPDFObjectHandle& profile, Document& document,
                        const std::string& kind = "/GTS_PDFA1") {
  QPDFObjectHandle intent = Document::parsed("<< /Type /OutputIntent /S " + kind + " >>");
  intent.replaceKey("/DestOutputProfile", profile);
  QPDFObjectHandle list = Document::parsed("[ null << /S /GTS_PDFX >> 7 ]");
  list.appendItem(intent);
  document.catalog().replaceKey("/OutputIntents", list);
  return demands_of(document.catalog(), {}).intent;
}

TEST(DemandsTest, TheIntentsSpaceIsThatOfItsProfile) {
  Document document(100, 100);
  EXPECT_EQ(intent_with(profile_of(document, 1), document), IntentSpace::gray);
  EXPECT_EQ(intent_with(profile_of(document, 3), document), IntentSpace::rgb);
  EXPECT_EQ(intent_with(profile_of(document, 4), document), IntentSpace::cmyk);
}

TEST(DemandsTest, IntentsThatAreNotPdfasOrNotReadableAreNone) {
  Document document(100, 100);
  EXPECT_EQ(intent_with(profile_of(document, 3), document, "/GTS_PDFX"), IntentSpace::none);
  EXPECT_EQ(intent_with(profile_of(document, 2), document), IntentSpace::none);
  EXPECT_EQ(intent_with(Document::parsed("<< /N 3 >>"), document), IntentSpace::none);
  EXPECT_EQ(intent_in(document, "<< >>"), IntentSpace::none);
  EXPECT_EQ(intent_in(document, "[ ]"), IntentSpace::none);
  EXPECT_EQ(intent_in(document, "null"), IntentSpace::none);
  EXPECT_EQ(demands_of(QPDFObjectHandle::newNull(), {}).intent, IntentSpace::none);
}

TEST(DemandsTest, TransparencyIsAllowedWhereItsSpaceIsKnown) {
  EXPECT_TRUE((Demands{0, IntentSpace::none}.allows_transparency()));
  EXPECT_FALSE((Demands{1, IntentSpace::rgb}.allows_transparency()));
  EXPECT_FALSE((Demands{2, IntentSpace::none}.allows_transparency()));
  EXPECT_TRUE((Demands{2, IntentSpace::gray}.allows_transparency()));
  EXPECT_TRUE((Demands{4, IntentSpace::cmyk}.allows_transparency()));
}

}  // namespace
}  // namespace signet::pdf::look
