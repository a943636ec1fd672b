#include "pkcs11-module/token/metrics_writer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "common/log.h"
#include "common/testing/scratch_folder.h"
#include "dsa-transport/metrics_folder.h"

namespace signet::token {
namespace {

using namespace std::chrono_literals;

class MetricsWriterTest : public testing::Test {
 protected:
  std::filesystem::path folder() const { return scratch_.path("metrics"); }

  std::vector<transport::TokenFigures> figures() {
    ++collected_;
    return {{"seal", {static_cast<std::uint64_t>(collected_), 0, {}}}};
  }

  MetricsWriter::Collect collect() {
    return [this] { return figures(); };
  }

  std::vector<transport::FoundProcess> found() const {
    return transport::read_metrics(folder()).processes;
  }

  ScratchFolder scratch_;
  int collected_ = 0;
};

TEST_F(MetricsWriterTest, WritesAtTheFirstCallAndThenNotBeforeTheIntervalHasPassed) {
  MetricsWriter writer({folder(), 1h});
  for (int i = 0; i < 5; ++i) writer.write_if_due(collect());
  EXPECT_EQ(collected_, 1);
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found().front().figures.pid, getpid());
  EXPECT_EQ(found().front().state, transport::ProcessState::active);
  EXPECT_FALSE(found().front().figures.version.empty());
}

TEST_F(MetricsWriterTest, WritesAgainAfterTheInterval) {
  MetricsWriter writer({folder(), 20ms});
  writer.write_if_due(collect());
  std::this_thread::sleep_for(25ms);
  writer.write_if_due(collect());
  EXPECT_EQ(collected_, 2);
  EXPECT_EQ(found().front().figures.tokens.front().figures.calls, 2U);
}

TEST_F(MetricsWriterTest, TheLastFiguresAreWrittenWheneverTheyCome) {
  MetricsWriter writer({folder(), 1h});
  writer.write_if_due(collect());
  writer.write_last(collect(), false);
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found().front().state, transport::ProcessState::finalized);
  EXPECT_EQ(found().front().figures.tokens.front().figures.calls, 2U);
}

TEST_F(MetricsWriterTest, WithoutAFolderNothingIsCollected) {
  MetricsWriter writer({});
  writer.write_if_due(collect());
  writer.write_last(collect(), false);
  EXPECT_EQ(collected_, 0);
}

TEST_F(MetricsWriterTest, AForkedChildDoesNotWriteItsParentsFigures) {
  MetricsWriter writer({folder(), 1ms});
  writer.write_if_due(collect());
  const pid_t child = fork();
  if (child == 0) {
    std::this_thread::sleep_for(5ms);
    writer.write_if_due(collect());
    writer.write_last(collect(), false);
    _exit(collected_ == 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found().front().figures.pid, getpid());
}

TEST_F(MetricsWriterTest, ComplainsOnceUntilItGoesWellAgain) {
  const std::string log_file = scratch_.path("log");
  ASSERT_EQ(log::open({.level = log::Level::warn, .to = log_file}), "");
  std::filesystem::create_directory(folder());
  ASSERT_EQ(chmod(folder().c_str(), 0777), 0);
  MetricsWriter writer({folder(), 1h});
  writer.write_last(collect(), true);
  writer.write_last(collect(), true);
  log::close();
  const std::string text = scratch_.read("log");
  const auto first = text.find("are not written");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("are not written", first + 1), std::string::npos) << text;
}

}  // namespace
}  // namespace signet::token
