// Where visible seals go in documents: the page of a field, fields that nobody sees, and the metadata that a look heeds.
#include "pdf/visible_seal.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "pdf/testing/sealed_document.h"

namespace signet::pdf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SignatureWish visible_wish(const std::string& field) {
  SignatureWish wish = plain_wish();
  wish.field = field;
  look::Look look;
  look.background_colour = look::parse_colour("#eef3fa");
  wish.visible = VisibleSeal{std::make_shared<const look::Look>(look), {}, 1, {}};
  return wish;
}

// Its field "office" has these entries.
std::string with_widget(const std::string& entries) {
  MadeDocument made;
  const int field = made.first_free();
  made.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", field);
  made.page = fmt::format("/Annots [{} 0 R]", field);
  made.objects[field] =
      "<< /Type /Annot /Subtype /Widget /FT /Sig /T (office) /Rect [10 20 110 60] " + entries +
      " >>";
  return made.make();
}

TEST(VisibleSeals, InFieldsThatNobodySeesGetARemark) {
  const SignatureWish wish = visible_wish("office");
  EXPECT_THAT(remarks(with_widget("/F 4"), wish), IsEmpty());
  EXPECT_THAT(remarks(with_widget(""), wish), IsEmpty());
  EXPECT_THAT(remarks(with_widget("/F 2"), wish),
              ElementsAre(HasSubstr("the field \"office\" is hidden")));
  EXPECT_THAT(remarks(with_widget("/F 134"), wish), ElementsAre(HasSubstr("is hidden")));
  EXPECT_THAT(remarks(with_widget("/F 36"), wish), ElementsAre(HasSubstr("not shown on screens")));
  for (const char* const page : {"", " /P 5 0 R"})
    EXPECT_THAT(
        remarks(replaced(with_widget(fmt::format("/F 4{}", page)), "/Annots [", "/Other [ "), wish),
        ElementsAre(HasSubstr("on no page that lists it")));
  SignatureWish invisible = plain_wish();
  invisible.field = "office";
  EXPECT_THAT(remarks(with_widget("/F 2"), invisible), IsEmpty());
}

// Its field "office" has so many widgets, one of them of another size.
std::string with_widgets(int count) {
  MadeDocument made;
  const int field = made.first_free();
  made.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", field);
  std::string kids;
  for (int at = 1; at <= count; ++at) {
    kids += fmt::format("{} 0 R ", field + at);
    made.objects[field + at] = fmt::format(
        "<< /Type /Annot /Subtype /Widget /Parent {} 0 R /P 5 0 R /F 4 /Rect [10 {} {} "
        "{}] >>",
        field, at, at == 1 ? 90 : 110, at + 40);
  }
  made.objects[field] = fmt::format("<< /FT /Sig /T (office) /Kids [{}] >>", kids);
  made.page = fmt::format("/Annots [{}]", kids);
  return made.make();
}

TEST(VisibleSeals, AreDrawnOnceForWidgetsOfOneSize) {
  for (const bool visible : {false, true}) {
    SignatureWish wish = visible_wish("office");
    if (!visible) wish.visible.reset();
    const std::string bytes = with_widgets(30);
    const auto out = sealed(bytes, wish);
    ASSERT_TRUE(out) << out.error().sentence;
    expect_good(bytes, out.value(), "office");
    const std::string update = added(bytes, out.value());
    std::size_t forms = 0;
    std::size_t looks = 0;
    for (std::size_t at = 0; (at = update.find("/BBox", at)) != std::string::npos; ++at) ++forms;
    for (std::size_t at = 0; (at = update.find("/AP <<", at)) != std::string::npos; ++at) ++looks;
    EXPECT_EQ(forms, 2U);
    EXPECT_EQ(looks, 30U);
  }
}

TEST(VisibleSeals, InFieldsOfTooManyWidgetsAreRefused) {
  EXPECT_TRUE(sealed(with_widgets(1000), visible_wish("office")));
  EXPECT_THAT(refusal(with_widgets(1001), ErrorKind::forbidden, visible_wish("office")),
              HasSubstr("1000 widgets"));
}

TEST(VisibleSeals, InFieldsWithoutAnExtentAreRefused) {
  const std::string flat = replaced(with_widget("/F 4"), "[10 20 110 60]", "[10 20 10 60]  ");
  EXPECT_THAT(refusal(flat, ErrorKind::settings, visible_wish("office")), HasSubstr("0 x 40"));
}

TEST(VisibleSeals, CountPagesOnlyWhereThatIsWanted) {
  SignatureWish wish = visible_wish("office");
  const std::string wrong =
      replaced(with_widget("/F 4 /P 5 0 R"), "/Parent 2 0 R", "/Parent 1 0 R");
  const auto planned = [&] {
    const auto document = Document::open(Source::of(view_of(wrong)));
    return plan_signature(*document.value(), wish);
  };
  const auto without = planned();
  ASSERT_TRUE(without) << without.error().sentence;
  EXPECT_FALSE(without.value().page);
  wish.wants_page = true;
  EXPECT_THAT(planned().error().sentence, HasSubstr("no child of its parent"));
  const std::string good = with_widget("/F 4 /P 5 0 R");
  const auto document = Document::open(Source::of(view_of(good)));
  EXPECT_EQ(plan_signature(*document.value(), wish).value().page, std::size_t{0});
}

// The page that lists the widget of "office", which does not name its page.
QPDFObjectHandle found_page(Document& document) {
  const auto form = Form::read(document);
  return page_of(document, form.value().find("office")->widgets.front()).value();
}

TEST(VisibleSeals, FindTheFirstPageThatListsAField) {
  for (const bool nested : {false, true}) {
    MadeDocument made;
    made.pages = 40;
    made.nested_pages = nested;
    const int field = made.first_free();
    made.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", field);
    made.last_page = fmt::format("/Annots [{} 0 R]", field);
    made.objects[field] = "<< /Subtype /Widget /FT /Sig /T (office) /Rect [10 20 110 60] >>";
    const std::string bytes = made.make();
    const auto document = Document::open(Source::of(view_of(bytes))).value();
    EXPECT_EQ(found_page(*document).getObjectID(), made.first_page() + 39);
  }
}

// Page trees that lead back to themselves would be walked for ever, and wide ones would be read as a whole.
TEST(VisibleSeals, GiveUpOnPageTreesWithoutAnEnd) {
  MadeDocument made;
  const int field = made.first_free();
  made.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", field);
  made.objects[field] = "<< /Subtype /Widget /FT /Sig /T (office) /Rect [10 20 110 60] >>";
  std::string kids = "/Kids [";
  for (int at = 0; at < 50'000; ++at) kids += "2 0 R ";
  const std::string tree = "<< /Type /Pages /Count 50000 " + kids + "] >>";
  const std::string bytes = updated(made.make(), {{2, tree}});
  const auto opened = Document::open(Source::of(view_of(bytes)));
  ASSERT_TRUE(opened) << opened.error().sentence;
  EXPECT_TRUE(found_page(*opened.value()).isNull());
}

std::string deflated_text(const std::string& plain) {
  uLongf size = compressBound(plain.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size,
            reinterpret_cast<const Bytef*>(plain.data()), plain.size(), 9);
  out.resize(size);
  return out;
}

TEST(Metadata, AreReadWithOneFilterAndUpToABound) {
  const auto metadata = [](const std::string& filter, const std::string& data) {
    MadeDocument made;
    const int number = made.first_free();
    made.catalog = fmt::format("/Metadata {} 0 R", number);
    made.objects[number] =
        fmt::format("<< /Type /Metadata /Subtype /XML {} /Length {} >>\nstream\n{}\nendstream",
                    filter, data.size(), data);
    const std::string bytes = made.make();
    const auto document = Document::open(Source::of(view_of(bytes))).value();
    return document->metadata().value().size();
  };
  const std::string text(1000, 'x');
  const std::string once = deflated_text(text);
  EXPECT_EQ(metadata("", text), 1000U);
  EXPECT_EQ(metadata("/Filter /FlateDecode", once), 1000U);
  EXPECT_EQ(metadata("/Filter [/FlateDecode]", once), 1000U);
  EXPECT_EQ(metadata("/Filter [/FlateDecode /FlateDecode]", deflated_text(once)), 0U);
  EXPECT_EQ(metadata("/Filter /ASCIIHexDecode", "41>"), 0U);
}

}  // namespace
}  // namespace signet::pdf
