// Digests in one pass are those of each part by itself.
#include "validation/reading/pieces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "crypto/cms/reader.h"
#include "validation/reading/signer_reading.h"

namespace signet::validation {
namespace {

Bytes sample(std::size_t size) {
  std::mt19937 random(7);
  Bytes bytes(size);
  for (std::uint8_t& one : bytes) one = static_cast<std::uint8_t>(random());
  return bytes;
}

Bytes expected(const Bytes& bytes, const DigestJob& job) {
  Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(job.gap_begin));
  part.insert(part.end(), bytes.begin() + static_cast<std::ptrdiff_t>(job.gap_end),
              bytes.begin() + static_cast<std::ptrdiff_t>(job.end));
  return digest_of(job.hash, part);
}

TEST(Pieces, EqualDigestsOfEachPartAlone) {
  const Bytes bytes = sample(3'000'000);
  std::mt19937 random(1);
  std::vector<DigestJob> jobs = {{crypto::Hash::sha256, 0, 0, 3'000'000},
                                 {crypto::Hash::sha512, 0, 0, 3'000'000},
                                 {crypto::Hash::sha256, 0, 0, 0},
                                 {crypto::Hash::sha256, 5, 9, 9},
                                 {crypto::Hash::sha256, 1'048'576, 2'097'152, 3'000'000},
                                 {crypto::Hash::sha256, 0, 100, 1'048'576}};
  for (int i = 0; i < 20; ++i) {
    std::array<std::uint64_t, 3> at = {random() % 3'000'000, random() % 3'000'000,
                                       random() % 3'000'000};
    std::ranges::sort(at);
    jobs.push_back({i % 2 == 0 ? crypto::Hash::sha256 : crypto::Hash::sha1, at[0], at[1], at[2]});
  }
  const PassResult pass = digest_all(jobs, cms::Source::of(bytes).read, {});
  ASSERT_FALSE(pass.fault.has_value());
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    ASSERT_TRUE(pass.digests[job].has_value()) << job;
    EXPECT_EQ(*pass.digests[job], expected(bytes, jobs[job])) << job;
  }
}

TEST(Pieces, WorkIsBounded) {
  const Bytes bytes = sample(1'000'000);
  std::vector<DigestJob> jobs;
  for (std::uint64_t i = 0; i < 1000; ++i)
    jobs.push_back({crypto::Hash::sha256, i + 1, i + 2, 1'000'000});
  const PassResult pass = digest_all(jobs, cms::Source::of(bytes).read, {});
  EXPECT_FALSE(pass.fault.has_value());
  EXPECT_FALSE(pass.digests.front().has_value());
}

TEST(Pieces, CanBeCancelledAndFail) {
  const Bytes bytes = sample(100);
  const std::vector<DigestJob> jobs = {{crypto::Hash::sha256, 0, 0, 100}};
  EXPECT_EQ(digest_all(jobs, cms::Source::of(bytes).read, [](auto, auto) { return false; }).fault,
            PassFault::cancelled);
  EXPECT_EQ(digest_all(jobs, [](auto, auto) { return false; }, {}).fault, PassFault::unreadable);
  EXPECT_TRUE(digest_all({}, cms::Source::of(bytes).read, {}).digests.empty());
}

}  // namespace
}  // namespace signet::validation
