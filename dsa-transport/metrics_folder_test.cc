#include "dsa-transport/metrics_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "common/testing/scratch_folder.h"

namespace signet::transport {
namespace {

namespace fs = std::filesystem;

class MetricsFolderTest : public testing::Test {
 protected:
  fs::path metrics() const { return scratch_.path("metrics"); }

  static ProcessFigures mine() {
    auto process = this_process();
    EXPECT_TRUE(process.has_value());
    process->tokens = {{"seal", {3, 0, {{"https://a:1/x", {}}}}}};
    return *std::move(process);
  }

  // The figures of a process that has ended.
  static ProcessFigures ended(pid_t pid) {
    ProcessFigures process = mine();
    process.pid = pid;
    process.started += 1;
    return process;
  }

  ScratchFolder scratch_;
};

TEST_F(MetricsFolderTest, AProcessFindsItself) {
  const auto process = this_process();
  ASSERT_TRUE(process);
  EXPECT_EQ(process->pid, getpid());
  EXPECT_GT(process->started, 0U);
  EXPECT_FALSE(process->program.empty());
}

TEST_F(MetricsFolderTest, WhatAProcessWritesIsFoundAsRunning) {
  ASSERT_TRUE(write_metrics(metrics(), mine()));
  const FoundMetrics found = read_metrics(metrics());
  EXPECT_TRUE(found.problems.empty());
  ASSERT_EQ(found.processes.size(), 1U);
  EXPECT_EQ(found.processes.front().state, ProcessState::active);
  EXPECT_EQ(found.processes.front().owner, geteuid());
  EXPECT_EQ(found.processes.front().figures, mine());
  struct stat status {};
  ASSERT_EQ(stat(found.processes.front().file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(MetricsFolderTest, TellsFinalizedAndEndedProcessesApart) {
  ProcessFigures process = mine();
  process.active = false;
  ASSERT_TRUE(write_metrics(metrics(), process));
  EXPECT_EQ(read_metrics(metrics()).processes.front().state, ProcessState::finalized);

  const pid_t child = fork();
  if (child == 0) {
    const auto self = this_process();
    _exit(self && write_metrics(metrics(), *self) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const FoundMetrics found = read_metrics(metrics());
  ASSERT_EQ(found.processes.size(), 2U);
  for (const FoundProcess& one : found.processes) {
    EXPECT_EQ(one.state == ProcessState::ended, one.figures.pid == child);
  }
}

TEST_F(MetricsFolderTest, AnotherProcessWithTheSameIdIsNotTheSame) {
  ASSERT_TRUE(write_metrics(metrics(), ended(getpid())));
  EXPECT_EQ(read_metrics(metrics()).processes.front().state, ProcessState::ended);
}

TEST_F(MetricsFolderTest, SaysWhichFileItCannotUse) {
  ASSERT_TRUE(write_metrics(metrics(), mine()));
  scratch_.write("metrics/signet-1-2.prom", "nonsense\n");
  scratch_.write("metrics/other.txt", "not ours\n");
  fs::create_symlink("/etc/passwd", metrics() / "signet-3-4.prom");
  const FoundMetrics found = read_metrics(metrics());
  EXPECT_EQ(found.processes.size(), 1U);
  EXPECT_EQ(found.problems.size(), 2U);
}

TEST_F(MetricsFolderTest, ANameThatIsAnotherProcesssIsNotBelieved) {
  ASSERT_TRUE(write_metrics(metrics(), mine()));
  fs::rename(read_metrics(metrics()).processes.front().file, metrics() / "signet-1-1.prom");
  EXPECT_TRUE(read_metrics(metrics()).processes.empty());
}

// A list of members of three bytes each would be a hundred times as much memory.
TEST_F(MetricsFolderTest, AFileThatPromisesMuchIsNotBelieved) {
  std::string text = metrics_file_text(mine());
  const std::string list = "\"members\":[";
  const auto at = text.rfind(list);
  ASSERT_NE(at, std::string::npos);
  std::string more;
  while (more.size() < kLargestMetricsFile / 2) more += "{},";
  text.insert(at + list.size(), more);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(read_metrics_file(text));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
}

TEST_F(MetricsFolderTest, TidyingOpensNoFile) {
  ASSERT_TRUE(write_metrics(metrics(), mine()));
  for (int i = 0; i < 50; ++i) {
    // A FIFO would have a reader, and a file be read, with another time of access.
    ASSERT_EQ(
        mkfifo((metrics() / ("signet-1000000000-" + std::to_string(i) + ".prom")).c_str(), 0600),
        0);
  }
  remove_old_metrics(metrics());
  EXPECT_EQ(read_metrics(metrics()).problems.size(), kMostEndedProcesses);
}

TEST_F(MetricsFolderTest, ReadsNoMoreThanItsLimits) {
  ASSERT_TRUE(write_metrics(metrics(), mine()));
  for (std::size_t i = 0; i < kMostMetricsFiles + 10; ++i) {
    scratch_.write("metrics/signet-1-" + std::to_string(i) + ".prom", "x\n");
  }
  FoundMetrics found = read_metrics(metrics());
  EXPECT_LE(found.problems.size(), kMostMetricsFiles + 1);
  EXPECT_NE(found.problems.back().find("files are too many or too large"), std::string::npos);
  for (int i = 0; i < 30; ++i) {
    const auto file = scratch_.write("metrics/signet-0-" + std::to_string(i) + ".prom", "x\n");
    fs::resize_file(file, kLargestMetricsFile);
  }
  const auto began = std::chrono::steady_clock::now();
  found = read_metrics(metrics());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  EXPECT_LT(found.problems.size(), 50U);
}

TEST_F(MetricsFolderTest, OtherUsersFilesAreReadLast) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_TRUE(write_metrics(metrics(), ended(1'000'000'000)));
  for (std::size_t i = 0; i < kMostMetricsFiles; ++i) {
    const auto file = scratch_.write("metrics/signet-1-" + std::to_string(i) + ".prom", "x\n");
    ASSERT_EQ(chown(file.c_str(), 12345, 12345), 0);
  }
  ASSERT_TRUE(write_metrics(metrics(), mine()));
  EXPECT_EQ(read_metrics(metrics()).processes.size(), 2U);
}

TEST_F(MetricsFolderTest, NoFolderMeansNoProcesses) {
  const FoundMetrics found = read_metrics(metrics());
  EXPECT_TRUE(found.processes.empty());
  EXPECT_TRUE(found.problems.empty());
}

TEST_F(MetricsFolderTest, RefusesAFolderThatOthersMayChange) {
  fs::create_directory(metrics());
  ASSERT_EQ(chmod(metrics().c_str(), 0777), 0);
  const auto written = write_metrics(metrics(), mine());
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().sentence.find(metrics().string()), std::string::npos);
}

TEST_F(MetricsFolderTest, KeepsTheNewestOfTheEndedProcesses) {
  ASSERT_TRUE(write_metrics(metrics(), mine()));
  const int count = static_cast<int>(kMostEndedProcesses) + 5;
  for (int i = 1; i <= count; ++i) {
    ProcessFigures process = ended(1'000'000'000 + i);
    process.written = std::chrono::system_clock::time_point(std::chrono::seconds(i));
    ASSERT_TRUE(write_metrics(metrics(), process));
  }
  remove_old_metrics(metrics());
  const auto processes = read_metrics(metrics()).processes;
  EXPECT_EQ(processes.size(), kMostEndedProcesses + 1) << "the running one stays";
  for (const FoundProcess& process : processes) EXPECT_NE(process.figures.pid, 1'000'000'001);
}

}  // namespace
}  // namespace signet::transport
