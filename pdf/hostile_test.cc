// Documents of a megabyte that would take gigabytes or minutes are refused.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/hostile_document.h"
#include "pdf/testing/sealed_document.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;
using DocumentForm = MadeDocument::Form;

void expect_refused(const std::string& bytes, const char* sentence) {
  const auto opened = open_hostile(bytes);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::broken);
  EXPECT_THAT(opened.error().sentence, HasSubstr(sentence));
}

TEST(HostileDocuments, StreamsThatInflateWithoutEndAreRefused) {
  MadeDocument wish;
  wish.form = DocumentForm::stream;
  std::string bytes = wish.make();
  const std::string data = deflated(std::string(80'000'000, '\0'));
  const std::size_t start = bytes.size();
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [1 4 2] /Size 100 /Root 1 0 R /Filter /FlateDecode /Length {} "
      ">>\nstream\n{}\nendstream\nendobj\n",
      data.size(), data);
  bytes += fmt::format("startxref\n{}\n%%EOF\n", start);
  expect_refused(bytes, "inflates to more than its entries take");
}

TEST(HostileDocuments, ObjectStreamsThatInflateWithoutEndAreRefused) {
  const ScratchFolder folder;
  const std::string data = deflated(std::string(20'000'000, ' '));
  MadeDocument wish;
  wish.objects[wish.first_free()] = fmt::format(
      "<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length {} >>\nstream\n{}\nendstream",
      data.size(), data);
  std::string bytes = wish.make();
  const std::size_t start = bytes.size();
  const std::string row("\x02\x00\x00\x00\x06\x00\x00", 7);
  const std::string previous =
      std::to_string(std::stoull(bytes.substr(bytes.rfind("startxref") + 10)));
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [1 4 2] /Size 100 /Index [4 1] /Root 1 0 R /Prev {} /Length 7 "
      ">>\nstream\n{}\nendstream\nendobj\n",
      previous, row);
  bytes += fmt::format("startxref\n{}\n%%EOF\n", start);
  expect_refused(bytes, "inflates to more than");
}

TEST(HostileDocuments, MoreEntriesThanBytesAreRefused) {
  MadeDocument wish;
  wish.form = DocumentForm::stream;
  std::string bytes = wish.make();
  const std::string data = deflated(std::string(7'000'000, '\0'));
  const std::size_t start = bytes.size();
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [1 4 2] /Size 1000000 /Root 1 0 R /Filter /FlateDecode /Length "
      "{} >>\nstream\n{}\nendstream\nendobj\n",
      data.size(), data);
  bytes += fmt::format("startxref\n{}\n%%EOF\n", start);
  expect_refused(bytes, "more entries than");
}

TEST(HostileDocuments, CrossReferencesThatInflateWithoutEndInSumAreRefused) {
  const std::string good = MadeDocument().make();
  std::string bytes = good + "%" + std::string(6'000'000, 'x') + "\n";
  const std::string data = deflated(std::string(6'000'000 * 24, '\0'));
  const std::size_t start = bytes.size();
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [8 8 8] /Size 6000000 /Root 1 0 R /Filter /FlateDecode /Length "
      "{} >>\nstream\n{}\nendstream\nendobj\n",
      data.size(), data);
  bytes += fmt::format("startxref\n{}\n%%EOF\n", start);
  expect_refused(bytes, "128 MiB in all");
}

TEST(HostileDocuments, ObjectStreamsOfTooManyElementsAreRefused) {
  for (const bool compressed : {true, false}) {
    for (const char* const element : {"0 ", "[]", "/a", "()", "<>", "<<>>", "5 0 R "}) {
      EXPECT_THAT(fault_of_information(with_object_stream(many(element, 249'000), compressed)), "")
          << element;
      EXPECT_THAT(fault_of_information(with_object_stream(many(element, 251'000), compressed)),
                  HasSubstr("more than 250,000 elements"))
          << element;
    }
  }
}

// Its bytes are blanks until the predictor repeats the row above.
TEST(HostileDocuments, ObjectStreamsThatAPredictorFillsAreRefused) {
  for (const int rows : {10, 100'000}) {
    std::string plain(
        "\x02"
        "4 0  [0 0 0 0 0 0 ",
        19);
    for (int row = 0; row < rows; ++row) plain += "\x02" + std::string(18, '\0');
    const std::string data = deflated(plain);
    const std::string bytes = with_entry_in(
        updated(
            MadeDocument().make(),
            {{6, fmt::format("<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /DecodeParms "
                             "<< /Predictor 12 /Columns 18 >> /Length {} >>\nstream\n{}\nendstream",
                             data.size(), data)}}),
        6);
    const std::string fault = fault_of_information(bytes);
    EXPECT_EQ(fault.find("predictor") != std::string::npos, rows > 10) << fault;
  }
}

TEST(HostileDocuments, ObjectsOfTooManyElementsInAllAreRefused) {
  MadeDocument wish;
  const int first = wish.first_free();
  for (int at = 0; at < 4; ++at) wish.objects[first + at] = many("0 ", 300'000);
  const std::string bytes = wish.make();
  const auto opened = open_hostile(bytes);
  ASSERT_TRUE(opened);
  for (int at = 0; at < 3; ++at)
    EXPECT_TRUE(opened.value()->qpdf().getObject(first + at, 0).isArray());
  EXPECT_TRUE(opened.value()->check());
  EXPECT_FALSE(opened.value()->qpdf().getObject(first + 3, 0).isArray());
  const auto checked = opened.value()->check();
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().sentence, HasSubstr("1,000,000 elements"));
}

// Tables of cross-references are read without objects coming of them: what is hidden there is read as objects all the same.
TEST(HostileDocuments, ElementsInATrailerAreCounted) {
  MadeDocument wish;
  for (int at = 0; at < 3; ++at)
    wish.trailer += fmt::format("/X{} ({} 0 obj {} endobj) ", at, 20 + at, many("0 ", 400'000));
  std::string bytes = wish.make();
  const std::string previous =
      std::to_string(std::stoull(bytes.substr(bytes.rfind("startxref") + 10)));
  std::string rows;
  for (int at = 0; at < 3; ++at)
    rows += fmt::format("{:010} 00000 n \n", bytes.find(fmt::format("{} 0 obj", 20 + at)));
  const std::size_t start = bytes.size();
  bytes += fmt::format(
      "xref\n20 3\n{}trailer\n<< /Root 1 0 R /Size 30 /Prev {} >>\nstartxref\n{}\n%%EOF\n", rows,
      previous, start);
  const auto opened = open_hostile(bytes);
  if (!opened) {
    EXPECT_THAT(opened.error().sentence, HasSubstr("1,000,000 elements"));
    return;
  }
  for (int at = 0; at < 3; ++at) (void)opened.value()->qpdf().getObject(20 + at, 0).isArray();
  const auto checked = opened.value()->check();
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().sentence, HasSubstr("1,000,000 elements"));
}

TEST(HostileDocuments, LongTablesAreNoElements) {
  MadeDocument wish;
  wish.objects[400'000] = "null";
  const std::string bytes = wish.make();
  const auto opened = open_hostile(bytes);
  ASSERT_TRUE(opened) << opened.error().sentence;
  EXPECT_TRUE(opened.value()->page(0));
}

// Also where they can be looked at only once the key is known.
TEST(HostileDocuments, ObjectStreamsOfEncryptedOnesAreLookedAtDecrypted) {
  const ScratchFolder folder;
  const auto locked = [&](std::size_t elements, const char* how) {
    MadeDocument wish;
    std::string noise;  // so that the object stream is long
    std::uint32_t state = 1;
    for (int at = 0; at < 30'000; ++at) {
      state = state * 1664525 + 1013904223;
      noise += static_cast<char>('a' + (state >> 24U) % 26);
    }
    wish.page = fmt::format("/Noise ({}) /Many {}", noise, many("0 ", elements));
    const std::string plain = folder.write("plain.pdf", wish.make()).string();
    const Ran ran = run(fmt::format(
        "qpdf --allow-weak-crypto --object-streams=generate --compress-streams=y --encrypt user "
        "owner {} -- {} {}",
        how, plain, folder.path("locked.pdf").string()));
    EXPECT_TRUE(ran.good) << ran.output;
    return folder.read("locked.pdf");
  };
  for (const char* const how : {"128 --use-aes=n", "128 --use-aes=y", "256"}) {
    for (const std::size_t elements : {100U, 300'000U}) {
      const std::string bytes = locked(elements, how);
      const auto opened = open_hostile(bytes, "user");
      const auto done = opened ? opened.value()->page(0) : opened.as_failure();
      ASSERT_EQ(done.has_value(), elements == 100) << how;
      if (done) continue;
      EXPECT_THAT(done.error().sentence, HasSubstr("250,000 elements")) << how;
    }
  }
}

TEST(HostileDocuments, NamesThatWouldFillTheMemoryAreRefused) {
  std::string kids;
  for (int kid = 0; kid < 100; ++kid) kids += fmt::format("<< /T (k{}) /FT /Tx >> ", kid);
  MadeDocument made;
  made.catalog = "/AcroForm << /Fields [<< /T (" + std::string(1'000'000, 'n') + ") /Kids [" +
                 kids + "] >>] >>";
  EXPECT_THAT(refusal(made.make(), ErrorKind::broken), HasSubstr("names"));
}

TEST(HostileDocuments, FieldsThatShareALongListAreLookedAtOnce) {
  std::string fields;
  std::string list = "[";
  MadeDocument made;
  const int shared = made.first_free();
  for (int field = 0; field < 3000; ++field)
    fields += fmt::format("<< /T (f{}) /FT /Ch /Opt {} 0 R >> ", field, shared);
  for (int item = 0; item < 50'000; ++item) list += "0 ";
  made.objects[shared] = list + "]";
  made.catalog = "/AcroForm << /Fields [" + fields + "] >>";
  const auto done = sealed(made.make());
  EXPECT_TRUE(done) << done.error().sentence;
}

}  // namespace
}  // namespace signet::pdf
