// Documents whose cross-references cannot be used: what is put behind them makes them whole for every reader.
#include "pdf/repair.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/sealed_document.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string with_line_ends(const std::string& text, const std::string& end) {
  std::string out;
  for (const char c : text) out += c == '\n' ? end : std::string(1, c);
  return out;
}

PdfResult<std::string> repaired(const std::string& bytes, std::string_view password = {},
                                std::vector<std::string>* remarks = nullptr) {
  BOOST_OUTCOME_TRY(const auto document,
                    Document::open_repaired(Source::of(view_of(bytes)), password));
  BOOST_OUTCOME_TRY(auto planned, plan_signature(*document, plain_wish()));
  EXPECT_EQ(planned.tail.offset, bytes.size());
  EXPECT_TRUE(planned.tail.fill(Bytes{0x30, 0x01, 0x02}));
  if (remarks != nullptr) *remarks = planned.remarks;
  return bytes + std::string(text_of(planned.tail.bytes));
}

std::string why_not(const std::string& bytes, ErrorKind kind = ErrorKind::broken) {
  const auto done = repaired(bytes);
  if (done) return "it was repaired";
  EXPECT_EQ(done.error().kind, kind) << done.error().sentence;
  return done.error().sentence;
}

// Refused without repair; whole with it, also for a second seal without.
void expect_repairable(const std::string& bytes, int pages = 3, const std::string& password = {}) {
  EXPECT_FALSE(sealed(bytes, plain_wish(), password));
  std::vector<std::string> remarks;
  const auto once = repaired(bytes, password, &remarks);
  ASSERT_TRUE(once) << once.error().sentence;
  EXPECT_THAT(remarks, testing::Contains(HasSubstr("was damaged")));
  expect_good(bytes, once.value(), "SignetSeal1", password);
  const auto document = Document::open(Source::of(view_of(once.value())), password);
  EXPECT_EQ(document.value()->page_count().value(), static_cast<std::size_t>(pages));
  EXPECT_EQ(document.value()->cross_reference().revisions().size(), 2U);
  const auto twice = sealed(once.value(), plain_wish(), password);
  ASSERT_TRUE(twice) << twice.error().sentence;
  expect_good(once.value(), twice.value(), "SignetSeal2", password);
}

std::vector<MadeDocument> documents() {
  MadeDocument table;
  table.pages = 3;
  MadeDocument stream = table;
  stream.form = MadeDocument::Form::stream;
  MadeDocument hybrid = table;
  hybrid.form = MadeDocument::Form::hybrid;
  return {table, stream, hybrid};
}

TEST(Repair, ReplacesAMissingOrWrongBeginning) {
  for (const MadeDocument& made : documents()) {
    SCOPED_TRACE(static_cast<int>(made.form));
    const std::string bytes = made.make();
    const std::size_t mark = bytes.rfind("startxref");
    expect_repairable(bytes.substr(0, mark));
    expect_repairable(bytes.substr(0, mark + 9));
    expect_repairable(bytes.substr(0, mark) + "startxref\n17\n%%EOF\n");
    expect_repairable(bytes.substr(0, mark) + "startxref\n99999999\n%%EOF");
    expect_repairable(replaced(bytes, "startxref", "startxxxx"));
  }
}

TEST(Repair, ReplacesAMissingTrailer) {
  const std::string bytes = documents()[0].make();
  expect_repairable(bytes.substr(0, bytes.rfind("/ID [")));
  expect_repairable(bytes.substr(0, bytes.rfind("trailer")));
  expect_repairable(bytes.substr(0, bytes.rfind("xref\n0")));
  // Nothing says any more which of two catalogs counts.
  MadeDocument two = documents()[0];
  two.objects[two.first_free()] = "<< /Type /Catalog /Pages 2 0 R >>";
  const std::string cut = two.make();
  EXPECT_THAT(why_not(cut.substr(0, cut.rfind("trailer"))), HasSubstr("no trailer"));
  // Nor how a document is encrypted.
  MadeDocument locked = documents()[0];
  locked.objects[locked.first_free()] = "<< /Filter /Standard /V 1 /R 2 /O (o) /U (u) /P -4 >>";
  const std::string keyless = locked.make();
  EXPECT_THAT(why_not(keyless.substr(0, keyless.rfind("trailer"))), HasSubstr("no trailer"));
}

TEST(Repair, ReplacesOffsetsThatAreWrong) {
  MadeDocument made = documents()[0];
  const std::string bytes = made.make();
  // The line ends were converted, or something was put in front or between.
  for (const std::string end : {"\r\n", "\r"}) {
    SCOPED_TRACE(end.size());
    const std::string converted = with_line_ends(bytes, end);
    if (end == "\r\n") {
      expect_repairable(converted);
    } else {  // "stream" and a CR alone: against 7.3.8.1
      EXPECT_THAT(why_not(converted), Not(HasSubstr("it was repaired")));
    }
  }
  const std::size_t third = bytes.find("3 0 obj");
  expect_repairable(bytes.substr(0, third) + "% junk\nmore of it 12 0 R (\n" + bytes.substr(third));
  const std::size_t row = bytes.find("0000000015");
  expect_repairable(bytes.substr(0, row) + "0000000016" + bytes.substr(row + 10));
  expect_repairable(bytes + std::string(2'000'000, 'x'));
  expect_repairable(std::string(500, ' ') + "\n" + bytes.substr(0, bytes.rfind("startxref")));
  EXPECT_THAT(why_not(std::string(2000, ' ') + bytes), HasSubstr("%PDF-"));
}

TEST(Repair, FindsObjectsInObjectStreams) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", documents()[0].make()).string();
  for (const char* const options :
       {"--object-streams=generate", "--object-streams=generate --linearize",
        "--object-streams=generate --stream-data=uncompress", "--linearize"}) {
    SCOPED_TRACE(options);
    ASSERT_TRUE(
        run(fmt::format("qpdf {} {} {}", options, plain, folder.path("made.pdf").string())).good);
    const std::string bytes = folder.read("made.pdf");
    expect_repairable(bytes.substr(0, bytes.rfind("startxref")));
  }
}

TEST(Repair, KeepsEncryption) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", documents()[0].make()).string();
  const std::string out = folder.path("locked.pdf").string();
  ASSERT_TRUE(run(fmt::format("qpdf --encrypt user owner 256 -- {} {}", plain, out)).good);
  std::string bytes = folder.read("locked.pdf");
  expect_repairable(bytes.substr(0, bytes.rfind("startxref")), 3, "owner");
  ASSERT_TRUE(run(fmt::format("qpdf --object-streams=generate --encrypt user owner 256 -- {} {}",
                              plain, out))
                  .good);
  bytes = folder.read("locked.pdf");
  EXPECT_THAT(why_not(bytes.substr(0, bytes.rfind("startxref")), ErrorKind::unsupported),
              HasSubstr("encrypted"));
}

TEST(Repair, TakesTheLastOfObjectsWithOneNumber) {
  const std::string bytes = documents()[0].make();
  const std::string later = updated(bytes, {{4, "<< /Title (Later) >>"},
                                            {3, "<< /Length 7 0 R >>\nstream\nBT ET\nendstream"},
                                            {7, "5"},
                                            {900, "<< /Nobody /knows >>"}});
  // 7 was a page.
  EXPECT_THAT(why_not(later.substr(0, later.rfind("startxref"))), HasSubstr("page"));
  const std::string good = updated(bytes, {{4, "<< /Title (Later) >>"},
                                           {3, "<< /Length 901 0 R >>\nstream\nBT ET\nendstream"},
                                           {901, "5"}});
  const std::string cut = good.substr(0, good.rfind("startxref"));
  expect_repairable(cut);
  const std::string out = repaired(cut).value();
  const auto document = Document::open(Source::of(view_of(out))).value();
  EXPECT_EQ(document->trailer().getKey("/Info").getKey("/Title").getUTF8Value(), "Later");
}

TEST(Repair, TakesNothingInAStreamForAnObject) {
  MadeDocument made = documents()[0];
  const std::string inner = "4 0 obj\n<< /Title (Wrong) >>\nendobj\ntrailer\n<< /Root 4 0 R >>\n";
  made.objects[made.first_free()] =
      fmt::format("<< /Length {} >>\nstream\n{}\nendstream", inner.size(), inner);
  const std::string bytes = made.make();
  const std::string cut = bytes.substr(0, bytes.rfind("startxref"));
  expect_repairable(cut);
  const auto document = Document::open_repaired(Source::of(view_of(cut))).value();
  EXPECT_THAT(document->trailer().getKey("/Info").getKey("/Title").getUTF8Value(),
              HasSubstr("A document"));
}

TEST(Repair, RefusesWhatItCannotKnow) {
  const std::string bytes = documents()[0].make();
  for (const char* const word : {"endstream", "endobj\n5 0", "A document) Tj", "/Kids [5 0 R"}) {
    SCOPED_TRACE(word);
    EXPECT_THAT(why_not(bytes.substr(0, bytes.find(word) + 4)), HasSubstr("cannot be repaired"));
  }
  EXPECT_THAT(why_not(bytes.substr(0, bytes.find("7 0 obj"))), HasSubstr("cannot be repaired"));
  const std::string open = bytes.substr(0, bytes.rfind("startxref"));
  EXPECT_THAT(why_not(replaced(open, "/Length 41", "/Length 40")), HasSubstr("length of a stream"));
  EXPECT_THAT(why_not(replaced(open, "/Length 41", "/Length 4 0 R")),
              HasSubstr("length of a stream"));
  EXPECT_THAT(why_not(replaced(open, "/Length 41", "/Lenght 41")), HasSubstr("length of a stream"));
  EXPECT_THAT(why_not(replaced(open, "4 0 obj", "8388608 0 obj")), HasSubstr("absurd number"));
  EXPECT_THAT(why_not(replaced(open, "4 0 obj", "8000000 0 obj")), HasSubstr("absurd number"));
  std::string many = "%PDF-1.7\n";
  for (int trailer = 0; trailer < 200; ++trailer) many += "trailer [ ";
  EXPECT_THAT(why_not(many), HasSubstr("too many broken trailers"));
  many = "%PDF-1.7\n";
  for (int trailer = 0; trailer < 10'001; ++trailer) many += "trailer <<>>\n";
  EXPECT_THAT(why_not(many), HasSubstr("too many trailers"));
  EXPECT_THAT(why_not(""), HasSubstr("%PDF-"));
  EXPECT_THAT(why_not("%PDF-1.7\n"), HasSubstr("no trailer"));
}

TEST(Repair, RefusesSignedDocuments) {
  const std::string once = sealed(documents()[0].make()).value();
  EXPECT_THAT(why_not(once.substr(0, once.rfind("startxref")), ErrorKind::forbidden),
              HasSubstr("is signed"));
  // Good ones are sealed as ever.
  const auto twice = repaired(once);
  ASSERT_TRUE(twice) << twice.error().sentence;
  expect_good(once, twice.value(), "SignetSeal2");
}

TEST(Repair, LeavesGoodDocumentsAlone) {
  for (const MadeDocument& made : documents()) {
    const std::string bytes = made.make();
    const auto document = Document::open_repaired(Source::of(view_of(bytes)));
    ASSERT_TRUE(document);
    EXPECT_TRUE(document.value()->repair().empty());
    EXPECT_EQ(document.value()->source().size, bytes.size());
  }
}

// Whatever is made of it can be read without repair, and has all its pages.
void expect_whole_or_refused(const std::string& bytes, std::size_t pages) {
  const auto section = repair_section(Source::of(view_of(bytes)));
  if (!section || !Document::open_repaired(Source::of(view_of(bytes)))) return;
  const std::string out = bytes + std::string(text_of(section.value()));
  const auto document = Document::open(Source::of(view_of(out)));
  ASSERT_TRUE(document) << document.error().sentence;
  if (pages > 0) {
    EXPECT_EQ(document.value()->page_count().value(), pages);
  }
}

TEST(Repair, OfDocumentsCutAnywhereIsWholeOrRefused) {
  for (const MadeDocument& made : documents()) {
    const std::string bytes = made.make();
    for (std::size_t size = 0; size <= bytes.size(); ++size)
      expect_whole_or_refused(bytes.substr(0, size), 3);
  }
}

TEST(Repair, OfDocumentsWithWrongBytesIsWholeOrRefused) {
  ::testing::internal::CaptureStderr();
  for (const MadeDocument& made : documents()) {
    std::string bytes = made.make();
    bytes.resize(bytes.rfind("startxref"));
    for (std::size_t at = 9; at < bytes.size(); ++at) {
      for (const char wrong : {'\0', '9', '<', '%'}) {
        std::string damaged = bytes;
        damaged[at] = wrong;
        expect_whole_or_refused(damaged, 0);
      }
    }
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");  // which is the program's own
}

TEST(Repair, SaysWhereASourceFails) {
  const auto refused = Document::open_repaired(
      {10'000, [](std::uint64_t, std::span<std::uint8_t>) { return false; }});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unreadable);
}

}  // namespace
}  // namespace signet::pdf
