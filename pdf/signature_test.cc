// Updates that put a signature into documents of every build: read again here and by qpdf. Whether the signatures in them
// verify is sealing's to test.
#include "pdf/signature.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/problem_documents.h"
#include "pdf/testing/sealed_document.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;
using testing::Not;
using DocumentForm = MadeDocument::Form;

void expect_sealable(const std::string& bytes, const std::string& password = {}) {
  const auto once = sealed(bytes, plain_wish(), password);
  ASSERT_TRUE(once) << once.error().sentence;
  expect_good(bytes, once.value(), "SignetSeal1", password);
  const auto twice = sealed(once.value(), plain_wish(), password);
  ASSERT_TRUE(twice) << twice.error().sentence;
  expect_good(once.value(), twice.value(), "SignetSeal1", password, once.value().size());
  expect_good(once.value(), twice.value(), "SignetSeal2", password);
}

TEST(SignatureUpdates, OfEveryFormAreWhole) {
  for (const DocumentForm form :
       {DocumentForm::table, DocumentForm::stream, DocumentForm::hybrid}) {
    MadeDocument wish;
    wish.form = form;
    const std::string bytes = wish.make();
    expect_sealable(bytes);
    const std::string update = added(bytes, sealed(bytes).value());
    EXPECT_THAT(update,
                form == DocumentForm::stream ? HasSubstr("/Type /XRef") : HasSubstr("\nxref\n"));
    EXPECT_THAT(update, Not(HasSubstr("XRefStm")));
    EXPECT_THAT(update, HasSubstr("/Info 4 0 R"));
    EXPECT_THAT(update, HasSubstr("/ExtensionLevel 2"));
    // Catalog, first page, and what is new: nothing else.
    EXPECT_THAT(update, Not(HasSubstr("\n2 0 obj")));
    EXPECT_THAT(update, Not(HasSubstr("\n3 0 obj")));
  }
}

TEST(SignatureUpdates, OddDocumentsAreContinuedAsTheyAre) {
  MadeDocument fragmented;
  fragmented.fragmented = true;
  expect_sealable(fragmented.make());
  MadeDocument open_line;
  open_line.line_end = false;
  expect_sealable(open_line.make());
  MadeDocument without_id;
  without_id.id = false;
  const std::string bytes = without_id.make();
  expect_sealable(bytes);
  EXPECT_THAT(added(bytes, sealed(bytes).value()), Not(HasSubstr("/ID")));
  MadeDocument no_previous;
  no_previous.trailer = "/Prev 0";
  expect_sealable(no_previous.make());
  expect_sealable(replaced(MadeDocument().make(), "65535 f", "65536 f"));
  MadeDocument version2;
  version2.version = "2.0";
  EXPECT_THAT(sealed(version2.make()).value(), Not(HasSubstr("/ESIC")));
}

// EN 319 142-1: level 2 for signatures, 5 where there is a security store or a document time-stamp.
TEST(SignatureUpdates, NameTheLevelOfTheirExtension) {
  const auto level_of = [](const std::string& bytes, const SignatureWish& wish) {
    const std::string update = added(bytes, sealed(bytes, wish).value());
    const std::size_t at = update.find("/ExtensionLevel ");
    return at == std::string::npos ? '-' : update[at + 16];
  };
  const auto saying = [](const std::string& extensions) {
    MadeDocument made;
    made.catalog = extensions;
    return made.make();
  };
  SignatureWish stamp = plain_wish();
  stamp.kind = SignatureKind::time_stamp;
  SignatureWish stored = plain_wish();
  stored.store.data.certificates = {Bytes(9, 'a')};
  const std::string plain = MadeDocument().make();
  EXPECT_EQ(level_of(plain, plain_wish()), '2');
  EXPECT_EQ(level_of(plain, stamp), '5');
  EXPECT_EQ(level_of(plain, stored), '5');
  EXPECT_EQ(level_of(saying("/DSS << >>"), plain_wish()), '5');
  const std::string level2 =
      saying("/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 2 /URL (u) >> >>");
  EXPECT_EQ(level_of(level2, plain_wish()), '2');
  EXPECT_EQ(level_of(level2, stamp), '5');
  EXPECT_THAT(added(level2, sealed(level2, stamp).value()), HasSubstr("/URL (u)"));
  EXPECT_EQ(level_of(sealed(plain, stamp).value(), plain_wish()), '5');
}

TEST(SignatureUpdates, KeepListsOfExtensions) {
  MadeDocument made;
  made.catalog =
      "/Extensions << /ESIC [<< /BaseVersion /1.7 /ExtensionLevel 1 >> << /BaseVersion /1.7 "
      "/ExtensionLevel 2 >>] >>";
  const std::string bytes = made.make();
  EXPECT_THAT(added(bytes, sealed(bytes).value()), HasSubstr("/ExtensionLevel 2 >>] >>"));
  SignatureWish stamp = plain_wish();
  stamp.kind = SignatureKind::time_stamp;
  EXPECT_THAT(added(bytes, sealed(bytes, stamp).value()),
              testing::ContainsRegex("/ExtensionLevel 1 .*/ExtensionLevel 2 .*/ExtensionLevel 5"));
}

TEST(SignatureUpdates, TakeNumbersThatNothingHas) {
  for (const DocumentForm form : {DocumentForm::table, DocumentForm::stream}) {
    MadeDocument wish;
    wish.form = form;
    wish.size_too_small = 2;
    const std::string bytes = wish.make();
    const auto done = sealed(bytes);
    ASSERT_TRUE(done) << done.error().sentence;
    expect_good(bytes, done.value());
  }
}

TEST(SignatureUpdates, GiveNoReferenceToNothingAMeaning) {
  MadeDocument wish;
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", wish.first_free() + 2);
  wish.page = fmt::format("/Annots [{} 0 R]", wish.first_free() + 7);
  const std::string bytes = wish.make();
  const auto done = sealed(bytes);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_THAT(added(bytes, done.value()),
              HasSubstr(fmt::format("\n{} 0 obj", wish.first_free() + 8)));
  EXPECT_THAT(added(bytes, done.value()),
              Not(HasSubstr(fmt::format("\n{} 0 obj", wish.first_free() + 2))));
  wish.page = "/Annots [2147483647 0 R]";
  EXPECT_THAT(refusal(wish.make(), ErrorKind::broken), HasSubstr("absurd"));
}

TEST(SignatureUpdates, KeepTheFirstIdentifierAndRenewTheSecond) {
  const std::string bytes = MadeDocument().make();
  const auto done = Document::open(Source::of(view_of(bytes))).value();
  const std::string out = sealed(bytes).value();
  const auto again = Document::open(Source::of(view_of(out))).value();
  QPDFObjectHandle before = done->trailer().getKey("/ID");
  QPDFObjectHandle after = again->trailer().getKey("/ID");
  EXPECT_EQ(before.getArrayItem(0).getStringValue(), after.getArrayItem(0).getStringValue());
  EXPECT_NE(before.getArrayItem(1).getStringValue(), after.getArrayItem(1).getStringValue());
}

TEST(SignatureUpdates, CountAsTheFileDoesBehindJunk) {
  for (const bool from_header : {false, true}) {
    MadeDocument wish;
    wish.before = std::string(90, 'x') + "\n";
    wish.offsets_from_header = from_header;
    wish.behind = std::string(3000, '\0');
    const std::string bytes = wish.make();
    const auto once = sealed(bytes);
    ASSERT_TRUE(once) << once.error().sentence;
    const auto twice = sealed(once.value());
    ASSERT_TRUE(twice) << twice.error().sentence;
    const auto document = Document::open(Source::of(view_of(twice.value())));
    ASSERT_TRUE(document);
    EXPECT_EQ(document.value()->cross_reference().base(), from_header ? 91U : 0U);
    if (from_header) {
      expect_good(bytes, once.value());
      expect_good(once.value(), twice.value(), "SignetSeal2");
    }
  }
}

TEST(SignatureUpdates, LinearisedAndPackedDocumentsAreContinued) {
  const ScratchFolder folder;
  MadeDocument wish;
  wish.pages = 5;
  const std::string plain = folder.write("plain.pdf", wish.make()).string();
  for (const char* const options :
       {"--linearize", "--linearize --object-streams=generate", "--object-streams=generate"}) {
    ASSERT_TRUE(
        run(fmt::format("qpdf {} {} {}", options, plain, folder.path("made.pdf").string())).good);
    expect_sealable(folder.read("made.pdf"));
  }
}

TEST(SignatureUpdates, EncryptTheirStringsAsTheDocumentDoes) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", MadeDocument().make()).string();
  for (const char* const options :
       {"--encrypt user owner 40 --", "--encrypt user owner 128 --use-aes=n --",
        "--encrypt user owner 128 --use-aes=y --",
        "--encrypt user owner 128 --use-aes=y --cleartext-metadata --",
        "--encrypt user owner 256 --force-R5 --", "--encrypt user owner 256 --",
        "--object-streams=generate --encrypt user owner 256 --"}) {
    SCOPED_TRACE(options);
    const Ran made = run(fmt::format("qpdf --allow-weak-crypto {} {} {}", options, plain,
                                     folder.path("locked.pdf").string()));
    ASSERT_TRUE(made.good) << made.output;
    const std::string bytes = folder.read("locked.pdf");
    expect_sealable(bytes, "owner");
    const std::string update = added(bytes, sealed(bytes, plain_wish(), "user").value());
    EXPECT_THAT(update, HasSubstr("/Encrypt "));
    EXPECT_THAT(update, Not(HasSubstr("SignetSeal1")));
    EXPECT_THAT(update, Not(HasSubstr("D:2027")));
  }
}

TEST(SignatureUpdates, WantThePermissionThatThePasswordGives) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", MadeDocument().make()).string();
  ASSERT_TRUE(run(fmt::format("qpdf --encrypt '' owner 256 --modify=none -- {} {}", plain,
                              folder.path("locked.pdf").string()))
                  .good);
  const std::string bytes = folder.read("locked.pdf");
  EXPECT_THAT(refusal(bytes, ErrorKind::forbidden),
              HasSubstr("encryption does not allow new fields"));
  EXPECT_TRUE(sealed(bytes, plain_wish(), "owner"));
}

// A form that is an object of its own, with fields of every shape; and one that is a part of the catalog.
MadeDocument with_form(const std::string& fields, bool indirect, const std::string& more = {}) {
  MadeDocument made;
  const int form = made.first_free();
  const std::string body = fmt::format("<< /Fields {} /DA (/Helv 0 Tf) {} >>", fields, more);
  made.catalog = indirect ? fmt::format("/AcroForm {} 0 R", form) : "/AcroForm " + body;
  if (indirect) made.objects[form] = body;
  const std::string rect = "/Type /Annot /Subtype /Widget /Rect [10 10 110 60] /F 4 /P 5 0 R";
  made.objects[form + 1] = fmt::format("<< /FT /Sig /T (merged) /DA (keep) {} >>", rect);
  made.objects[form + 2] = fmt::format("<< /FT /Sig /T (split) /Kids [{} 0 R] >>", form + 3);
  made.objects[form + 3] =
      fmt::format("<< /Parent {} 0 R /AP << /N 3 0 R >> {} >>", form + 2, rect);
  made.objects[form + 4] = fmt::format("<< /T (office) /FT /Sig /Kids [{} 0 R] >>", form + 5);
  made.objects[form + 5] = fmt::format("<< /Parent {} 0 R /T (seal) {} >>", form + 4, rect);
  made.objects[form + 6] = fmt::format("<< /FT /Tx /T (SignetSeal1) /V (text) {} >>", rect);
  made.objects[form + 7] =
      fmt::format("[{} 0 R {} 0 R {} 0 R {} 0 R]", form + 1, form + 2, form + 4, form + 6);
  made.page =
      fmt::format("/Annots [{} 0 R {} 0 R {} 0 R {} 0 R]", form + 1, form + 3, form + 5, form + 6);
  return made;
}

std::string all_fields(int offset) {
  const int form = MadeDocument().first_free() + offset;
  return fmt::format("[{} 0 R {} 0 R {} 0 R {} 0 R]", form + 1, form + 2, form + 4, form + 6);
}

TEST(SignatureFields, OfEveryShapeAreFilled) {
  for (const bool indirect : {false, true}) {
    for (const bool list_is_object : {false, true}) {
      const std::string fields =
          list_is_object ? fmt::format("{} 0 R", MadeDocument().first_free() + 7) : all_fields(0);
      const std::string bytes = with_form(fields, indirect).make();
      for (const char* const name : {"merged", "split", "office.seal"}) {
        SCOPED_TRACE(name);
        SignatureWish wish = plain_wish();
        wish.field = name;
        const auto done = sealed(bytes, wish);
        ASSERT_TRUE(done) << done.error().sentence;
        expect_good(bytes, done.value(), name);
        EXPECT_THAT(refusal(done.value(), ErrorKind::settings, wish),
                    HasSubstr("is signed already"));
      }
      // The first free name is not the text field's.
      const auto done = sealed(bytes);
      ASSERT_TRUE(done) << done.error().sentence;
      expect_good(bytes, done.value(), "SignetSeal2");
    }
  }
}

TEST(SignatureFields, KeepWhatTheyHave) {
  const std::string bytes = with_form(all_fields(0), true).make();
  SignatureWish wish = plain_wish();
  wish.field = "merged";
  const std::string update = added(bytes, sealed(bytes, wish).value());
  EXPECT_THAT(update, HasSubstr("/DA (keep)"));
  EXPECT_THAT(update, HasSubstr("/Rect [10 10 110 60]"));
  EXPECT_THAT(update, HasSubstr("/BBox [0 0 100 50]"));
  wish.field = "split";  // its appearance is there already
  EXPECT_THAT(added(bytes, sealed(bytes, wish).value()), Not(HasSubstr("/BBox")));
}

// Viewers and qpdf take them for one.
TEST(SignatureFields, MayBeListedTwice) {
  const std::string bytes = with_form("[7 0 R 8 0 R 7 0 R]", true).make();
  SignatureWish wish = plain_wish();
  wish.field = "merged";
  for (const SignatureWish& each : {plain_wish(), wish}) {
    const auto done = sealed(bytes, each);
    ASSERT_TRUE(done) << done.error().sentence;
    expect_good(bytes, done.value(), each.field.empty() ? "SignetSeal1" : each.field);
  }
}

TEST(SignatureFields, ThatAreNoneAreRefused) {
  const std::string bytes = with_form(all_fields(0), true).make();
  SignatureWish wish = plain_wish();
  wish.field = "seal";
  EXPECT_THAT(refusal(bytes, ErrorKind::settings, wish), HasSubstr("there is no field"));
  wish.field = "SignetSeal1";
  EXPECT_THAT(refusal(bytes, ErrorKind::settings, wish), HasSubstr("not one for signatures"));
  const std::string xfa = with_form(all_fields(0), true, "/XFA [(template) 3 0 R]").make();
  EXPECT_THAT(refusal(xfa, ErrorKind::forbidden), HasSubstr("XFA"));
  SignatureWish anyway = plain_wish();
  anyway.ignore_xfa = true;
  EXPECT_TRUE(sealed(xfa, anyway));
  MadeDocument loop = with_form(all_fields(0), true);
  loop.objects[8] = "<< /FT /Sig /T (split) /Kids [9 0 R] >>";
  loop.objects[9] = "<< /T (again) /Kids [8 0 R] >>";
  EXPECT_THAT(refusal(loop.make(), ErrorKind::broken), HasSubstr("loop"));
}

TEST(SignatureFields, NoNewObjectIsWhatTheTrailerRefersTo) {
  std::string bytes = MadeDocument().make();
  const std::size_t at = bytes.find("/Info 4 0 R");
  for (const char missing : {'6', '7', '8', '9'}) {
    bytes[at + 6] = missing;
    const auto out = sealed(bytes);
    ASSERT_TRUE(out) << out.error().sentence;
    expect_good(bytes, out.value());
    EXPECT_THAT(added(bytes, out.value()), Not(HasSubstr(fmt::format("\n{} 0 obj", missing))));
  }
}

TEST(SignatureFields, NumbersBeyondAnIntBreakNothing) {
  for (const char* const entry :
       {"/AcroForm << /SigFlags 9223372036854775807 /Fields [] >>",
        "/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 4294967296 >> >>"}) {
    MadeDocument made;
    made.catalog = entry;
    const auto done = sealed(made.make());
    EXPECT_TRUE(done) << done.error().sentence;
  }
}

TEST(SignatureFields, ObjectsGetNoNumbersThatReadersDoNotTake) {
  MadeDocument made;
  made.size_too_small = -2'000'000'000;
  EXPECT_THAT(refusal(made.make(), ErrorKind::broken), HasSubstr("absurd number"));
  MadeDocument far;
  far.page = "/Annots [1999999999 0 R]";
  EXPECT_THAT(refusal(far.make(), ErrorKind::broken), HasSubstr("absurd number"));
}

TEST(SignatureFields, SharedAnnotationsStayTheOtherPages) {
  MadeDocument made;
  made.pages = 2;
  made.page = "/Annots 7 0 R";
  made.objects[7] = "[]";
  const std::string bytes = made.make();
  const std::string out = sealed(bytes).value();
  expect_good(bytes, out);
  EXPECT_THAT(added(bytes, out), Not(HasSubstr("\n7 0 obj")));
}

look::Position at(look::Corner corner) {
  return {corner, 20, 30, 200, 50};
}

VisibleSeal saying(const std::string& text, int page = 1) {
  look::Look look;
  look.text = text;
  return {std::make_shared<look::Look>(look), {}, page, at(look::Corner::bottom_left)};
}

TEST(VisibleSeals, PutTheirAppearanceOnThePage) {
  MadeDocument made;
  made.pages = 3;
  made.page = "/Rotate 90";
  const std::string bytes = made.make();
  SignatureWish wish = plain_wish();
  wish.visible = saying("Sealed");
  const auto done = sealed(bytes, wish);
  ASSERT_TRUE(done) << done.error().sentence;
  expect_good(bytes, done.value());
  // Turned by a quarter: 200 points across as it is seen are 200 up in the page.
  EXPECT_THAT(added(bytes, done.value()), HasSubstr("/Rect [515 20 565 220]"));
  wish.visible = saying("Sealed", -3);
  EXPECT_THAT(added(bytes, sealed(bytes, wish).value()), HasSubstr("/Rect [515 20 565 220]"));
  wish.visible = saying("Sealed", 3);
  EXPECT_THAT(added(bytes, sealed(bytes, wish).value()), HasSubstr("/Rect [20 30 220 80]"));
  for (const int page : {0, 4, -4}) {
    wish.visible = saying("Sealed", page);
    EXPECT_THAT(refusal(bytes, ErrorKind::settings, wish), HasSubstr("there is no page"));
  }
}

// The first widget is on an upright page, the second on a turned one; only the pages' lists say so.
TEST(VisibleSeals, AreUprightInWidgetsThatDoNotNameTheirPage) {
  const std::string bytes = documents_with_forms().at("two-widgets");
  SignatureWish wish = plain_wish();
  wish.field = "office";
  wish.visible = saying("Sealed");
  const auto done = sealed(bytes, wish);
  ASSERT_TRUE(done) << done.error().sentence;
  expect_good(bytes, done.value(), "office");
  const std::string update = added(bytes, done.value());
  EXPECT_THAT(update, HasSubstr("/BBox [0 0 200 60] /Filter"));
  EXPECT_THAT(update, HasSubstr("/Matrix [0 1 -1 0 60 0]"));
  EXPECT_EQ(update.find("/Matrix"), update.rfind("/Matrix"));
}

TEST(VisibleSeals, ThatCannotLookAsTheyShouldAreRefused) {
  const std::string bytes = MadeDocument().make();
  SignatureWish wish = plain_wish();
  wish.visible = saying("\xF0\x93\x80\x80");  // a hieroglyph, which DejaVu lacks
  EXPECT_THAT(refusal(bytes, ErrorKind::look, wish), HasSubstr("U+13000"));
  wish.visible = saying("Sealed");
  wish.visible->position.x = 5000;
  refusal(bytes, ErrorKind::settings, wish);
}

// A new field's box is the wish's; that of a field that is there is the document's own.
TEST(VisibleSeals, ThatDoNotFitAreTheWishsFaultOrTheDocuments) {
  SignatureWish wish = plain_wish();
  wish.visible = saying("Sealed");
  wish.visible->position.width = 10;
  wish.visible->position.height = 5;
  EXPECT_THAT(refusal(MadeDocument().make(), ErrorKind::look, wish), HasSubstr("fit into"));
  MadeDocument made = with_form(all_fields(0), true);
  const std::string small = replaced(made.make(), "/T (SignetSeal1)", "/T (other)      ");
  wish.visible = saying("Sealed " + std::string(2000, 'W'));
  wish.field = "merged";
  EXPECT_THAT(refusal(small, ErrorKind::forbidden, wish), HasSubstr("fit into"));
  wish.visible = saying("\xF0\x93\x80\x80");  // no field has room for what the font lacks
  EXPECT_THAT(refusal(small, ErrorKind::look, wish), HasSubstr("U+13000"));
}

TEST(VisibleSeals, OverAnnotationsAreRemarked) {
  MadeDocument made;
  made.page = "/Annots [<< /Subtype /Stamp /Rect [200 70 300 100] >>]";
  const std::string bytes = made.make();
  EXPECT_THAT(remarks(bytes, plain_wish()), testing::IsEmpty());
  SignatureWish wish = plain_wish();
  wish.visible = saying("Sealed");
  EXPECT_THAT(remarks(bytes, wish),
              testing::ElementsAre(HasSubstr("overlaps an annotation (/Stamp) of page 1")));
  wish.visible->position.y = 100;
  EXPECT_THAT(remarks(bytes, wish), testing::IsEmpty());
}

TEST(Signatures, RemarkWhatReadersDifferOn) {
  MadeDocument made;
  made.form = MadeDocument::Form::hybrid;
  EXPECT_THAT(remarks(made.make(), plain_wish()), testing::ElementsAre(HasSubstr("hybrid")));
  SignatureWish wish = plain_wish();
  wish.certify = 1;
  EXPECT_THAT(remarks(MadeDocument().make(), wish),
              testing::ElementsAre(HasSubstr("permission 1")));
  const std::string drawn_anew = documents_with_forms().at("needs-appearances");
  EXPECT_THAT(remarks(drawn_anew, plain_wish()), testing::IsEmpty());
  wish = plain_wish();
  wish.visible = saying("Sealed");
  EXPECT_THAT(remarks(drawn_anew, wish), testing::ElementsAre(HasSubstr("/NeedAppearances")));
}

}  // namespace
}  // namespace signet::pdf
