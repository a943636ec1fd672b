// Fields and widgets that were added, hung elsewhere, signed, locked or filled in after a signature.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "pdf/testing/pdf_maker.h"
#include "validation/testing/changed_documents.h"
#include "validation/testing/seen_changes.h"

namespace signet::validation {
namespace {

using pdf::MadeDocument;
using pdf::replaced;
using pdf::updated;
using testing::Contains;
using testing::HasSubstr;

constexpr int kPage = 5, kSmallPage = 6;
constexpr int kText = 7, kGroup = 8, kInGroup = 9, kLoose = 10, kSignature = 11, kUnnamed = 12,
              kLook = 13, kNoLook = 14;
constexpr int kFresh = 500;

constexpr const char* kFieldWidget = "/Type /Annot /Subtype /Widget /F 4 /Rect [10 10 90 30]";

// The text fields "a" (7), "b.c" (9) and one without a name (12), "b" (8) with a widget of its own (10), the signature field "sig"
// (11) without a page of its own. Of the second page nothing but a corner is shown.
std::map<int, std::string> fields() {
  return {
      {kText, fmt::format("<< {} /P 5 0 R /FT /Tx /T (a) /V (one) >>", kFieldWidget)},
      {kGroup, "<< /T (b) /FT /Tx /Kids [9 0 R 10 0 R] >>"},
      {kInGroup, fmt::format("<< {} /P 5 0 R /T (c) /Parent 8 0 R /V (one) >>", kFieldWidget)},
      {kLoose, fmt::format("<< {} /P 5 0 R /Parent 8 0 R >>", kFieldWidget)},
      {kSignature, "<< /Subtype /Widget /F 4 /Rect [10 10 90 30] /FT /Sig /T (sig) >>"},
      {kUnnamed, fmt::format("<< {} /P 5 0 R /FT /Tx /V (one) >>", kFieldWidget)},
      {kLook, "<< /Subtype /Form /BBox [0 0 9 9] /Length 1 >>\nstream\nn\nendstream"},
      {kNoLook, "<< /Subtype /Form /BBox [0 0 0 0] /Length 0 >>\nstream\n\nendstream"},
  };
}

std::string form_of(const std::map<int, std::string>& objects,
                    const std::string& list = "7 0 R 8 0 R 11 0 R 12 0 R") {
  MadeDocument wish;
  wish.pages = 2;
  wish.catalog = fmt::format("/AcroForm << /Fields [{}] >>", list);
  wish.page = "/Annots [7 0 R 9 0 R 10 0 R 11 0 R 12 0 R]";
  wish.last_page = "/CropBox [0 0 5 5]";
  wish.objects = objects;
  return wish.make();
}

std::string sealed(int certify = 0, const std::string& form = form_of(fields())) {
  return signed_as(form, plain_signature(certify));
}

// What adds these numbers in front of an array.
std::pair<int, std::string> in_front(const std::string& bytes, int object, const std::string& key,
                                     const std::string& what) {
  return {object, replaced(object_text(bytes, object), key + " [ ", key + " [ " + what + " ")};
}

std::string with_new_field(const std::string& bytes, const std::string& text) {
  return updated(bytes, {in_front(bytes, 1, "/Fields", "500 0 R"),
                         in_front(bytes, kPage, "/Annots", "500 0 R"),
                         {kFresh, text}});
}

bool has_warning(const std::vector<PdfChange>& changes) {
  return std::ranges::any_of(changes, [](const auto& one) { return one.warning.has_value(); });
}

void expect_forbidden(const std::vector<PdfChange>& changes, ChangeKind kind) {
  EXPECT_THAT(kinds_of(changes, false), Contains(kind)) << told(changes);
}

TEST(PdfChangeFields, ANewFieldIsNewWhateverItsName) {
  for (const char* const name : {"/T (a)", "/T (b)", "/T (other)", ""}) {
    SCOPED_TRACE(name);
    const std::string field =
        fmt::format("<< {} /FT /Tx {} /V (x) /AP << /N 13 0 R >> >>", kFieldWidget, name);
    for (const int certify : {0, 1, 2})
      expect_forbidden(changes_of(with_new_field(sealed(certify), field), 1),
                       ChangeKind::new_field);
    const auto annotated = changes_of(with_new_field(sealed(3), field), 1);
    expect_all_allowed(annotated);
    EXPECT_THAT(kinds_of(annotated, true), Contains(ChangeKind::new_field)) << told(annotated);
    EXPECT_TRUE(has_warning(annotated)) << told(annotated);
  }
}

// Rules and reports know a signature by its field's name.
TEST(PdfChangeFields, ASignatureInASecondFieldOfANameIsForbidden) {
  const auto signature = [](const char* name) {
    return fmt::format(
        "<< {} /FT /Sig /T ({}) /V << /Type /Sig /Filter /X /SubFilter /ETSI.CAdES.detached "
        "/ByteRange [0 1 2 3] /Contents <00> >> >>",
        kFieldWidget, name);
  };
  for (const int certify : {0, 3}) {
    expect_all_allowed(changes_of(with_new_field(sealed(certify), signature("new")), 1));
    expect_forbidden(changes_of(with_new_field(sealed(certify), signature("sig")), 1),
                     ChangeKind::new_field);
    expect_forbidden(changes_of(with_new_field(sealed(certify), signature("SignetSeal1")), 1),
                     ChangeKind::new_field);
  }
}

// What the second one forbids holds as well.
TEST(PdfChangeFields, SignaturesInFieldsOfOneNameForbidWhatEachForbids) {
  auto objects = fields();
  objects[15] = replaced(objects[kSignature], "/T (sig)", "/T (sig) /Lock << /Action /All >>");
  std::string bytes = sealed(0, form_of(objects, "7 0 R 8 0 R 11 0 R 12 0 R 15 0 R"));
  for (const int field : {kSignature, 15})
    bytes = edited(bytes, field, "/T (sig)",
                   "/T (sig) /V << /Type /Sig /Filter /X /SubFilter /ETSI.CAdES.detached "
                   "/ByteRange [0 1 2 3] /Contents <00> >>");
  expect_all_allowed(changes_of(bytes, 1));
  expect_forbidden(changes_of(edited(bytes, kText, "(one)", "(two)"), 1), ChangeKind::form_field);
}

TEST(PdfChangeFields, AFilledFieldIsNotPutOnAnotherPage) {
  const std::string base = sealed();
  expect_forbidden(
      changes_of(updated(base, {{kText, replaced(object_text(base, kText), "(one)", "(two)")},
                                {kSmallPage, replaced(object_text(base, kSmallPage), "/CropBox",
                                                      "/Annots [7 0 R] /CropBox")}}),
                 1),
      ChangeKind::form_field);
}

// A field that was its own widget stays it: /Kids would hang others in its place.
TEST(PdfChangeFields, AWidgetBelowAFieldThatIsOneIsSeen) {
  for (const int field : {kText, kSignature}) {
    const std::string base = sealed(3);
    expect_forbidden(
        changes_of(
            updated(base,
                    {{field, replaced(object_text(base, field), "/T (", "/Kids [500 0 R] /T (")},
                     in_front(base, kPage, "/Annots", "500 0 R"),
                     {kFresh, fmt::format("<< {} /Parent {} 0 R /AP << /N 13 0 R >> >>",
                                          kFieldWidget, field)}}),
            1),
        ChangeKind::form_field);
  }
}

TEST(PdfChangeFields, ANewNodeAboveAFieldIsSeen) {
  // The same name, with a node between that its widgets inherit from.
  const std::string base = sealed();
  expect_forbidden(
      changes_of(updated(base, {{1, replaced(object_text(base, 1), "[ 7 0 R", "[ 500 0 R")},
                                {kFresh, "<< /Kids [7 0 R] /DA (/Other 0 Tf) >>"}}),
                 1),
      ChangeKind::form_field);
}

TEST(PdfChangeFields, WidgetsOfNodesAboveFieldsAreCompared) {
  const auto added = [](const std::string& bytes) {
    return updated(
        bytes, {in_front(bytes, kGroup, "/Kids", "500 0 R"),
                in_front(bytes, kPage, "/Annots", "500 0 R"),
                {kFresh, fmt::format("<< {} /Parent 8 0 R /AP << /N 13 0 R >> >>", kFieldWidget)}});
  };
  for (const int certify : {0, 1, 2})
    expect_forbidden(changes_of(added(sealed(certify)), 1), ChangeKind::new_field);
  const auto annotated = changes_of(added(sealed(3)), 1);
  expect_all_allowed(annotated);
  EXPECT_TRUE(has_warning(annotated)) << told(annotated);

  const std::string base = sealed(3);
  expect_forbidden(changes_of(edited(base, kLoose, "10 10 90 30", "10 10 500 700"), 1),
                   ChangeKind::form_field);
  expect_forbidden(
      changes_of(edited(base, kLoose, "/Parent 8 0 R", "/Parent 8 0 R /AP << /N 13 0 R >>"), 1),
      ChangeKind::form_field);
  expect_forbidden(changes_of(edited(base, kGroup, "9 0 R 10 0 R", "9 0 R"), 1),
                   ChangeKind::form_field);

  // A new one above a new field.
  const auto above = [](const std::string& bytes) {
    return updated(
        bytes, {in_front(bytes, 1, "/Fields", "500 0 R"),
                in_front(bytes, kPage, "/Annots", "502 0 R"),
                {kFresh, "<< /T (new) /Kids [501 0 R 502 0 R] >>"},
                {501, "<< /T (sig) /FT /Sig /Parent 500 0 R /Kids [] >>"},
                {502, fmt::format("<< {} /Parent 500 0 R /AP << /N 13 0 R >> >>", kFieldWidget)}});
  };
  const auto warned = changes_of(above(base), 1);
  expect_all_allowed(warned);
  EXPECT_TRUE(has_warning(warned)) << told(warned);
  expect_forbidden(changes_of(above(sealed(2)), 1), ChangeKind::new_field);
}

// As many as before, and none of them is what one was.
TEST(PdfChangeFields, AWidgetThatTakesTheOtherOnesPlaceIsSeen) {
  const std::string widget =
      "<< /Type /Annot /Subtype /Widget /F 4 /Rect [10 10 90 30] /Parent 7 0 R /AP << /N 13 0 R >> "
      ">>";
  auto objects = fields();
  objects[kText] = "<< /FT /Tx /T (a) /V (one) /Kids [15 0 R 16 0 R] >>";
  objects[15] = widget;
  objects[16] = widget;
  const std::string base = sealed(0, form_of(objects));
  const auto changes = changes_of(
      updated(base, {{kText, replaced(object_text(base, kText), "15 0 R 16 0 R", "16 0 R 500 0 R")},
                     in_front(base, kPage, "/Annots", "500 0 R"),
                     {kFresh, widget}}),
      1);
  EXPECT_FALSE(kinds_of(changes, false).empty()) << told(changes);
  const auto larger = changes_of(
      updated(base, {{kText, replaced(object_text(base, kText), "15 0 R 16 0 R", "16 0 R 500 0 R")},
                     {kFresh, replaced(widget, "90 30", "500 700")}}),
      1);
  EXPECT_FALSE(kinds_of(larger, false).empty()) << told(larger);
}

constexpr const char* kDrawnSignature =
    "<< /Type /Annot /Subtype /Widget /F 4 /Rect [100 100 500 700] /FT /Sig /T (new) {} /AP << /N "
    "13 0 R >> /V << /Type /Sig /Filter /X /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] "
    "/Contents <00> >> >>";

std::string drawn_signature(const char* entries) {
  return replaced(kDrawnSignature, "{}", entries);
}

// /P is optional and shows nothing: what a page lists in /Annots is drawn on it.
TEST(PdfChangeFields, WhatIsDrawnIsLookedAtOnThePageThatListsIt) {
  for (const char* const page : {"", "/P 5 0 R", "/P 6 0 R", "/P 3 0 R"}) {
    SCOPED_TRACE(page);
    const auto changes = changes_of(with_new_field(sealed(), drawn_signature(page)), 1);
    expect_all_allowed(changes);
    EXPECT_TRUE(has_warning(changes)) << told(changes);
    const auto signature = std::ranges::find(changes, ChangeKind::signature, &PdfChange::kind);
    ASSERT_NE(signature, changes.end());
    EXPECT_EQ(signature->page, 0U);
  }
  // On both pages.
  const std::string base = sealed();
  const auto both =
      changes_of(updated(base, {in_front(base, 1, "/Fields", "500 0 R"),
                                in_front(base, kPage, "/Annots", "500 0 R"),
                                {kSmallPage, replaced(object_text(base, kSmallPage), "/CropBox",
                                                      "/Annots [500 0 R] /CropBox")},
                                {kFresh, drawn_signature("/P 6 0 R")}}),
                 1);
  EXPECT_TRUE(has_warning(both)) << told(both);
}

TEST(PdfChangeFields, AFieldThatIsDrawnLaterIsLookedAtOnThePageThatListsIt) {
  const std::string empty =
      "<< /Type /Annot /Subtype /Widget /F 4 /Rect [100 100 500 700] /FT /Sig /T (new) /P 6 0 R >>";
  for (const bool own_array : {false, true}) {
    SCOPED_TRACE(own_array);
    const std::string base = sealed();
    std::string added = with_new_field(base, empty);
    if (own_array) {
      const std::string page = object_text(added, kPage);
      const std::size_t start = page.find("/Annots [") + 8;
      const std::string list = page.substr(start, page.find(']', start) + 1 - start);
      added = updated(base, {in_front(base, 1, "/Fields", "500 0 R"),
                             {kPage, replaced(page, list, "600 0 R")},
                             {kFresh, empty},
                             {600, list}});
    }
    const auto changes = changes_of(updated(added, {{kFresh, drawn_signature("/P 6 0 R")}}), 1);
    expect_all_allowed(changes);
    EXPECT_TRUE(has_warning(changes)) << told(changes);
  }
}

TEST(PdfChangeFields, AFieldThatIsListedTwiceIsOne) {
  const std::string base = sealed(0, form_of(fields(), "7 0 R 7 0 R 8 0 R 11 0 R 12 0 R 8 0 R"));
  const auto changes = changes_of(signed_as(base, plain_signature()), 1);
  expect_all_allowed(changes);
  EXPECT_THAT(kinds_of(changes, true), Contains(ChangeKind::signature)) << told(changes);
  const auto filled = changes_of(edited(base, kText, "(one)", "(two)"), 1);
  expect_all_allowed(filled);
  EXPECT_EQ(std::ranges::count(kinds_of(filled, true), ChangeKind::form_field), 1) << told(filled);
}

}  // namespace
}  // namespace signet::validation
