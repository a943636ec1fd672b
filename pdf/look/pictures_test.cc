// Seals as poppler and MuPDF draw them, beside pictures that somebody has looked at (testing/pictures/).
// SIGNET_WRITE_PICTURES=FOLDER writes these again, by poppler, and the documents into the folder: look at them then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "pdf/look/testing/judges.h"
#include "pdf/look/testing/reference.h"
#include "pdf/look/testing/seals.h"
#include "tests/support/files.h"

namespace signet::pdf::look {
namespace {

using testing::distance;
using testing::kCell;
using testing::kColumns;
using testing::kRows;
using testing::SealCase;
using testing::SealedPage;
using testing::shades_of;
using testing::WrittenDocument;

// Programs draw the edges of letters and images differently.
constexpr double kTolerance = 0.27;

class PicturesTest : public ::testing::TestWithParam<SealCase> {};

std::filesystem::path reference_file(const SealCase& seal) {
  return std::filesystem::path(SIGNET_TEST_PICTURES) / (seal.reference + ".txt");
}

TEST_P(PicturesTest, TheSealLooksAsItDid) {
  const SealCase& seal = GetParam();
  SealedPage page(seal);
  ASSERT_TRUE(page.appearance()) << page.appearance().error().sentence;
  const WrittenDocument written(page.document());
  EXPECT_EQ(written.complaints(), "");
  EXPECT_LT(written.size(), 60000U);
  const std::string poppler = shades_of(written.poppler_raster(2 * 72 * seal.user_unit));
  const std::string mupdf = shades_of(written.mupdf_raster(kColumns * kCell, kRows * kCell));
  if (const char* const folder = std::getenv("SIGNET_WRITE_PICTURES"); folder != nullptr) {
    if (seal.name == seal.reference) tests::write_file(reference_file(seal), poppler);
    std::filesystem::copy_file(written.file(), std::filesystem::path(folder) / (seal.name + ".pdf"),
                               std::filesystem::copy_options::overwrite_existing);
  }
  const std::string reference = tests::read_file(reference_file(seal));
  EXPECT_LT(distance(poppler, reference), kTolerance) << poppler << reference;
  EXPECT_LT(distance(mupdf, reference), kTolerance) << mupdf << reference;
}

INSTANTIATE_TEST_SUITE_P(Seals, PicturesTest, ::testing::ValuesIn(testing::seal_cases()),
                         [](const auto& param) {
                           std::string name = param.param.name;
                           std::replace(name.begin(), name.end(), '-', 'm');
                           return name;
                         });

TEST(PictureDistanceTest, DifferentSealsAreFarApart) {
  const auto read = [](const char* name) {
    return tests::read_file(std::filesystem::path(SIGNET_TEST_PICTURES) / name);
  };
  EXPECT_GT(distance(read("czech.txt"), read("arabic.txt")), 2 * kTolerance);
  EXPECT_GT(distance(read("style_start.txt"), read("style_end.txt")), kTolerance);
  EXPECT_GT(distance(read("beside.txt"), read("behind.txt")), 2 * kTolerance);
  EXPECT_EQ(distance(read("czech.txt"), ""), 10);
}

}  // namespace
}  // namespace signet::pdf::look
