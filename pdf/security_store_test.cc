#include "pdf/security_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/sealed_document.h"

namespace signet::pdf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Values that deflate makes smaller, and one that it does not.
Bytes value(char letter, std::size_t size = 300) {
  return Bytes(size, static_cast<std::uint8_t>(letter));
}

SecurityStore read(const std::string& bytes, std::string_view password = {}) {
  const auto document = Document::open(Source::of(view_of(bytes)), password);
  EXPECT_TRUE(document) << document.error().sentence;
  auto store = read_security_store(*document.value());
  EXPECT_TRUE(store) << store.error().sentence;
  return std::move(store).value();
}

PdfResult<std::string> with(const std::string& bytes, const SecurityStore& more,
                            std::string_view password = {}) {
  BOOST_OUTCOME_TRY(const auto document, Document::open(Source::of(view_of(bytes)), password));
  BOOST_OUTCOME_TRY(const auto tail, plan_security_store(*document, more));
  EXPECT_EQ(tail.offset, bytes.size());
  EXPECT_FALSE(tail.gap);
  return bytes + std::string(text_of(tail.bytes));
}

SecurityStore first_store() {
  SecurityStore store;
  store.data.certificates = {value('a'), value('b', 2)};
  store.data.crls = {value('c')};
  store.of_signatures = {{"0F", {{value('a')}, {}, {value('d')}}}};
  return store;
}

TEST(SecurityStore, IsReadAsItWasAdded) {
  for (const auto form : {MadeDocument::Form::table, MadeDocument::Form::stream}) {
    MadeDocument wish;
    wish.form = form;
    const std::string plain = wish.make();
    EXPECT_TRUE(read(plain).data.empty());
    const auto stored = with(plain, first_store());
    ASSERT_TRUE(stored) << stored.error().sentence;
    EXPECT_THAT(stored.value().substr(plain.size()), HasSubstr("/ExtensionLevel 5"));
    const SecurityStore store = read(stored.value());
    EXPECT_THAT(store.data.certificates, ElementsAre(value('a'), value('b', 2)));
    EXPECT_THAT(store.data.crls, ElementsAre(value('c')));
    EXPECT_THAT(store.data.ocsp_answers, ElementsAre(value('d')));
    ASSERT_EQ(store.of_signatures.size(), 1U);
    EXPECT_EQ(store.of_signatures[0].key, "0F");
    EXPECT_THAT(store.of_signatures[0].data.certificates, ElementsAre(value('a')));
    EXPECT_THAT(store.of_signatures[0].data.ocsp_answers, ElementsAre(value('d')));
    EXPECT_THAT(store.of_signatures[0].data.crls, IsEmpty());
  }
}

TEST(SecurityStore, HasNothingTwice) {
  const std::string once = with(MadeDocument().make(), first_store()).value();
  const auto same = with(once, first_store());
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().kind, ErrorKind::settings);
  SecurityStore more = first_store();
  more.data.crls.push_back(value('e'));
  more.of_signatures[0].data.crls.push_back(value('e'));
  const std::string twice = with(once, more).value();
  EXPECT_EQ(twice.substr(0, once.size()), once);
  // The list, an entry and one stream are new.
  EXPECT_LT(twice.size(), once.size() + 1500);
  const SecurityStore store = read(twice);
  EXPECT_THAT(store.data.certificates, ElementsAre(value('a'), value('b', 2)));
  EXPECT_THAT(store.data.crls, ElementsAre(value('c'), value('e')));
  EXPECT_THAT(store.of_signatures.at(0).data.crls, ElementsAre(value('e')));
}

TEST(SecurityStore, IsEncryptedWithTheDocument) {
  const ScratchFolder folder;
  folder.write("plain.pdf", MadeDocument().make());
  for (const char* const kind : {"128 --use-aes=y --", "256 --"}) {
    const std::string file = (folder.path() / "e.pdf").native();
    const Ran ran = run("qpdf --encrypt open own " + std::string(kind) + " " +
                        (folder.path() / "plain.pdf").native() + " " + file);
    ASSERT_TRUE(ran.good) << ran.output;
    const std::string stored = with(folder.read("e.pdf"), first_store(), "open").value();
    EXPECT_THAT(stored, Not(HasSubstr(std::string(text_of(value('b', 2))) + "\nendstream")));
    EXPECT_THAT(read(stored, "open").data.certificates, ElementsAre(value('a'), value('b', 2)));
    const Ran checked =
        run("qpdf --password=open --check " + folder.write("s.pdf", stored).native());
    EXPECT_TRUE(checked.good) << checked.output;
  }
}

TEST(SecurityStore, LeavesASignatureWhole) {
  const std::string signed_once = sealed(MadeDocument().make()).value();
  const std::string stored = with(signed_once, first_store()).value();
  expect_good(MadeDocument().make(), stored, "SignetSeal1", {}, signed_once.size());
}

TEST(SecurityStore, IsCoveredByTheTimeStampOfItsUpdate) {
  const std::string first = sealed(MadeDocument().make()).value();
  SignatureWish wish;
  wish.kind = SignatureKind::time_stamp;
  wish.room = 100;
  wish.store = first_store();
  const std::string stamped = sealed(first, wish).value();
  const ScratchFolder folder;
  const Ran checked = run("qpdf --check " + folder.write("s.pdf", stamped).native());
  EXPECT_TRUE(checked.good) << checked.output;
  expect_good(MadeDocument().make(), stamped, "SignetSeal1", {}, first.size());
  EXPECT_THAT(read(stamped).data.crls, ElementsAre(value('c')));
  const std::string update = stamped.substr(first.size());
  EXPECT_THAT(update, HasSubstr("/DocTimeStamp"));
  EXPECT_EQ(update.find("startxref"), update.rfind("startxref"));
}

// What others wrote: no streams, filters that are not read, lists that are none.
TEST(SecurityStore, LeavesOutWhatIsNone) {
  MadeDocument wish;
  const int free = wish.first_free();
  wish.catalog = "/DSS << /Certs [1 0 R " + std::to_string(free) + " 0 R " +
                 std::to_string(free + 1) + " 0 R] /CRLs 7 /VRI << /AA [] /BB << /Cert 1 >> >> >>";
  wish.objects[free] =
      "<< /Length 2 /Filter [/ASCIIHexDecode /FlateDecode] >>\nstream\n00\nendstream";
  wish.objects[free + 1] = "<< /Length 3 >>\nstream\nabc\nendstream";
  const SecurityStore store = read(wish.make());
  EXPECT_THAT(store.data.certificates, ElementsAre(copy_of(view_of("abc"))));
  EXPECT_THAT(store.data.crls, IsEmpty());
  EXPECT_EQ(store.of_signatures.size(), 1U);
  const SecurityStore more = read(with(wish.make(), first_store()).value());
  EXPECT_EQ(more.data.certificates.size(), 3U);
  EXPECT_EQ(more.of_signatures.size(), 2U);
}

TEST(SecurityStore, NamesASignatureByItsContents) {
  EXPECT_EQ(vri_key(view_of("abc")), "A9993E364706816ABA3E25717850C26C9CD0D89D");
}

}  // namespace
}  // namespace signet::pdf
