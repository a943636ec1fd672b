#include "dsa-transport/metrics_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace signet::transport {
namespace {

ProcessFigures process_with(pid_t pid, const std::string& label) {
  Totals totals;
  totals.requests = 11;
  totals.request_failures = 2;
  totals.handshakes = 3;
  totals.retries = 4;
  totals.failovers = 5;
  totals.stale_connections = 6;
  totals.pin_failures = 7;
  totals.bytes_sent = 8;
  totals.bytes_received = 9;
  totals.latencies.cells.at(0) = 1;
  totals.latencies.cells.at(4) = 7;
  totals.latencies.cells.at(12) = 3;
  totals.latencies.milliseconds = 123'456;
  ProcessFigures process;
  process.pid = pid;
  process.started = 4711;
  process.program = "pkcs11-tool";
  process.version = "1.2.3";
  process.written = std::chrono::system_clock::time_point(Milliseconds(1'767'268'800'123));
  process.tokens = {{label, {21, 1, {{"https://a:1/dsa/v1", totals}, {"https://b:1/x", {}}}}},
                    {"other", {0, 0, {{"https://a:1/dsa/v1", {}}}}}};
  return process;
}

TEST(MetricsText, IsReadBackAsItWasWritten) {
  for (const char* label : {"seal", "a \"b\"\\n\n,} 1", "pečeť"}) {
    ProcessFigures process = process_with(99, label);
    EXPECT_EQ(read_prometheus_text(prometheus_text({&process, 1})), process) << label;
    process.active = false;
    EXPECT_EQ(read_prometheus_text(prometheus_text({&process, 1})), process) << label;
  }
}

TEST(MetricsText, HasTheFormThatPrometheusReads) {
  const ProcessFigures process = process_with(99, "seal");
  const std::string text = prometheus_text({&process, 1});
  for (const char* line : {
           "# TYPE signet_requests_total counter\n",
           "signet_requests_total{pid=\"99\",token=\"seal\",member=\"https://a:1/dsa/v1\"} 11\n",
           "signet_calls_total{pid=\"99\",token=\"seal\"} 21\n",
           "signet_written_seconds{pid=\"99\"} 1767268800.123\n",
           "member=\"https://a:1/dsa/v1\",le=\"0.005\"} 1\n",
           "member=\"https://a:1/dsa/v1\",le=\"0.100\"} 8\n",
           "member=\"https://a:1/dsa/v1\",le=\"60.000\"} 8\n",
           "member=\"https://a:1/dsa/v1\",le=\"+Inf\"} 11\n",
           "member=\"https://a:1/dsa/v1\"} 123.456\n",
       }) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(MetricsText, ManyProcessesKeepTheSamplesOfOneMetricTogether) {
  const std::vector<ProcessFigures> processes = {process_with(1, "a"), process_with(2, "a")};
  std::istringstream lines(prometheus_text(processes));
  std::string family;
  std::vector<std::string> families;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_EQ(std::ranges::count(families, family), 0) << family;
      families.push_back(family);
    } else if (!line.starts_with("#")) {
      EXPECT_TRUE(line.starts_with(family)) << line;
    }
  }
  EXPECT_GE(families.size(), 15U);
}

TEST(MetricsText, WhatIsNotAFileOfFiguresIsNone) {
  const ProcessFigures process = process_with(99, "seal");
  const std::string good = prometheus_text({&process, 1});
  EXPECT_FALSE(read_prometheus_text(""));
  EXPECT_FALSE(read_prometheus_text("# nothing\n"));
  EXPECT_FALSE(read_prometheus_text("{\"json\":true}\n"));
  EXPECT_FALSE(read_prometheus_text(good + good)) << "two processes";
  EXPECT_FALSE(read_prometheus_text(good + "signet_requests_total{token=\"a\"} many\n"));
  EXPECT_FALSE(read_prometheus_text(good + "signet_requests_total{token=\"a\n"));
  EXPECT_FALSE(read_prometheus_text(good + "signet_written_seconds{} 99999999999.000\n"))
      << "the clock's type ends before";
}

TEST(MetricsText, ATextCutAnywhereNeverHarms) {
  const ProcessFigures process = process_with(99, "seal");
  const std::string good = prometheus_text({&process, 1});
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto read = read_prometheus_text(good.substr(0, size));
    EXPECT_TRUE(!read || good[size - 1] == '\n') << size;
  }
}

}  // namespace
}  // namespace signet::transport
