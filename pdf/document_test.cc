// Documents of every build are opened, and broken ones are refused with the place that is wrong.
#include "pdf/document.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/problem_documents.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;
using DocumentForm = MadeDocument::Form;

auto open(const std::string& bytes, std::string_view password = {}) {
  return Document::open(Source::of(view_of(bytes)), password);
}

void expect_broken(const std::string& bytes, const char* sentence) {
  const auto opened = open(bytes);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::broken);
  EXPECT_THAT(opened.error().sentence, HasSubstr(sentence));
}

TEST(Documents, OfEveryFormAreOpened) {
  for (const DocumentForm form :
       {DocumentForm::table, DocumentForm::stream, DocumentForm::hybrid}) {
    MadeDocument wish;
    wish.form = form;
    wish.pages = 7;
    wish.nested_pages = true;
    const std::string bytes = wish.make();
    const auto opened = open(bytes);
    ASSERT_TRUE(opened) << opened.error().sentence;
    Document& document = *opened.value();
    const CrossReference& found = document.cross_reference();
    EXPECT_EQ(found.form(),
              form == DocumentForm::stream ? SectionForm::stream : SectionForm::table);
    EXPECT_EQ(found.sections().front().hybrid, form == DocumentForm::hybrid);
    EXPECT_EQ(found.next_object(),
              static_cast<unsigned>(wish.first_free() + (form == DocumentForm::table ? 0 : 1)));
    EXPECT_EQ(found.end(), bytes.size());
    ASSERT_EQ(found.revisions().size(), 1U);
    EXPECT_EQ(document.page_count().value(), 7U);
    for (std::size_t at = 0; at < 7; ++at)
      EXPECT_EQ(document.page(at).value().getObjectID(), wish.first_page() + static_cast<int>(at));
    EXPECT_EQ(document.page(7).error().kind, ErrorKind::settings);
    EXPECT_EQ(document.trailer().getKey("/Info").getKey("/Producer").getStringValue(), "test");
    EXPECT_TRUE(document.check());
  }
}

TEST(Documents, JunkInFrontAndBehindIsTaken) {
  for (const bool from_header : {false, true}) {
    for (const std::size_t junk : {1U, 3U, 90U, 1000U}) {
      MadeDocument wish;
      wish.before = std::string(junk, 'x');
      wish.offsets_from_header = from_header;
      wish.behind = std::string(80'000, '\0');
      const std::string bytes = wish.make();
      const auto opened = open(bytes);
      ASSERT_TRUE(opened) << opened.error().sentence;
      const CrossReference& found = opened.value()->cross_reference();
      EXPECT_EQ(found.header(), junk);
      EXPECT_EQ(found.base(), from_header ? junk : 0);
      EXPECT_EQ(found.end(), bytes.size() - 80'000);
      EXPECT_EQ(opened.value()->page(0).value().getObjectID(), 5);
      EXPECT_TRUE(opened.value()->check());
    }
  }
}

TEST(Documents, AMebibyteOfJunkIsTakenAndMoreIsNot) {
  MadeDocument wish;
  wish.behind = std::string(1024 * 1024 - 8, '\n');
  EXPECT_TRUE(open(wish.make()));
  wish.behind = std::string(1024 * 1024 + 100, '\n');
  expect_broken(wish.make(), "truncated");
}

TEST(Documents, KeysMayBeWrittenWithTheirCharactersNumbers) {
  const std::string bytes = updated(MadeDocument().make(), {{4, "<< /Title (second) >>"}});
  const std::string escaped = replaced(bytes, "/Prev", "/#50re#76");
  const auto opened = Document::open(Source::of(view_of(escaped)));
  ASSERT_TRUE(opened) << opened.error().sentence;
  EXPECT_EQ(opened.value()->cross_reference().sections().size(), 2U);
}

// Some writers say "no previous section" so, and one generation too many of objects that are free.
TEST(Documents, WithoutAMeaningInPrevAndFreeGenerationsAreTaken) {
  for (const DocumentForm form : {DocumentForm::table, DocumentForm::stream}) {
    MadeDocument made;
    made.form = form;
    made.trailer = "/Prev 0";
    const auto opened = open(made.make());
    ASSERT_TRUE(opened) << opened.error().sentence;
    EXPECT_EQ(opened.value()->cross_reference().sections().size(), 1U);
    EXPECT_TRUE(opened.value()->page(0));
  }
  const std::string plain = MadeDocument().make();
  EXPECT_TRUE(open(replaced(plain, "65535 f", "65536 f")));
  EXPECT_TRUE(open(replaced(plain, "65535 f", "99999 f")));
  expect_broken(replaced(plain, "00000 n", "65536 n"), "a generation is over 65535");
}

TEST(Documents, BlanksInFrontOfACrossReferenceAreTaken) {
  const std::string bytes = odd_documents().at("blank-start");
  const std::string more = updated(bytes, {{4, "<< /Producer (second) >>"}});
  for (const std::string& document : {bytes, more}) {
    const auto opened = open(document);
    ASSERT_TRUE(opened) << opened.error().sentence;
    const CrossReference& found = opened.value()->cross_reference();
    EXPECT_EQ(found.start(), std::stoull(document.substr(document.rfind("startxref") + 10)));
    for (const Section& section : found.sections())
      EXPECT_EQ(document.substr(section.offset, 5), "xref\n");
    EXPECT_TRUE(opened.value()->check());
  }
  const std::size_t start = bytes.rfind("\nxref\n");
  std::string far = bytes;
  far.insert(start, 20, '\n');
  expect_broken(far, "no cross-reference");
}

TEST(Documents, EarlierRevisionsAreOpenedAsTheyWere) {
  const std::string first = MadeDocument().make();
  const std::string second = updated(first, {{4, "<< /Producer (second) >>"}});
  const std::string third = updated(second, {{4, "<< /Producer (third) >>"}}, true);
  const auto opened = open(third);
  ASSERT_TRUE(opened) << opened.error().sentence;
  const auto& revisions = opened.value()->cross_reference().revisions();
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions[0].end, first.size());
  EXPECT_EQ(revisions[1].end, second.size());
  EXPECT_EQ(revisions[2].end, third.size());
  const char* const producers[] = {"test", "second", "third"};
  for (std::size_t at = 0; at < 3; ++at) {
    const auto revision = opened.value()->open_revision(at);
    ASSERT_TRUE(revision) << revision.error().sentence;
    QPDFObjectHandle information = revision.value()->qpdf().getObject(4, 0);
    EXPECT_EQ(information.getKey("/Producer").getStringValue(), producers[at]);
  }
  EXPECT_EQ(opened.value()->open_revision(3).error().kind, ErrorKind::settings);
}

TEST(Documents, LinearisedOnesAreOneRevision) {
  const ScratchFolder folder;
  MadeDocument wish;
  wish.pages = 5;
  const std::string plain = folder.write("plain.pdf", wish.make()).string();
  for (const char* const streams : {"disable", "generate"}) {
    ASSERT_TRUE(run(fmt::format("qpdf --linearize --object-streams={} {} {}", streams, plain,
                                folder.path("linear.pdf").string()))
                    .good);
    const std::string bytes = folder.read("linear.pdf");
    const auto opened = open(bytes);
    ASSERT_TRUE(opened) << opened.error().sentence;
    const CrossReference& found = opened.value()->cross_reference();
    EXPECT_EQ(found.sections().size(), 2U);
    ASSERT_EQ(found.revisions().size(), 1U);
    EXPECT_EQ(found.revisions()[0].end, bytes.size());
    EXPECT_EQ(opened.value()->page_count().value(), 5U);
    EXPECT_TRUE(opened.value()->page(4));
  }
}

TEST(Documents, EncryptedOnesNeedTheirPassword) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", MadeDocument().make()).string();
  ASSERT_TRUE(run(fmt::format("qpdf --encrypt user owner 256 -- {} {}", plain,
                              folder.path("locked.pdf").string()))
                  .good);
  const std::string bytes = folder.read("locked.pdf");
  EXPECT_EQ(open(bytes).error().kind, ErrorKind::password);
  EXPECT_EQ(open(bytes, "wrong").error().kind, ErrorKind::password);
  EXPECT_TRUE(open(bytes, "user"));
  EXPECT_TRUE(open(bytes, "owner"));
}

// Until revision 4 a password is in PDFDocEncoding (ISO 32000-2, 7.6.4.3.2), whatever the terminal's encoding.
TEST(Documents, PasswordsOutsideAsciiAreTakenAsTheDocumentHasThem) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", MadeDocument().make()).string();
  const auto locked = [&](const char* password, const char* how) {
    const Ran ran =
        run(fmt::format("qpdf --allow-weak-crypto --encrypt '{}' '{}' {} -- {} {}", password,
                        password, how, plain, folder.path("locked.pdf").string()));
    EXPECT_TRUE(ran.good) << ran.output;
    return folder.read("locked.pdf");
  };
  const char* const in_utf8 =
      "p\xC5\x99\xC3\xADklad \xC3\xA9";  // one character is not in PDFDocEncoding
  const char* const caf_in_utf8 = "caf\xC3\xA9 \xE2\x80\xA2";  // all are
  const char* const caf = "caf\xE9 \x80";
  for (const char* const how : {"40", "128 --use-aes=n", "128 --use-aes=y"}) {
    const std::string bytes = locked(caf, how);
    EXPECT_TRUE(open(bytes, caf_in_utf8)) << how;
    EXPECT_TRUE(open(bytes, caf)) << how;
    EXPECT_EQ(open(bytes, in_utf8).error().kind, ErrorKind::password) << how;
    EXPECT_EQ(open(bytes, "caf\xC3\xA8").error().kind, ErrorKind::password) << how;
  }
  const std::string modern = locked(in_utf8, "256");
  EXPECT_TRUE(open(modern, in_utf8));
  EXPECT_EQ(open(modern, "p\xC5\x99").error().kind, ErrorKind::password);
}

TEST(Documents, WhatIsBrokenIsRefusedWithItsPlace) {
  const std::string good = MadeDocument().make();
  expect_broken("", "%PDF-");
  expect_broken(std::string(2000, 'x') + good, "%PDF-");
  expect_broken(good.substr(0, good.size() - 6), "%%EOF");
  expect_broken(replaced(good, "startxref", "startxxxx"), "startxref");
  expect_broken(good + "7 0 obj\n<< >>\nendobj\n", "last update has no end");
  expect_broken(replaced(good, "trailer", "trailxx"), "table is damaged");
  expect_broken(replaced(good, "/Size 6", "/Siez 6"), "/Size");
  expect_broken(replaced(good, "/Size 6", "/Size 99999999999"), "absurd");
  expect_broken(replaced(good, "00000 n", "0000x n"), "entry of the cross-reference table");
  expect_broken(replaced(good, "/Root 1 0 R", "/Toor 1 0 R"), "no catalog");
  MadeDocument loop;
  loop.trailer = "/Prev 1000000";
  expect_broken(loop.make(), "behind the end");
  const std::string looped = updated(good, {{4, "<< >>"}});
  const std::string start =
      std::to_string(std::stoull(looped.substr(looped.rfind("startxref") + 10)));
  const std::string previous =
      std::to_string(std::stoull(looped.substr(looped.rfind("/Prev") + 6)));
  expect_broken(replaced(looped, "/Prev " + previous, "/Prev " + start), "loop");
  MadeDocument wish;
  const auto opened = open(replaced(wish.make(), "5 0 obj", "6 0 obj"));
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened.value()->page(0) && opened.value()->check());
}

TEST(Documents, EveryTruncationIsRefusedOrRead) {
  for (const DocumentForm form :
       {DocumentForm::table, DocumentForm::stream, DocumentForm::hybrid}) {
    MadeDocument wish;
    wish.form = form;
    const std::string whole = wish.make();
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
      const auto opened = open(whole.substr(0, size));
      EXPECT_EQ(opened.has_value(), size >= whole.size() - 1) << size;
    }
  }
}

// All pages on one node: none but the one that is wanted is read.
TEST(Pages, OfAWideTreeAreReadAlone) {
  MadeDocument made;
  made.pages = 100'000;
  const std::string bytes = made.make();
  for (const std::size_t index : {0U, 40'000U, 50'000U, 99'999U}) {
    const auto opened = open(bytes);
    ASSERT_TRUE(opened) << opened.error().sentence;
    const auto page = opened.value()->page(index);
    ASSERT_TRUE(page) << page.error().sentence;
    EXPECT_EQ(page.value().getObjectID(), made.first_page() + static_cast<int>(index));
    const auto found = opened.value()->index_of(page.value());
    ASSERT_TRUE(found) << found.error().sentence;
    EXPECT_EQ(found.value(), index);
    EXPECT_TRUE(opened.value()->check());
  }
}

TEST(Pages, ADishonestPageTreeIsRefused) {
  MadeDocument wish;
  wish.pages = 2;
  const auto opened = open(replaced(wish.make(), "/Count 2", "/Count 9"));
  ASSERT_TRUE(opened);
  EXPECT_THAT(opened.value()->page(4).error().sentence, HasSubstr("page tree"));
  const auto looped = open(replaced(wish.make(), "/Kids [5 0 R 6 0 R ]", "/Kids [2 0 R 2 0 R ]"));
  ASSERT_TRUE(looped);
  EXPECT_THAT(looped.value()->page(1).error().sentence, HasSubstr("page tree"));
}

TEST(Pages, GeometryIsInherited) {
  MadeDocument wish;
  wish.page = "/CropBox [500 700 100 2000] /Rotate -90 /UserUnit 2";
  const auto opened = open(wish.make());
  ASSERT_TRUE(opened);
  const auto geometry = opened.value()->geometry(opened.value()->page(0).value());
  ASSERT_TRUE(geometry);
  EXPECT_THAT(geometry.value().crop_box, testing::ElementsAre(100, 700, 500, 842));
  EXPECT_EQ(geometry.value().rotate, 270);
  EXPECT_EQ(geometry.value().user_unit, 2);
}

}  // namespace
}  // namespace signet::pdf
