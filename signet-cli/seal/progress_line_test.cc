#include "signet-cli/seal/progress_line.h"

#include <gtest/gtest.h>

namespace signet::cli {
namespace {

using std::chrono::milliseconds;

TEST(ProgressText, SaysDocumentsRateAndTimeLeft) {
  EXPECT_EQ(progress_text(0, 40, 0, milliseconds(500)), "0 of 40 documents");
  EXPECT_EQ(progress_text(10, 40, 0, milliseconds(2'500)),
            "10 of 40 documents, 4.0 a second, 8 s left");
  EXPECT_EQ(progress_text(1, 61, 0, milliseconds(1'000)),
            "1 of 61 documents, 1.0 a second, 1 min 00 s left");
  EXPECT_EQ(progress_text(1, 8'000, 0, milliseconds(1'000)),
            "1 of 8000 documents, 1.0 a second, 2 h 13 min left");
  EXPECT_EQ(progress_text(40, 40, 0, milliseconds(10'000)), "40 of 40 documents, 4.0 a second");
}

TEST(ProgressText, SaysMegabytesOfOneDocumentAndNoEndWhereNobodyKnowsIt) {
  EXPECT_EQ(progress_text(0, 1, 300'000'000, milliseconds(2'000)), "300 MB read, 150 MB/s");
  EXPECT_EQ(progress_text(0, 1, 0, milliseconds(0)), "0 MB read, 0 MB/s");
  EXPECT_EQ(progress_text(7, 0, 0, milliseconds(3'500)), "7 documents, 2.0 a second");
}

}  // namespace
}  // namespace signet::cli
