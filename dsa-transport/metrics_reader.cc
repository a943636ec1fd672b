// Reading back what metrics_text.cc wrote. A file may be damaged or somebody else's: whatever is
// not as expected makes it no file of figures.
#include <algorithm>
#include <charconv>
#include <map>

#include "dsa-transport/metrics_table.h"
#include "dsa-transport/metrics_text.h"

namespace signet::transport {

namespace {

struct Sample {
  std::string_view name;
  std::map<std::string, std::string, std::less<>> labels;
  std::string_view value;

  std::string_view label(std::string_view wanted) const {
    const auto found = labels.find(wanted);
    return found == labels.end() ? std::string_view() : std::string_view(found->second);
  }
};

template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  if (error != std::errc() || end != text.end()) return std::nullopt;
  return number;
}

// "1767268800.123" as milliseconds.
std::optional<std::uint64_t> milliseconds_from(std::string_view text) {
  const auto point = text.find('.');
  if (point == std::string_view::npos || text.size() != point + 4) return std::nullopt;
  const auto whole = number_from<std::uint64_t>(text.substr(0, point));
  const auto part = number_from<std::uint64_t>(text.substr(point + 1));
  constexpr std::uint64_t most = 1ULL << 33U;  // the year 2242; the clock's nanoseconds end in 2262
  if (!whole || !part || *whole > most) return std::nullopt;
  return *whole * 1000 + *part;
}

// Takes `text` off the front of `rest`.
bool take(std::string_view& rest, std::string_view text) {
  if (!rest.starts_with(text)) return false;
  rest.remove_prefix(text.size());
  return true;
}

// Up to the closing quotation mark, which is taken off too.
std::optional<std::string> take_value(std::string_view& rest) {
  std::string value;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') return value;
    if (c != '\\') {
      value += c;
    } else if (!rest.empty()) {
      value += rest.front() == 'n' ? '\n' : rest.front();
      rest.remove_prefix(1);
    }
  }
  return std::nullopt;
}

std::optional<Sample> read_sample(std::string_view line) {
  Sample sample;
  const auto brace = line.find('{');
  if (brace == std::string_view::npos) return std::nullopt;
  sample.name = line.substr(0, brace);
  std::string_view rest = line.substr(brace + 1);
  while (!take(rest, "} ")) {
    const auto equals = rest.find("=\"");
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name(rest.substr(0, equals));
    rest.remove_prefix(equals + 2);
    auto value = take_value(rest);
    if (!value) return std::nullopt;
    sample.labels.emplace(std::move(name), *std::move(value));
    take(rest, ",");
  }
  sample.value = rest;
  return sample;
}

// The element with this name; made at the end where there is none, so that their order is kept.
template <typename Item>
Item& named(std::vector<Item>& items, std::string Item::*name, std::string_view wanted) {
  const auto found = std::ranges::find(items, wanted, name);
  if (found != items.end()) return *found;
  Item item;
  item.*name = wanted;
  return items.emplace_back(std::move(item));
}

class Reader {
 public:
  // False where a known metric has no such value.
  bool take_sample(const Sample& sample) {
    if (sample.name == kProcessInfo) return take_process(sample);
    if (sample.name == kActive) {
      process_.active = sample.value == "1";
      return true;
    }
    if (sample.name == kWritten) return take_written(sample.value);
    if (sample.name.starts_with(kLatency)) return take_latency(sample);
    return take_number(sample);
  }

  std::optional<ProcessFigures> finish() {
    if (process_.pid <= 0) return std::nullopt;
    return std::move(process_);
  }

 private:
  bool take_process(const Sample& sample) {
    const auto pid = number_from<pid_t>(sample.label("pid"));
    const auto started = number_from<std::uint64_t>(sample.label("started"));
    if (!pid || !started || process_.pid != 0) return false;  // one file, one process
    process_.pid = *pid;
    process_.started = *started;
    process_.program = sample.label("program");
    process_.version = sample.label("version");
    return true;
  }

  bool take_written(std::string_view value) {
    const auto written = milliseconds_from(value);
    if (!written) return false;
    process_.written =
        std::chrono::system_clock::time_point(Milliseconds(static_cast<long>(*written)));
    return true;
  }

  ApplianceFigures& figures_of(const Sample& sample) {
    return named(process_.tokens, &TokenFigures::label, sample.label("token")).figures;
  }

  Totals& totals_of(const Sample& sample) {
    return named(figures_of(sample).members, &MemberFigures::url, sample.label("member")).totals;
  }

  bool take_number(const Sample& sample) {
    const auto value = number_from<std::uint64_t>(sample.value);
    for (const TokenMetric& metric : kTokenMetrics) {
      if (sample.name != metric.name) continue;
      if (value) figures_of(sample).*metric.value = *value;
      return value.has_value();
    }
    for (const MemberMetric& metric : kMemberMetrics) {
      if (sample.name != metric.name) continue;
      if (value) totals_of(sample).*metric.value = *value;
      return value.has_value();
    }
    return true;
  }

  bool take_latency(const Sample& sample) {
    Latencies& latencies = totals_of(sample).latencies;
    const std::string_view kind = sample.name.substr(kLatency.size());
    if (kind == "_sum") {
      const auto sum = milliseconds_from(sample.value);
      if (sum) latencies.milliseconds = *sum;
      return sum.has_value();
    }
    const auto count = number_from<std::uint64_t>(sample.value);
    if (kind != "_bucket" || !count) return count.has_value();
    // Cumulative, in ascending order: the cell is what came on top.
    const std::size_t cell = cell_of(sample.label("le"));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < cell; ++i) below += latencies.cells.at(i);
    if (*count < below) return false;
    latencies.cells.at(cell) = *count - below;
    return true;
  }

  static std::size_t cell_of(std::string_view bound) {
    const auto milliseconds = milliseconds_from(bound);
    if (!milliseconds) return kLatencyBounds.size();
    const auto* const found = std::ranges::lower_bound(kLatencyBounds, *milliseconds);
    return static_cast<std::size_t>(found - kLatencyBounds.begin());
  }

  ProcessFigures process_;
};

}  // namespace

std::optional<ProcessFigures> read_prometheus_text(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;  // cut off
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.empty() || line.front() == '#') continue;
    const auto sample = read_sample(line);
    if (!sample || !reader.take_sample(*sample)) return std::nullopt;
  }
  return reader.finish();
}

}  // namespace signet::transport
