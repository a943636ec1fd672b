// What DocMDP, FieldMDP and locks permit, of signatures and of those that came between; what forms and structures may take.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "pdf/testing/pdf_maker.h"
#include "validation/testing/changed_documents.h"
#include "validation/testing/seen_changes.h"

namespace signet::validation {
namespace {

using pdf::MadeDocument;
using pdf::replaced;
using pdf::updated;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

// Text fields "a" (6) and "b.c" (8, below 7), and a signature field "sig" (9) with these entries.
std::string form_with(const std::string& signature_entries, const std::string& form_entries = "",
                      const std::string& catalog = "") {
  MadeDocument wish;
  wish.catalog =
      fmt::format("/AcroForm << /Fields [6 0 R 7 0 R 9 0 R] {} >> {}", form_entries, catalog);
  wish.page = "/Annots [6 0 R 8 0 R 9 0 R]";
  const char* const kWidget = "/Type /Annot /Subtype /Widget /F 4 /P 5 0 R /Rect [10 10 90 30]";
  wish.objects[6] = fmt::format("<< {} /FT /Tx /T (a) /V (one) >>", kWidget);
  wish.objects[7] = "<< /T (b) /Kids [8 0 R] >>";
  wish.objects[8] = fmt::format("<< {} /FT /Tx /T (c) /Parent 7 0 R /V (one) >>", kWidget);
  wish.objects[9] = fmt::format("<< {} /FT /Sig /T (sig) {} >>", kWidget, signature_entries);
  return wish.make();
}

std::string signed_in_field(const std::string& bytes) {
  pdf::SignatureWish wish = plain_signature();
  wish.field = "sig";
  return signed_as(bytes, wish);
}

std::string filled(const std::string& bytes, int field) {
  return edited(bytes, field, "(one)", "(two)");
}

// Whether filling the field is allowed after a signature with this lock.
bool may_fill(const std::string& lock, int field) {
  const auto changes = changes_of(
      filled(signed_in_field(form_with("/Lock << /Type /SigFieldLock " + lock + " >>")), field), 1,
      "sig");
  EXPECT_THAT(kinds_of(changes, kinds_of(changes, false).empty()), Contains(ChangeKind::form_field))
      << told(changes);
  return kinds_of(changes, false).empty();
}

TEST(PdfChangeRules, FieldsAreLockedByFullNames) {
  EXPECT_FALSE(may_fill("/Action /All", 6));
  EXPECT_FALSE(may_fill("/Action /Include /Fields [(a)]", 6));
  EXPECT_TRUE(may_fill("/Action /Include /Fields [(a)]", 8));
  EXPECT_FALSE(may_fill("/Action /Include /Fields [(b)]", 8));
  EXPECT_FALSE(may_fill("/Action /Include /Fields [(b.c)]", 8));
  EXPECT_TRUE(may_fill("/Action /Include /Fields [(b.cc) (c)]", 8));
  EXPECT_TRUE(may_fill("/Action /Exclude /Fields [(b)]", 8));
  EXPECT_FALSE(may_fill("/Action /Exclude /Fields [(b)]", 6));
  EXPECT_FALSE(may_fill("/Action /Exclude", 6));
  EXPECT_FALSE(may_fill("/Action /Unknown /Fields [(b)]", 6));
}

TEST(PdfChangeRules, ALockMayForbidEverything) {
  EXPECT_FALSE(may_fill("/Action /Include /Fields [(x)] /P 1", 6));
  EXPECT_TRUE(may_fill("/Action /Include /Fields [(x)] /P 2", 6));
  EXPECT_FALSE(may_fill("/Action /Include /Fields [(x)] /P 9", 6));
  EXPECT_FALSE(may_fill("/Action /Include /Fields [(x)] /P /x", 6));
}

TEST(PdfChangeRules, TimeStampsAndValidationDataPassEveryLock) {
  const std::string sealed = signed_in_field(form_with("/Lock << /Action /All /P 1 >>"));
  expect_all_allowed(changes_of(signed_as(sealed, plain_time_stamp()), 1, "sig"));
}

TEST(PdfChangeRules, SignaturesBetweenForbidWhatCameAfterThem) {
  const std::string first =
      signed_as(form_with("/Lock << /Action /Include /Fields [(a)] >>"), plain_signature());
  const std::string second = signed_in_field(filled(first, 6));
  const auto good = changes_of(second, 1);
  expect_all_allowed(good);
  const auto changes = changes_of(filled(replaced(second, "(two)", "(one)"), 6), 1);
  ASSERT_FALSE(changes.empty());
  EXPECT_FALSE(changes.back().allowed) << told(changes);
  EXPECT_EQ(changes.back().field, "a");
  EXPECT_THAT(text_of(*changes.back().rule, Language::english), HasSubstr("sig locks the field a"));
  EXPECT_THAT(text_of(*changes.back().rule, Language::czech), HasSubstr("zamyká"));
}

std::vector<PdfChange> after_update(const std::string& base,
                                    const std::function<std::string(const std::string&)>& change) {
  return changes_of(change(signed_as(base, plain_signature())), 1);
}

bool allowed_after(const std::string& base,
                   const std::function<std::string(const std::string&)>& change, ChangeKind kind) {
  const auto changes = after_update(base, change);
  const bool allowed = kinds_of(changes, false).empty();
  EXPECT_THAT(kinds_of(changes, allowed), Contains(kind)) << told(changes);
  return allowed;
}

TEST(PdfChangeRules, TheFormTakesWhatFillingNeeds) {
  const auto edit = [](int object, const char* from, const char* to) {
    return [=](const std::string& in) { return edited(in, object, from, to); };
  };
  using Kind = ChangeKind;
  const std::string plain = form_with("");
  EXPECT_TRUE(
      allowed_after(plain, edit(1, "/Fields", "/NeedAppearances true /Fields"), Kind::form_field));
  EXPECT_TRUE(allowed_after(plain, edit(1, "/Fields", "/DA (/F 0 Tf) /Fields"), Kind::form_field));
  EXPECT_TRUE(allowed_after(plain, edit(1, "/Fields", "/DR << /Font << /F 4 0 R >> >> /Fields"),
                            Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(1, "/SigFlags 3", "/SigFlags 1"), Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(1, "/Fields", "/CO [ 6 0 R ] /Fields"), Kind::form_field));
  const std::string full =
      form_with("", "/DA (/F 0 Tf) /DR << /Font << /F << /Type /Font >> >> >>");
  EXPECT_FALSE(allowed_after(full, edit(1, "(/F 0 Tf)", "(/F 9 Tf)"), Kind::form_field));
  EXPECT_FALSE(allowed_after(full, edit(1, "/Type /Font", "/Type /Fond"), Kind::resource));
  EXPECT_TRUE(
      allowed_after(full, edit(1, "/F <<", "/G << /Type /Font >> /F <<"), Kind::form_field));
  EXPECT_FALSE(allowed_after(full, edit(1, "/AcroForm", "/AcroFrom"), Kind::form_field));
}

// Writers add them with a time-stamp too; but what viewers draw with is seen.
TEST(PdfChangeRules, ResourcesOfTheFormAreAddedUnderEveryCertification) {
  for (const bool drawn : {false, true}) {
    const std::string base = form_with("", drawn ? "/NeedAppearances true" : "");
    for (const char* const entry : {"/DA (/F 0 Tf)", "/DR << /Font << /F 4 0 R >> >>"}) {
      const std::string sealed = signed_as(base, plain_signature(1));
      const auto changes =
          changes_of(edited(sealed, 1, "/Fields", std::string(entry) + " /Fields"), 1);
      EXPECT_EQ(kinds_of(changes, false).empty(), !drawn) << told(changes);
    }
  }
}

// As PDFBox does with each visible signature.
TEST(PdfChangeRules, DrawingsAmongTheResourcesOfTheFormMayBeReplaced) {
  const std::string base =
      form_with("", "/DR << /XObject << /FRM 3 0 R >> /Font << /F 4 0 R >> >>");
  const auto replaced_one = [&](int certify, const char* from, const char* to) {
    return changes_of(edited(signed_as(base, plain_signature(certify)), 1, from, to), 1);
  };
  const auto changes = replaced_one(0, "/FRM 3 0 R", "/FRM 4 0 R");
  expect_all_allowed(changes);
  EXPECT_TRUE(
      std::ranges::any_of(changes, [](const auto& one) { return one.warning.has_value(); }));
  EXPECT_FALSE(kinds_of(replaced_one(1, "/FRM 3 0 R", "/FRM 4 0 R"), false).empty());
  EXPECT_FALSE(kinds_of(replaced_one(0, "/F 4 0 R", "/F 3 0 R"), false).empty());
}

TEST(PdfChangeRules, WhatNobodySeesMayBeChanged) {
  const std::string plain = form_with("");
  EXPECT_TRUE(allowed_after(
      plain, [](const auto& in) { return edited(in, 2, "/Type", "/ITXT (5.5) /Type"); },
      ChangeKind::metadata));
  EXPECT_FALSE(allowed_after(
      plain, [](const auto& in) { return edited(in, 2, "/Type", "/Rotate 90 /Type"); },
      ChangeKind::page_tree));
  EXPECT_TRUE(allowed_after(
      plain,
      [](const auto& in) {
        return edited(in, 1, "/Type /Catalog",
                      "/MarkInfo << /LetterspaceFlags 0 >> /Type /Catalog");
      },
      ChangeKind::metadata));
}

TEST(PdfChangeRules, BothIdentifiersMayBeNew) {
  const std::string sealed = signed_as(form_with(""), plain_signature());
  const std::string later = replaced(updated(sealed, {{4, object_text(sealed, 4)}}), "trailer\n<< ",
                                     "trailer\n<< /ID [<00> <01>] ");
  const auto changes = changes_of(later, 1);
  expect_all_allowed(changes);
  EXPECT_THAT(told(changes), HasSubstr("first identifier"));
}

// PDFBox makes objects of annotations that were written into the array.
TEST(PdfChangeRules, AnnotationsMayBecomeObjectsAndBeListedTwice) {
  MadeDocument wish;
  const char* const kLink = "<< /Subtype /Link /Rect [1 2 3 4] /Border [0 0 0] >>";
  wish.page = fmt::format("/Annots [{} 6 0 R 6 0 R]", kLink);
  wish.objects[6] = "<< /Subtype /Text /Rect [5 6 7 8] >>";
  const std::string sealed = signed_as(wish.make(), plain_signature());
  const std::string page = object_text(sealed, 5);
  const auto begin = page.find("/Annots");
  const auto rewritten = [&](const std::string& link) {
    std::string annotations =
        page.substr(begin, page.find(']', page.find("6 0 R", begin)) + 1 - begin);
    const auto from = annotations.find("<<");
    const auto to = annotations.rfind(">>") + 2;
    std::string now = annotations;
    now.replace(from, to - from, "500 0 R");
    return updated(sealed, {{5, replaced(page, annotations, now)}, {500, link}});
  };
  const auto changes = changes_of(rewritten(kLink), 1);
  expect_all_allowed(changes);
  EXPECT_THAT(kinds_of(changes_of(rewritten("<< /Subtype /Link /Rect [1 2 3 5] >>"), 1), false),
              Contains(ChangeKind::annotation));
}

// What one comparison assumed on the way to a difference that did not decide must not count in another.
TEST(PdfChanges, ADifferenceInHowAStreamIsCodedIsNotTakenForEqualElsewhere) {
  MadeDocument wish;
  const int shared = wish.first_free();
  wish.pages = 1;
  wish.objects[shared] = "<< /Font << /F1 << /Type /Font /BaseFont /Times-Roman >> >> >>";
  wish.objects[shared + 1] =
      fmt::format("<< /Length 4 /DecodeParms {} 0 R >>\nstream\nq Q \nendstream", shared);
  wish.objects[shared + 2] = "null";
  std::string base = wish.make();
  base = updated(
      base, {{wish.first_page(), fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] "
                                             "/Contents {} 0 R /Resources {} 0 R >>",
                                             shared + 1, shared)}});
  const std::string sealed = signed_as(base, plain_signature());
  const auto changes = changes_of(
      updated(sealed, {{shared, "<< /Font << /F1 << /Type /Font /BaseFont /Courier >> >> >>"}}), 2);
  EXPECT_THAT(kinds_of(changes, false), Contains(ChangeKind::resource)) << told(changes);
}

TEST(PdfChangeRules, FieldsTakeNothingButWhatFillingNeeds) {
  const auto edit = [](int object, const char* from, const char* to) {
    return [=](const std::string& in) { return edited(in, object, from, to); };
  };
  using Kind = ChangeKind;
  const std::string plain = form_with("");
  EXPECT_TRUE(allowed_after(plain, edit(6, "/T (a)", "/T (a) /Ff 1"), Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(6, "/T (a)", "/T (a) /Ff 4096"), Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(6, "/T (a)", "/T (z)"), Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(6, "/F 4", "/F 6"), Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(6, "/FT /Tx", "/FT /Ch"), Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(6, "/T (a)", "/T (a) /A << /S /URI /URI (x) >>"),
                             Kind::form_field));
  EXPECT_FALSE(allowed_after(plain, edit(7, "/T (b)", "/T (b) /V (x)"), Kind::form_field));
  // A field for signatures that nobody signs is not drawn.
  EXPECT_FALSE(allowed_after(plain, edit(9, "/T (sig)", "/T (sig) /V (x)"), Kind::form_field));
  EXPECT_FALSE(
      allowed_after(plain, edit(9, "/T (sig)", "/T (sig) /AP << /N 3 0 R >>"), Kind::form_field));
}

// A comment with its element, and a link with one that gets other contents: with the annotations, and no worse than these.
TEST(PdfChangeRules, StructureTakesElementsOfNewAnnotationsWhereAnnotationsAreTaken) {
  const std::string tagged = form_with("", "", "/StructTreeRoot 12 0 R");
  const std::string base = updated(
      tagged,
      {{5, replaced(object_text(tagged, 5), "/Annots [ ", "/Annots [ 15 0 R ")},
       {12, "<< /Type /StructTreeRoot /K 13 0 R >>"},
       {13, "<< /Type /StructElem /S /Document /P 12 0 R /K [14 0 R] >>"},
       {14,
        "<< /Type /StructElem /S /Link /P 13 0 R /K << /Type /OBJR /Obj 15 0 R /Pg 5 0 R >> "
        ">>"},
       {15, "<< /Type /Annot /Subtype /Link /Rect [1 2 3 4] /Contents (one) >>"}});
  const auto changes_after = [&](int certify, const auto& change) {
    const std::string sealed = signed_as(base, plain_signature(certify));
    return changes_of(change(sealed), revisions_of(sealed) - 1);
  };
  const auto edit_link = [](const std::string& in) { return edited(in, 15, "(one)", "(two)"); };
  const auto add_comment = [](const std::string& in) {
    return updated(
        in,
        {{5, replaced(object_text(in, 5), "/Annots [ ", "/Annots [ 500 0 R ")},
         {500, "<< /Type /Annot /Subtype /Text /Rect [5 6 7 8] >>"},
         {13, replaced(object_text(in, 13), " ]", " 501 0 R ]")},
         {501,
          "<< /Type /StructElem /S /Annot /P 13 0 R /K << /Type /OBJR /Obj 500 0 R /Pg 5 0 R >> "
          ">>"}});
  };
  expect_all_allowed(changes_after(3, edit_link));
  expect_all_allowed(changes_after(3, add_comment));
  EXPECT_THAT(kinds_of(changes_after(3, add_comment), true), Contains(ChangeKind::structure));
  EXPECT_THAT(kinds_of(changes_after(2, add_comment), false), Contains(ChangeKind::structure));
  EXPECT_THAT(kinds_of(changes_after(2, edit_link), false), ElementsAre(ChangeKind::annotation));
}

TEST(PdfChangeRules, XfaTakesDataAlone) {
  const std::string xfa = form_with("", "/XFA [(template) 10 0 R (datasets) 11 0 R]");
  const std::string with = updated(xfa, {{10, "<< /Length 4 >>\nstream\nform\nendstream"},
                                         {11, "<< /Length 4 >>\nstream\ndata\nendstream"}});
  pdf::SignatureWish wish = plain_signature();
  wish.ignore_xfa = true;
  const std::string sealed = signed_as(with, wish);
  const std::string other = "<< /Length 5 >>\nstream\nother\nendstream";
  const auto data = changes_of(updated(sealed, {{11, other}}), 2);
  expect_all_allowed(data);
  EXPECT_THAT(kinds_of(data, true), Contains(ChangeKind::form_field));
  EXPECT_THAT(kinds_of(changes_of(updated(sealed, {{10, other}}), 2), false),
              ElementsAre(ChangeKind::catalog));
}

TEST(PdfChangeRules, StructureTakesElementsOfNewFieldsAlone) {
  const std::string tagged =
      form_with("", "", "/MarkInfo << /Marked true >> /StructTreeRoot 12 0 R");
  const std::string base =
      updated(tagged, {{12,
                        "<< /Type /StructTreeRoot /K 13 0 R /ParentTree << /Nums [0 13 0 R] >> "
                        "/ParentTreeNextKey 1 >>"},
                       {13, "<< /Type /StructElem /S /Document /P 12 0 R /K [14 0 R] >>"},
                       {14, "<< /Type /StructElem /S /P /P 13 0 R /Pg 5 0 R /K 0 >>"}});
  pdf::SignatureWish wish = plain_signature();
  wish.field = "sig";
  const std::string sealed = signed_as(base, wish);
  const std::size_t covered = revisions_of(sealed) - 1;
  const auto with_element = [&](const std::string& element, const std::string& root) {
    return updated(sealed,
                   {{1, replaced(object_text(sealed, 1), "/Fields [ ", "/Fields [ 500 0 R ")},
                    {5, replaced(object_text(sealed, 5), "/Annots [ ", "/Annots [ 500 0 R ")},
                    {500,
                     "<< /Type /Annot /Subtype /Widget /FT /Sig /T (new) /Rect [0 0 0 0] /F 132 /P "
                     "5 0 R /StructParent 77 >>"},
                    {12, replaced(object_text(sealed, 12), "/ParentTreeNextKey",
                                  root + " /ParentTreeNextKey")},
                    {13, replaced(object_text(sealed, 13), " ]", " 501 0 R ]")},
                    {501, element}});
  };
  const std::string element =
      "<< /Type /StructElem /S /Form /P 13 0 R /K << /Type /OBJR /Obj 500 0 R /Pg 5 0 R >> >>";
  const auto good = changes_of(with_element(element, ""), covered, "sig");
  expect_all_allowed(good);
  EXPECT_THAT(kinds_of(good, true), Contains(ChangeKind::structure)) << told(good);
  const auto expect_forbidden = [&](const std::string& bytes) {
    const auto changes = changes_of(bytes, covered, "sig");
    EXPECT_THAT(kinds_of(changes, false), Contains(ChangeKind::structure)) << told(changes);
  };
  expect_forbidden(with_element("<< /Type /StructElem /S /P /P 13 0 R /Pg 5 0 R /K 1 >>", ""));
  expect_forbidden(with_element(replaced(element, "500 0 R", "6 0 R"), ""));
  expect_forbidden(with_element(element, "/RoleMap << /P /H1 >>"));
  expect_forbidden(updated(sealed, {{14, replaced(object_text(sealed, 14), "/S /P", "/S /H1")}}));
  expect_forbidden(edited(sealed, 13, "14 0 R", "14 0 R 14 0 R"));
}

// A radio group whose buttons are on two pages, and two fields that share one value.
TEST(PdfChangeRules, FieldsOfManyWidgetsAreFilledAsOne) {
  MadeDocument wish;
  wish.pages = 2;
  const int group = wish.first_free();
  wish.catalog =
      fmt::format("/AcroForm << /Fields [{} 0 R {} 0 R {} 0 R] >>", group, group + 3, group + 4);
  wish.page = fmt::format("/Annots [{} 0 R {} 0 R]", group + 1, group + 3);
  wish.last_page = fmt::format("/Annots [{} 0 R {} 0 R]", group + 2, group + 4);
  const auto button = [&](int page, const char* state) {
    return fmt::format(
        "<< /Type /Annot /Subtype /Widget /Parent {} 0 R /P {} 0 R /Rect [0 0 9 9] /AS /{} /AP << "
        "/N << /On {} 0 R >> >> >>",
        group, wish.first_page() + page, state, group + 6);
  };
  wish.objects[group] = fmt::format(
      "<< /FT /Btn /Ff 32768 /T (group) /V /Off /Kids [{} 0 R {} 0 R] >>", group + 1, group + 2);
  wish.objects[group + 1] = button(0, "Off");
  wish.objects[group + 2] = button(1, "Off");
  for (const int at : {3, 4})
    wish.objects[group + at] = fmt::format(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (shared{}) /V {} 0 R /Rect [0 0 9 9] >>", at,
        group + 5);
  wish.objects[group + 5] = "(one)";
  wish.objects[group + 6] = "<< /Subtype /Form /BBox [0 0 9 9] /Length 1 >>\nstream\nn\nendstream";
  const std::string sealed = signed_as(wish.make(), plain_signature());

  const auto chosen = changes_of(
      updated(sealed, {{group, replaced(object_text(sealed, group), "/V /Off", "/V /On")},
                       {group + 2, button(1, "On")}}),
      1);
  expect_all_allowed(chosen);
  ASSERT_THAT(kinds_of(chosen, true), Contains(ChangeKind::form_field)) << told(chosen);

  const auto shown_alone = changes_of(updated(sealed, {{group + 2, button(1, "On")}}), 1);
  EXPECT_THAT(kinds_of(shown_alone, false), ElementsAre(ChangeKind::form_field))
      << told(shown_alone);

  const auto shared = changes_of(updated(sealed, {{group + 5, "(two)"}}), 1);
  expect_all_allowed(shared);
  EXPECT_EQ(std::ranges::count(kinds_of(shared, true), ChangeKind::form_field), 2) << told(shared);

  const auto one_more = changes_of(
      updated(
          sealed,
          {{group, replaced(object_text(sealed, group), " ]", fmt::format(" {} 0 R ]", group + 7))},
           {group + 7, button(0, "On")},
           {wish.first_page(), replaced(object_text(sealed, wish.first_page()), "/Annots [ ",
                                        fmt::format("/Annots [ {} 0 R ", group + 7))}}),
      1);
  EXPECT_FALSE(kinds_of(one_more, false).empty()) << told(one_more);
}

// Readers that know no cross-reference streams would see one content, others another one.
TEST(PdfChangeRules, AHybridUpdateThatContradictsItselfIsSeen) {
  const std::string sealed = signed_as(form_with(""), plain_signature());
  const std::string content = "<< /Length 7 >>\nstream\n(other)\nendstream";
  std::string out = sealed;
  const std::size_t one = out.size();
  out += fmt::format("4 0 obj\n{}\nendobj\n", object_text(sealed, 4));
  const std::size_t two = out.size();
  out += fmt::format("4 0 obj\n{}\nendobj\n", content);
  const std::size_t stream = out.size();
  std::string row("\x01", 1);
  for (int at = 3; at >= 0; --at) row += static_cast<char>(two >> (8 * at) & 0xFF);
  row += std::string(2, '\0');
  out += fmt::format(
      "900 0 obj\n<< /Type /XRef /W [1 4 2] /Index [4 1] /Size 901 /Length 7 "
      ">>\nstream\n{}\nendstream\nendobj\n",
      row);
  const auto changes =
      changes_of(with_table(out, {{4, one}}, fmt::format("/Root 1 0 R /XRefStm {}", stream)), 1);
  EXPECT_THAT(kinds_of(changes, false), Contains(ChangeKind::hidden)) << told(changes);
}

TEST(PdfChangeRules, TheVersionOnlyRises) {
  const auto edit = [](const char* from, const char* to) {
    return [=](const std::string& in) { return edited(in, 1, from, to); };
  };
  const std::string base = form_with(
      "", "", "/Version /1.7 /Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 3 >> >>");
  using Kind = ChangeKind;
  EXPECT_TRUE(allowed_after(base, edit("/Version /1.7", "/Version /2.0"), Kind::metadata));
  EXPECT_FALSE(allowed_after(base, edit("/Version /1.7", "/Version /1.4"), Kind::catalog));
  EXPECT_FALSE(allowed_after(base, edit("/Version /1.7", ""), Kind::catalog));
  EXPECT_TRUE(allowed_after(base, edit("/ExtensionLevel 3", "/ExtensionLevel 8"), Kind::metadata));
  EXPECT_FALSE(allowed_after(base, edit("/ExtensionLevel 3", "/ExtensionLevel 1"), Kind::catalog));
  EXPECT_FALSE(allowed_after(base, edit("/Extensions", "/Extensionz"), Kind::catalog));
  // A signature's extension becomes that of a security store.
  const std::string signed_once =
      form_with("", "", "/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 2 >> >>");
  EXPECT_TRUE(
      allowed_after(signed_once, edit("/ExtensionLevel 2", "/ExtensionLevel 5"), Kind::metadata));
  const std::string listed =
      form_with("", "", "/Extensions << /ESIC [ << /BaseVersion /1.7 /ExtensionLevel 2 >> ] >>");
  EXPECT_TRUE(allowed_after(
      listed, edit("2 >> ]", "2 >> << /BaseVersion /1.7 /ExtensionLevel 5 >> ]"), Kind::metadata));
  EXPECT_FALSE(
      allowed_after(listed, edit("/ExtensionLevel 2", "/ExtensionLevel 1"), Kind::catalog));
  EXPECT_FALSE(allowed_after(base,
                             edit("/Type /Catalog", "/Type /Catalog /Perms << /DocMDP 4 0 R >>"),
                             Kind::signature_changed));
}

}  // namespace
}  // namespace signet::validation
