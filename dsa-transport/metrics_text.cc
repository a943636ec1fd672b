#include "dsa-transport/metrics_text.h"

#include <fmt/format.h>

#include <array>
#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/json.hpp>
#include <boost/mp11/algorithm.hpp>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "common/json_text.h"
#include "common/printable.h"

namespace signet::transport {

// Their JSON forms: Boost.JSON takes the members' names.
BOOST_DESCRIBE_STRUCT(Latencies, (), (cells, milliseconds))
BOOST_DESCRIBE_STRUCT(Totals, (),
                      (requests, request_failures, handshakes, retries, failovers,
                       stale_connections, pin_failures, uncertain, bytes_sent, bytes_received,
                       latencies))
BOOST_DESCRIBE_STRUCT(MemberFigures, (), (url, totals))
BOOST_DESCRIBE_STRUCT(ApplianceFigures, (), (calls, failures, members))
BOOST_DESCRIBE_STRUCT(TokenFigures, (), (label, figures))
BOOST_DESCRIBE_STRUCT(ProcessFigures, (), (pid, started, program, version, active, tokens))

namespace {

struct MemberMetric {
  std::string_view name;
  std::string_view help;
  std::uint64_t Totals::*value;
};

constexpr std::array kMemberMetrics = std::to_array<MemberMetric>({
    {"signet_requests_total", "Attempts, also those that failed before a byte was sent.",
     &Totals::requests},
    {"signet_request_failures_total", "Attempts without a good answer, refusals included.",
     &Totals::request_failures},
    {"signet_handshakes_total", "Connections made, TLS handshake included.", &Totals::handshakes},
    {"signet_retries_total", "Attempts after the first of their call.", &Totals::retries},
    {"signet_failovers_total", "Calls that ended well here but began on another member.",
     &Totals::failovers},
    {"signet_stale_connections_total", "Kept-open connections that had died and were replaced.",
     &Totals::stale_connections},
    {"signet_pin_failures_total", "Handshakes ended because no pin matched.",
     &Totals::pin_failures},
    {"signet_uncertain_requests_total",
     "Requests that were perhaps carried out, had no good answer, and were not repeated.",
     &Totals::uncertain},
    {"signet_sent_bytes_total", "HTTP, without TLS.", &Totals::bytes_sent},
    {"signet_received_bytes_total", "HTTP, without TLS.", &Totals::bytes_received},
});

struct TokenMetric {
  std::string_view name;
  std::string_view help;
  std::uint64_t ApplianceFigures::*value;
};

constexpr std::array kTokenMetrics = std::to_array<TokenMetric>({
    {"signet_calls_total", "Calls of the appliance that went to the network.",
     &ApplianceFigures::calls},
    {"signet_call_failures_total", "Calls of the appliance that ended in an error.",
     &ApplianceFigures::failures},
});

constexpr std::string_view kProcessInfo = "signet_process_info";
constexpr std::string_view kActive = "signet_module_active";
constexpr std::string_view kWritten = "signet_written_seconds";
constexpr std::string_view kLatency = "signet_request_seconds";

using Label = std::pair<std::string_view, std::string_view>;

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : printable(value)) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
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

constexpr std::string_view kComment = "# signet-figures ";

std::int64_t milliseconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<Milliseconds>(time.time_since_epoch()).count();
}

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
    writer.sample(kWritten, {{"pid", std::to_string(process.pid)}},
                  seconds(static_cast<std::uint64_t>(milliseconds_of(process.written))));
  }
}

// Boost.JSON's try_value_to reads described classes too, but g++ 12 takes its result for an uninitialised one (a warning,
// which is an error here). So classes and lists are read into objects that exist, and it reads what they are made of.
template <typename T>
bool read_into(const boost::json::value& from, T& into) {
  auto read = boost::json::try_value_to<T>(from);
  if (!read) return false;
  into = *std::move(read);
  return true;
}

template <typename T>
  requires boost::describe::has_describe_members<T>::value
bool read_into(const boost::json::value& from, T& into);

template <typename T>
bool read_into(const boost::json::value& from, std::vector<T>& into) {
  const auto* const array = from.if_array();
  if (array == nullptr) return false;
  // One after the other: of a list that is wrong none is made but the first.
  for (const auto& item : *array) {
    if (!read_into(item, into.emplace_back())) return false;
  }
  return true;
}

template <typename T>
  requires boost::describe::has_describe_members<T>::value
bool read_into(const boost::json::value& from, T& into) {
  const auto* const object = from.if_object();
  bool good = object != nullptr;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
      [&](auto member) {
        const auto* const found = good ? object->if_contains(member.name) : nullptr;
        good = found != nullptr && read_into(*found, into.*member.pointer);
      });
  return good;
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

std::string metrics_file_text(const ProcessFigures& process) {
  const boost::json::object content = {{"written", milliseconds_of(process.written)},
                                       {"process", boost::json::value_from(process)}};
  return fmt::format("{}{}{}\n", prometheus_text({&process, 1}), kComment, json_text(content));
}

std::optional<ProcessFigures> read_metrics_file(std::string_view text) {
  if (!text.ends_with('\n')) return std::nullopt;  // cut off
  text.remove_suffix(1);
  text.remove_prefix(text.rfind('\n') + 1);
  if (!text.starts_with(kComment)) return std::nullopt;
  text.remove_prefix(kComment.size());
  constexpr std::size_t most_values = 200'000;
  constexpr std::size_t most_members = 1000;
  const JsonAmount amount = amount_of_json(text);
  if (amount.values > most_values || amount.members > most_members) return std::nullopt;
  boost::json::error_code error;
  const auto value = boost::json::parse(text, error);
  const auto* const content = value.if_object();
  const auto* const written = content == nullptr ? nullptr : content->if_contains("written");
  const auto* const process = content == nullptr ? nullptr : content->if_contains("process");
  if (written == nullptr || !written->is_int64() || process == nullptr) return std::nullopt;
  ProcessFigures figures;
  if (!read_into(*process, figures)) return std::nullopt;
  constexpr std::int64_t most = 1LL << 43U;  // the year 2248; the clock's nanoseconds end in 2262
  const std::int64_t milliseconds = written->get_int64();
  if (figures.pid <= 0 || milliseconds < 0 || milliseconds > most) return std::nullopt;
  figures.written = std::chrono::system_clock::time_point(Milliseconds(milliseconds));
  return figures;
}

}  // namespace signet::transport
