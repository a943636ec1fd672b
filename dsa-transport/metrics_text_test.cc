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
  totals.uncertain = 10;
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
    EXPECT_EQ(read_metrics_file(metrics_file_text(process)), process) << label;
    process.active = false;
    EXPECT_EQ(read_metrics_file(metrics_file_text(process)), process) << label;
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

TEST(MetricsText, AProgramsNameMayBeAnyBytes) {
  ProcessFigures process = process_with(99, "seal");
  process.program = "a\xFF\n";
  const auto read = read_metrics_file(metrics_file_text(process));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->program, "a\uFFFD\n");
}

TEST(MetricsText, RefusesWhatIsNotAMetricsFile) {
  const std::string good = metrics_file_text(process_with(99, "seal"));
  ASSERT_TRUE(read_metrics_file(good));
  EXPECT_FALSE(read_metrics_file(""));
  EXPECT_FALSE(read_metrics_file("\n"));
  EXPECT_FALSE(read_metrics_file("{\"json\":true}\n"));
  EXPECT_FALSE(read_metrics_file(good + "signet_requests_total{token=\"a\"} 1\n"));
  const auto with = [&](const std::string& old, const std::string& other) {
    std::string text = good;
    const auto at = text.rfind(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), other);
  };
  for (const auto& [old, other] : std::vector<std::pair<std::string, std::string>>{
           {"\"pid\":99", "\"pid\":0"},
           {"\"pid\":99", "\"pid\":\"99\""},
           {"\"pid\":99", "\"pid\":99999999999"},
           {"\"process\":{", "\"process\":7,\"other\":{"},
           {"\"requests\":11", "\"requests\":-1"},
           {"\"cells\":[", "\"cells\":[0,"},
           {"\"written\":1767268800123",
            "\"written\":99999999999000"},  // the clock's type ends before
           {"\"written\":1767268800123", "\"written\":-1"}}) {
    EXPECT_FALSE(read_metrics_file(with(old, other))) << other;
  }
}

TEST(MetricsText, RefusesATextCutAnywhere) {
  const std::string good = metrics_file_text(process_with(99, "seal"));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(read_metrics_file(good.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace signet::transport
