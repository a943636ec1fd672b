// What was changed after a signature: good updates have nothing that is not allowed, attacks have what they are.
#include "validation/pdf_changes.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/problem_documents.h"
#include "validation/testing/changed_documents.h"
#include "validation/testing/seen_changes.h"

namespace signet::validation {
namespace {

using pdf::MadeDocument;
using pdf::updated;
using testing::Contains;
using testing::HasSubstr;

TEST(PdfChanges, GoodUpdatesHaveNothingThatIsNotAllowed) {
  for (const ChangedDocument& good : good_updates()) {
    SCOPED_TRACE(fmt::format("{} after certification {}", good.name, good.certify));
    const std::string sealed = signed_as(good.base, plain_signature(good.certify));
    const auto changes = changes_of(good.change(sealed), 1);
    expect_all_allowed(changes);
    for (const ChangeKind kind : good.kinds)
      EXPECT_THAT(kinds_of(changes, true), Contains(kind)) << told(changes);
    // The updates that are made here leave /Info out of their trailers.
    const bool only_metadata = std::ranges::all_of(
        changes, [](const auto& one) { return one.kind == ChangeKind::metadata; });
    EXPECT_TRUE(!good.kinds.empty() || only_metadata) << told(changes);
    EXPECT_EQ(std::ranges::any_of(changes, [](const auto& one) { return one.warning.has_value(); }),
              good.warned)
        << told(changes);
  }
}

TEST(PdfChanges, AttacksHaveWhatTheyAre) {
  for (const ChangedDocument& attack : attacks()) {
    SCOPED_TRACE(attack.name);
    const std::string sealed = signed_as(attack.base, plain_signature(attack.certify));
    const auto changes = changes_of(attack.change(sealed), 1);
    for (const ChangeKind kind : attack.kinds)
      EXPECT_THAT(kinds_of(changes, false), Contains(kind)) << told(changes);
    for (const PdfChange& change : changes) {
      EXPECT_EQ(change.revision, 2U);
      EXPECT_EQ(change.rule.has_value(), !change.allowed) << told(changes);
      EXPECT_FALSE(text_of(change.what, Language::czech).empty());
    }
  }
}

TEST(PdfChanges, ATimeStampBehindAnAttackDoesNotMakeItGood) {
  for (const ChangedDocument& attack : attacks()) {
    SCOPED_TRACE(attack.name);
    const std::string sealed = signed_as(attack.base, plain_signature(attack.certify));
    std::string later;
    try {
      later = signed_as(attack.change(sealed), plain_time_stamp());
    } catch (const std::runtime_error&) {
      continue;  // what cannot be sealed
    }
    EXPECT_FALSE(kinds_of(changes_of(later, 1), false).empty());
  }
}

TEST(PdfChanges, NothingChangedIsNothing) {
  const std::string sealed = signed_as(MadeDocument().make(), plain_signature());
  EXPECT_TRUE(changes_of(sealed, 1).empty());
  const auto none = changes_of(sealed, 1, "another");
  ASSERT_EQ(none.size(), 1U);
  EXPECT_EQ(none[0].kind, ChangeKind::unreadable);
  EXPECT_EQ(changes_of(sealed, 7)[0].kind, ChangeKind::unreadable);
}

void expect_seals_allowed(const std::string& bytes, std::string_view password = {}) {
  std::string sealed, first, second;
  try {
    sealed = signed_as(bytes, plain_signature(), password, &first);
  } catch (const std::runtime_error&) {
    return;  // what is refused is tested with the sealing
  }
  const std::size_t covered = revisions_of(sealed, password) - 1;
  std::string later = signed_as(sealed, plain_signature(), password, &second);
  later = signed_as(later, plain_time_stamp(), password);
  later = signed_as(later, plain_time_stamp(), password);
  expect_all_allowed(changes_of(later, covered, first, password));
  expect_all_allowed(changes_of(later, covered + 1, second, password));
}

TEST(PdfChanges, OurOwnSealsAreAllowedInDocumentsOfEveryBuild) {
  for (const auto& documents :
       {pdf::odd_documents(), pdf::documents_with_forms(), pdf::documents_with_turned_pages()}) {
    for (const auto& [name, bytes] : documents) {
      SCOPED_TRACE(name);
      if (name.find("behind") == std::string::npos) expect_seals_allowed(bytes);
    }
  }
  for (const auto form :
       {MadeDocument::Form::table, MadeDocument::Form::stream, MadeDocument::Form::hybrid}) {
    MadeDocument wish;
    wish.form = form;
    wish.pages = 7;
    wish.nested_pages = true;
    SCOPED_TRACE(static_cast<int>(form));
    expect_seals_allowed(wish.make());
  }
}

TEST(PdfChanges, PackedAndEncryptedDocumentsAreCompared) {
  const ScratchFolder folder;
  MadeDocument wish;
  wish.pages = 3;
  const std::string plain = folder.write("plain.pdf", wish.make()).string();
  const std::string made = folder.path("made.pdf").string();
  for (const char* const options :
       {"--object-streams=generate", "--linearize", "--linearize --object-streams=generate",
        "--encrypt '' owner 256 --", "--allow-weak-crypto --encrypt '' owner 128 --use-aes=y --"}) {
    SCOPED_TRACE(options);
    ASSERT_TRUE(pdf::run(fmt::format("qpdf {} {} {}", options, plain, made)).good);
    expect_seals_allowed(folder.read("made.pdf"), "owner");
  }
}

}  // namespace
}  // namespace signet::validation
