// Comparisons end, whatever a document holds.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "pdf/testing/pdf_maker.h"
#include "tests/support/sanitizers.h"
#include "validation/testing/changed_documents.h"
#include "validation/testing/seen_changes.h"

namespace signet::validation {
namespace {

using pdf::MadeDocument;
using pdf::replaced;
using pdf::updated;
using testing::HasSubstr;

std::vector<PdfChange> changes_within(const std::string& bytes, std::size_t revision,
                                      const ChangeBounds& bounds) {
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)));
  EXPECT_TRUE(document);
  return RevisionChanges(*document.value(), {}, revision, bounds).after(revision, "SignetSeal1");
}

void expect_unreadable(const std::vector<PdfChange>& changes, const char* why) {
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes.back().kind, ChangeKind::unreadable) << told(changes);
  EXPECT_FALSE(changes.back().allowed);
  EXPECT_THAT(text_of(changes.back().what, Language::english), HasSubstr(why));
}

std::string later(const std::string& sealed) {
  return signed_as(sealed, plain_time_stamp());
}

TEST(PdfChangeBounds, TimeAndObjectsAreBounded) {
  MadeDocument wish;
  wish.pages = 2000;
  const std::string bytes = later(signed_as(wish.make(), plain_signature()));
  ChangeBounds bounds;
  expect_all_allowed(changes_within(bytes, 1, bounds));
  bounds.objects = 500;
  expect_unreadable(changes_within(bytes, 1, bounds), "more objects");
  bounds = {};
  bounds.time = std::chrono::milliseconds(0);
  expect_unreadable(changes_within(bytes, 1, bounds), "too long");
}

TEST(PdfChangeBounds, ManyPagesAreComparedWithinTheBounds) {
  MadeDocument wish;
  wish.pages = 100'000;
  const std::string bytes = later(later(signed_as(wish.make(), plain_signature())));
  ChangeBounds bounds;
#ifdef SIGNET_SANITIZED
  bounds.time *= 20;
#endif
  const auto changes = changes_within(bytes, 1, bounds);
  expect_all_allowed(changes);
  // The two time-stamps, and that the document names a higher level of its extension for them.
  EXPECT_EQ(kinds_of(changes, true).size(), 3U) << told(changes);
}

TEST(PdfChangeBounds, NestingAndLoopsEnd) {
  MadeDocument wish;
  const int first = wish.first_free();
  for (int at = 0; at < 1000; ++at)
    wish.objects[first + at] = fmt::format("[{} 0 R]", first + at + 1);
  wish.objects[first + 1000] = "(end)";
  wish.catalog = fmt::format("/Deep {} 0 R", first);
  const std::string deep = signed_as(wish.make(), plain_signature());
  expect_unreadable(changes_of(updated(deep, {{first + 1000, "(other)"}}), 1), "too deep");

  MadeDocument loop;
  loop.objects[loop.first_free()] = fmt::format("[{0} 0 R {0} 0 R 3]", loop.first_free());
  loop.catalog = fmt::format("/Loop {} 0 R", loop.first_free());
  const std::string looped = signed_as(loop.make(), plain_signature());
  const auto changes = changes_of(
      updated(looped, {{loop.first_free(), fmt::format("[{0} 0 R {0} 0 R 4]", loop.first_free())}}),
      1);
  EXPECT_THAT(kinds_of(changes, false), testing::ElementsAre(ChangeKind::catalog)) << told(changes);
  EXPECT_TRUE(
      kinds_of(
          changes_of(updated(looped, {{loop.first_free(), object_text(looped, loop.first_free())}}),
                     1),
          false)
          .empty());
}

TEST(PdfChangeBounds, AFormThatLoopsIsNotCompared) {
  MadeDocument wish;
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", wish.first_free());
  wish.objects[wish.first_free()] = "<< /FT /Tx /T (a) /Kids [] >>";
  const std::string sealed = signed_as(wish.make(), plain_signature());
  const int field = wish.first_free();
  expect_unreadable(
      changes_of(
          updated(sealed, {{field, fmt::format("<< /FT /Tx /T (a) /Kids [{} 0 R] >>", field)}}), 1),
      "loop");
}

TEST(PdfChangeBounds, WhatCouldBeContinuedLaterIsNotCompared) {
  MadeDocument wish;
  const int open = wish.first_free();
  int compared = 0;
  for (const char* const body :
       {"<< /Length 100000 >>\nstream\n", "(an open string", "<< /Length 7 0 R >>\nstream\n"}) {
    wish.objects[open] = "<< /Length 20 >>\nstream\n........................\nendstream";
    wish.objects[open + 1] = "200000";
    wish.objects[open + 2] = fmt::format("<< /Deeper {} 0 R >>", open);
    wish.catalog = fmt::format("/Extra {} 0 R", open + 2);
    std::string made = wish.make();
    // The same length, so that no offset moves.
    const std::string whole = wish.objects[open];
    std::string replacement = body;
    replacement.resize(whole.size() + std::string("\nendobj").size(), ' ');
    made = replaced(made, whole + "\nendobj", replacement);
    std::string sealed;
    try {
      sealed = signed_as(made, plain_signature());
    } catch (const std::runtime_error&) {
      continue;
    }
    ++compared;
    expect_unreadable(changes_of(later(sealed), 1), "does not end in its revision");
  }
  EXPECT_EQ(compared, 3);
}

TEST(PdfChangeBounds, BytesBehindTheEndAreSeen) {
  const std::string sealed = signed_as(MadeDocument().make(), plain_signature());
  EXPECT_TRUE(changes_of(sealed + "\n \n", 1).empty());
  const auto changes = changes_of(sealed + "more", 1);
  EXPECT_THAT(kinds_of(changes, false), testing::ElementsAre(ChangeKind::hidden)) << told(changes);
  EXPECT_FALSE(kinds_of(changes_of(later(sealed) + "more", 1), false).empty());
}

TEST(PdfChangeBounds, LargeStreamsAreComparedByTheirDigests) {
  MadeDocument wish;
  const int number = wish.first_free();
  const std::string data(8'000'000, 'x');
  wish.objects[number] = fmt::format("<< /Length {} >>\nstream\n{}\nendstream", data.size(), data);
  wish.catalog = fmt::format("/Extra {} 0 R", number);
  const std::string sealed = signed_as(wish.make(), plain_signature());
  EXPECT_TRUE(
      kinds_of(changes_of(updated(sealed, {{number, wish.objects[number]}}), 1), false).empty());
  std::string other = wish.objects[number];
  other[other.size() / 2] = 'y';
  EXPECT_THAT(kinds_of(changes_of(updated(sealed, {{number, other}}), 1), false),
              testing::ElementsAre(ChangeKind::catalog));
}

}  // namespace
}  // namespace signet::validation
