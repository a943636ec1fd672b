#include "dsa-transport/metrics_text.h"

#include <fmt/format.h>

#include <initializer_list>
#include <iterator>
#include <utility>

#include "dsa-transport/metrics_table.h"

namespace signet::transport {

namespace {

using Label = std::pair<std::string_view, std::string_view>;

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? "\\n" : std::string(1, c);
  }
  return text;
}

class Writer {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   type);
  }

  void sample(std::string_view name, std::initializer_list<Label> labels, std::string_view value) {
    text_ += name;
    char before = '{';
    for (const auto& [label, content] : labels) {
      fmt::format_to(std::back_inserter(text_), "{}{}=\"{}\"", before, label, escaped(content));
      before = ',';
    }
    fmt::format_to(std::back_inserter(text_), "}} {}\n", value);
  }

  std::string finish() { return std::move(text_); }

 private:
  std::string text_;
};

std::string seconds(std::uint64_t milliseconds) {
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

using Processes = std::span<const ProcessFigures>;

void write_processes(Writer& writer, Processes processes) {
  writer.family(kProcessInfo, "gauge", "A process that uses the module.");
  for (const ProcessFigures& process : processes) {
    writer.sample(kProcessInfo,
                  {{"pid", std::to_string(process.pid)},
                   {"started", std::to_string(process.started)},
                   {"program", process.program},
                   {"version", process.version}},
                  "1");
  }
  writer.family(kActive, "gauge", "1 from C_Initialize to C_Finalize.");
  for (const ProcessFigures& process : processes) {
    writer.sample(kActive, {{"pid", std::to_string(process.pid)}}, process.active ? "1" : "0");
  }
  writer.family(kWritten, "gauge", "When these figures were written, in seconds since 1970.");
  for (const ProcessFigures& process : processes) {
    const auto written =
        std::chrono::duration_cast<Milliseconds>(process.written.time_since_epoch()).count();
    writer.sample(kWritten, {{"pid", std::to_string(process.pid)}},
                  seconds(static_cast<std::uint64_t>(written)));
  }
}

// Calls `write(pid, token)` for each token of each process.
template <typename Write>
void for_each_token(Processes processes, Write write) {
  for (const ProcessFigures& process : processes) {
    const std::string pid = std::to_string(process.pid);
    for (const TokenFigures& token : process.tokens) write(pid, token);
  }
}

// Calls `write(pid, label, member)` for each member.
template <typename Write>
void for_each_member(Processes processes, Write write) {
  for_each_token(processes, [&](const std::string& pid, const TokenFigures& token) {
    for (const MemberFigures& member : token.figures.members) write(pid, token.label, member);
  });
}

void write_latencies(Writer& writer, Processes processes) {
  writer.family(kLatency, "histogram",
                "Time of an attempt, from the wait for a connection to the end of the answer.");
  const std::string bucket = std::string(kLatency) + "_bucket";
  for_each_member(processes, [&](const std::string& pid, const std::string& token,
                                 const MemberFigures& member) {
    const Latencies& latencies = member.totals.latencies;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < latencies.cells.size(); ++i) {
      count += latencies.cells.at(i);
      const bool last = i == kLatencyBounds.size();
      writer.sample(bucket,
                    {{"pid", pid},
                     {"token", token},
                     {"member", member.url},
                     {"le", last ? "+Inf" : seconds(kLatencyBounds.at(i))}},
                    std::to_string(count));
    }
    writer.sample(std::string(kLatency) + "_sum",
                  {{"pid", pid}, {"token", token}, {"member", member.url}},
                  seconds(latencies.milliseconds));
    writer.sample(std::string(kLatency) + "_count",
                  {{"pid", pid}, {"token", token}, {"member", member.url}}, std::to_string(count));
  });
}

}  // namespace

std::string prometheus_text(Processes processes) {
  Writer writer;
  write_processes(writer, processes);
  for (const TokenMetric& metric : kTokenMetrics) {
    writer.family(metric.name, "counter", metric.help);
    for_each_token(processes, [&](const std::string& pid, const TokenFigures& token) {
      writer.sample(metric.name, {{"pid", pid}, {"token", token.label}},
                    std::to_string(token.figures.*metric.value));
    });
  }
  for (const MemberMetric& metric : kMemberMetrics) {
    writer.family(metric.name, "counter", metric.help);
    for_each_member(processes, [&](const std::string& pid, const std::string& token,
                                   const MemberFigures& member) {
      writer.sample(metric.name, {{"pid", pid}, {"token", token}, {"member", member.url}},
                    std::to_string(member.totals.*metric.value));
    });
  }
  write_latencies(writer, processes);
  return writer.finish();
}

}  // namespace signet::transport
