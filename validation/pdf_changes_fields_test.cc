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

constexpr const char* kValue =
    "/V << /Type /Sig /Filter /X /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents "
    "<00> >> ";

// The field "sig" with these entries more, signed or not.
std::string with_entries(const std::string& bytes, const std::string& entries, bool is_signed) {
  return edited(bytes, kSignature, "/T (sig)",
                "/T (sig) " + entries + " " + (is_signed ? kValue : ""));
}

TEST(PdfChangeFields, SigningMayNameThePageAndLockFields) {
  const std::string base = sealed();
  for (const char* const entries :
       {"/P 5 0 R", "/Type /Annot", "/Lock << /Action /All >>",
        "/P 5 0 R /Type /Annot /Lock << /Action /Include /Fields [(a)] /P 1 >>"}) {
    SCOPED_TRACE(entries);
    const auto changes = changes_of(with_entries(base, entries, true), 1);
    expect_all_allowed(changes);
    EXPECT_THAT(kinds_of(changes, true), Contains(ChangeKind::signature)) << told(changes);
  }
  expect_forbidden(changes_of(with_entries(base, "/P 6 0 R", true), 1), ChangeKind::form_field);
  expect_forbidden(changes_of(with_entries(base, "/SV << >>", true), 1), ChangeKind::form_field);
  // Where nobody signs, there is no need for any of it.
  expect_forbidden(changes_of(with_entries(base, "/P 5 0 R", false), 1), ChangeKind::form_field);
  expect_forbidden(changes_of(with_entries(base, "/Lock << /Action /All >>", false), 1),
                   ChangeKind::form_field);
  // What the lock forbids holds.
  const std::string locked = with_entries(base, "/Lock << /Action /All >>", true);
  expect_forbidden(changes_of(edited(locked, kText, "(one)", "(two)"), 1), ChangeKind::form_field);
}

TEST(PdfChangeFields, SigningLeavesALockAndAPageAsTheyAre) {
  auto objects = fields();
  objects[kSignature] =
      replaced(objects[kSignature], "/T (sig)", "/Lock << /Action /All >> /P 5 0 R /T (sig)");
  const std::string base = sealed(0, form_of(objects));
  for (const auto& [from, to] : std::map<std::string, std::string>{
           {"/Lock << /Action /All >>", ""}, {"/All", "/Exclude"}, {"/P 5 0 R", "/P 6 0 R"}}) {
    SCOPED_TRACE(to);
    const std::string text = replaced(object_text(base, kSignature), from, to);
    expect_forbidden(
        changes_of(updated(base, {{kSignature,
                                   replaced(text, "/T (sig)", std::string("/T (sig) ") + kValue)}}),
                   1),
        ChangeKind::form_field);
  }
}

// A signature that is not shown (PDFBox writes these).
TEST(PdfChangeFields, SigningMayTakeAFieldsAreaAway) {
  const auto signed_at = [](const char* rectangle, const char* entries) {
    const std::string base = sealed();
    const std::string text = replaced(object_text(base, kSignature), "[ 10 10 90 30 ]", rectangle);
    return changes_of(
        updated(base, {{kSignature, replaced(text, "/T (sig)",
                                             fmt::format("/T (sig) {} {}", entries, kValue))}}),
        1);
  };
  expect_all_allowed(signed_at("[0 0 0 0]", "/AP << /N 14 0 R >>"));
  expect_all_allowed(signed_at("[0 0 0 0]", ""));
  expect_forbidden(signed_at("[0 0 0 0]", "/AP << /N 13 0 R >>"), ChangeKind::form_field);
  expect_forbidden(signed_at("[10 10 90 10]", "/AP << /N 14 0 R >>"), ChangeKind::form_field);
  expect_forbidden(signed_at("[10 10 90 31]", "/AP << /N 14 0 R >>"), ChangeKind::form_field);
}

// The field that holds the first signature.
int sealed_field(const std::string& bytes) {
  const std::size_t object = bytes.rfind(" 0 obj", bytes.find("SignetSeal1"));
  return std::stoi(bytes.substr(bytes.rfind('\n', object) + 1));
}

TEST(PdfChangeFields, FieldsOfEveryKindMayBecomeReadOnly) {
  const auto locked = [](const std::string& bytes, int field, int flags) {
    return edited(bytes, field, " /T (", fmt::format(" /Ff {} /T (", flags));
  };
  for (const int certify : {0, 1, 2, 3}) {
    SCOPED_TRACE(certify);
    const std::string base = sealed(certify);
    for (const int field : {kText, kGroup, kInGroup, kSignature, sealed_field(base)}) {
      SCOPED_TRACE(field);
      const auto changes = changes_of(locked(base, field, 1), 1);
      if (certify == 1) {
        expect_forbidden(changes, ChangeKind::form_field);
      } else {
        expect_all_allowed(changes);
        EXPECT_THAT(kinds_of(changes, true), Contains(ChangeKind::form_field)) << told(changes);
      }
      EXPECT_FALSE(kinds_of(changes_of(locked(base, field, 3), 1), false).empty());
    }
  }
  // Locks are about what is filled in: a field that is locked may say so.
  const std::string base = with_entries(sealed(), "/Lock << /Action /All >>", true);
  for (const int field : {kText, kGroup, kInGroup, sealed_field(base)})
    expect_all_allowed(changes_of(locked(base, field, 1), 1));
  expect_forbidden(changes_of(edited(locked(base, kText, 1), kText, "(one)", "(two)"), 1),
                   ChangeKind::form_field);
}

TEST(PdfChangeFields, FlagsThatWereInheritedStay) {
  auto objects = fields();
  objects[kGroup] = replaced(objects[kGroup], "/T (b)", "/T (b) /Ff 8192");
  const std::string base = sealed(0, form_of(objects));
  expect_all_allowed(changes_of(edited(base, kInGroup, "/T (c)", "/T (c) /Ff 8193"), 1));
  // The value would be shown.
  expect_forbidden(changes_of(edited(base, kInGroup, "/T (c)", "/T (c) /Ff 1"), 1),
                   ChangeKind::form_field);
}

TEST(PdfChangeFields, WidgetsMayBeLockedAndPrinted) {
  const auto flags = [](int before, int after) {
    auto objects = fields();
    objects[kText] = replaced(objects[kText], "/F 4", fmt::format("/F {}", before));
    const std::string base = sealed(0, form_of(objects));
    return changes_of(
        edited(base, kText, fmt::format("/F {} ", before), fmt::format("/F {} ", after)), 1);
  };
  expect_all_allowed(flags(4, 4 + 128));
  expect_all_allowed(flags(0, 4 + 128 + 512));
  expect_all_allowed(flags(32, 32 + 128));
  expect_forbidden(flags(4, 0), ChangeKind::form_field);
  expect_forbidden(flags(4, 4 + 2), ChangeKind::form_field);
  expect_forbidden(flags(4, 4 + 32), ChangeKind::form_field);
  // What no screen shows would be on paper.
  expect_forbidden(flags(32, 32 + 4), ChangeKind::form_field);
  expect_forbidden(changes_of(edited(sealed(1), kText, "/F 4 ", "/F 132 "), 1),
                   ChangeKind::form_field);
  const std::string locked = with_entries(sealed(), "/Lock << /Action /All >>", true);
  expect_forbidden(changes_of(edited(locked, kText, "/F 4 ", "/F 132 "), 1),
                   ChangeKind::form_field);
}

// Field 7 with these entries, then with those.
std::vector<PdfChange> refilled(const std::string& before, const std::string& after) {
  auto objects = fields();
  objects[kText] = fmt::format("<< {} /P 5 0 R /T (a) {} >>", kFieldWidget, before);
  const std::string base = sealed(0, form_of(objects));
  return changes_of(
      updated(base, {{kText, fmt::format("<< {} /P 5 0 R /T (a) {} >>", kFieldWidget, after)}}), 1);
}

TEST(PdfChangeFields, FillingMayTakeWhatAppearancesAreMadeFrom) {
  const std::string one = "/FT /Tx /V (one) ", two = "/FT /Tx /V (two) ";
  const std::string choice = "/FT /Ch /Opt [(one) (two)] /V (one) ",
                    chosen = "/FT /Ch /Opt [(one) (two)] /V (two) ";
  for (const char* const entry : {"/MK << /R 90 /BG [1] /BC [0] >>", "/Q 1"}) {
    SCOPED_TRACE(entry);
    expect_all_allowed(refilled(one, two + entry));
    expect_all_allowed(refilled(one + entry, two));
    expect_all_allowed(refilled(choice, chosen + entry));
    expect_forbidden(refilled(one, one + entry), ChangeKind::form_field);
    expect_forbidden(refilled(choice, choice + entry), ChangeKind::form_field);
  }
  expect_all_allowed(refilled(choice, chosen + "/TI 1"));
  expect_forbidden(refilled(choice, choice + "/TI 1"), ChangeKind::form_field);
  expect_forbidden(refilled(one, two + "/TI 1"), ChangeKind::form_field);
  // Firefox keeps of /MK what it knows.
  const std::string off = "/FT /Btn /V /Off /AS /Off ", on = "/FT /Btn /V /On /AS /On ";
  expect_all_allowed(refilled(off + "/MK << /CA (4) /BG [1] >>", on + "/MK << /BG [1] >>"));
  expect_forbidden(refilled(off, on + "/Q 1"), ChangeKind::form_field);
  // Captions and icons say something by themselves.
  for (const char* const entry : {"/CA (9)", "/RC (9)", "/AC (9)", "/I 13 0 R", "/RI 13 0 R",
                                  "/IX 13 0 R", "/IF << >>", "/TP 1", "/Other 1"}) {
    SCOPED_TRACE(entry);
    const std::string look = fmt::format("/MK << {} >>", entry);
    expect_forbidden(refilled(one, two + look), ChangeKind::form_field);
    expect_forbidden(refilled(off, on + look), ChangeKind::form_field);
    expect_forbidden(refilled(off + "/MK << /CA (4) >>", on + look), ChangeKind::form_field);
  }
  expect_forbidden(refilled(one, two + "/MK 9"), ChangeKind::form_field);
}

// ISO 32000-2, 12.7.5.2.2: it keeps no value, so none can be filled in.
TEST(PdfChangeFields, PushButtonsAreNotFilledIn) {
  const std::string button = "/FT /Btn /Ff 65536 /AP << /N 14 0 R >> ";
  expect_forbidden(refilled(button, button + "/V (x)"), ChangeKind::form_field);
  const std::string other = "/FT /Btn /Ff 65536 /V (x) /AP << /N 13 0 R >> ";
  EXPECT_FALSE(kinds_of(refilled(button, other), false).empty());
  expect_forbidden(refilled(button, button + "/V (x) /MK << /BG [1] >>"), ChangeKind::form_field);
}

TEST(PdfChangeFields, AWidgetMaySayThatItIsAnAnnotation) {
  const std::string base = sealed(1);
  const auto changes = changes_of(edited(base, kSignature, "/T (", "/Type /Annot /T ("), 1);
  expect_all_allowed(changes);
  EXPECT_THAT(kinds_of(changes, true), testing::Not(Contains(ChangeKind::form_field)));
  expect_forbidden(changes_of(edited(base, kSignature, "/T (", "/Type /Other /T ("), 1),
                   ChangeKind::form_field);
}

}  // namespace
}  // namespace signet::validation
