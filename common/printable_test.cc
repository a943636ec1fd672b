#include "common/printable.h"

#include <gtest/gtest.h>

#include <sstream>

namespace signet {
namespace {

constexpr std::string_view kHostile =
    "a\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f\xff\r\tz\xc5\xbe";
constexpr std::string_view kShown = R"(a\x1b[31m\x7f\x9b\u202e\u2066\u061c\u200f\xff\r\tz)"
                                    "\xc5\xbe";

TEST(Printable, ShowsWhatWouldMoveTheCursorOrTurnTheText) {
  EXPECT_EQ(printable(kHostile), kShown);
  EXPECT_EQ(printable("a\nb"), "a\\nb");
}

TEST(PrintableStream, LeavesOnlyLineEndsAsTheyAre) {
  std::ostringstream out;
  PrintableStream stream(out);
  stream << kHostile << '\n' << 7 << "\n\n";
  EXPECT_EQ(out.str(), std::string(kShown) + "\n7\n\n");
}

TEST(PrintableStream, PutsCharactersTogetherThatComeInPieces) {
  for (std::size_t size = 1; size < 5; ++size) {
    std::ostringstream out;
    PrintableStream stream(out);
    for (std::size_t at = 0; at < kHostile.size(); at += size) stream << kHostile.substr(at, size);
    stream.flush();
    EXPECT_EQ(out.str(), kShown) << size;
  }
}

TEST(PrintableStream, ShowsACharacterThatNeverBecomesWhole) {
  std::ostringstream out;
  PrintableStream stream(out);
  stream << "a\xe2\x80" << std::flush << "\xaeq";
  EXPECT_EQ(out.str(), R"(a\xe2\x80\xaeq)");
}

TEST(PrintableStream, FailsWhereTheOtherStreamDoes) {
  std::ostringstream out;
  PrintableStream stream(out);
  out.setstate(std::ios::badbit);
  stream << "x" << std::flush;
  EXPECT_FALSE(stream);
}

}  // namespace
}  // namespace signet
