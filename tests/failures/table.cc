#include "tests/failures/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace signet::tests {
namespace {

constexpr std::string_view kBetween = "; ";
constexpr std::array<std::string_view, kOften + 1> kTimes = {"never", "once", "twice", "often"};

Outcome outcome_from(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto end = text.find(kBetween);
    if (end == std::string_view::npos) throw std::runtime_error("too few parts");
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + kBetween.size());
  }
  Outcome outcome;
  outcome.code = parts[0];
  outcome.login = parts[1].substr(std::string_view("login ").size());
  outcome.counted = parts[2].ends_with(", counted");
  std::string asked = parts[2].substr(std::string_view("asked ").size());
  asked.resize(std::min(asked.find(','), asked.size()));
  const auto* const times = std::ranges::find(kTimes, asked);
  if (times == kTimes.end()) throw std::runtime_error("asked how often?");
  outcome.asked = static_cast<int>(times - kTimes.begin());
  outcome.then = parts[3].substr(std::string_view("then ").size());
  outcome.log = text;
  return outcome;
}

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

}  // namespace

std::string text_of(const Outcome& outcome) {
  return fmt::format("{}; login {}; asked {}{}; then {}; {}", outcome.code, outcome.login,
                     kTimes.at(static_cast<std::size_t>(outcome.asked)),
                     outcome.counted ? ", counted" : "", outcome.then, outcome.log);
}

std::vector<Cell> Table::cells_of(const std::string& step) const {
  std::vector<Cell> found;
  for (const Cell& cell : cells_) {
    if (cell.step == step || fmt::format("{}/{}", cell.step, cell.version) == step) {
      found.push_back(cell);
    }
  }
  return found;
}

void Table::set(const std::string& failure, const Cell& cell, Outcome outcome) {
  if (!rows_.contains(failure)) order_.push_back(failure);
  rows_[failure][cell] = std::move(outcome);
}

const Outcome* Table::find(const std::string& failure, const Cell& cell) const {
  const auto row = rows_.find(failure);
  if (row == rows_.end()) return nullptr;
  const auto found = row->second.find(cell);
  return found == row->second.end() ? nullptr : &found->second;
}

std::size_t Table::size() const {
  std::size_t all = 0;
  for (const auto& [name, row] : rows_) all += row.size();
  return all;
}

void Table::read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::vector<std::string> failures;
  bool between = true;
  int number = 0;
  for (std::string line; std::getline(stream, line);) try {
      ++number;
      if (line.empty() || line.starts_with('#')) continue;
      if (line.starts_with("= ")) {
        if (std::exchange(between, false)) failures.clear();
        failures.push_back(line.substr(2));
        continue;
      }
      between = true;
      const auto colon = line.find(": ");
      if (colon == std::string::npos) throw std::runtime_error("no colon");
      const Outcome outcome = outcome_from(std::string_view(line).substr(colon + 2));
      std::istringstream steps(line.substr(0, colon));
      for (std::string step; steps >> step;) {
        const auto cells = cells_of(step);
        if (cells.empty()) throw std::runtime_error(step + " is no step");
        for (const std::string& failure : failures) {
          for (const Cell& cell : cells) set(failure, cell, outcome);
        }
      }
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}:{}: {}", file.string(), number, error.what()));
    }
}

std::vector<Table::Line> Table::lines_of(const Row& row) const {
  std::vector<Line> lines;
  for (const Cell& cell : cells_) {
    const auto found = row.find(cell);
    if (found == row.end()) continue;
    const bool same = std::ranges::all_of(cells_of(cell.step), [&](const Cell& other) {
      const auto its = row.find(other);
      return its != row.end() && its->second == found->second;
    });
    const std::string step = same ? cell.step : fmt::format("{}/{}", cell.step, cell.version);
    auto line = std::ranges::find(lines, found->second, &Line::outcome);
    if (line == lines.end()) line = lines.insert(line, {{}, found->second});
    if (std::ranges::count(line->steps, step) == 0) line->steps.push_back(step);
  }
  return lines;
}

std::vector<Table::Block> Table::blocks() const {
  std::vector<Block> all;
  for (const std::string& failure : order_) {
    std::vector<Line> lines = lines_of(rows_.at(failure));
    const auto block = std::ranges::find(all, lines, &Block::lines);
    if (block == all.end()) {
      all.push_back({{failure}, std::move(lines)});
    } else {
      block->failures.push_back(failure);
    }
  }
  return all;
}

void Table::write(const std::filesystem::path& file) const {
  std::string text;
  {
    std::ifstream before(file);
    for (std::string line; std::getline(before, line) && line.starts_with('#');)
      text += line + '\n';
  }
  for (const Block& block : blocks()) {
    text += '\n';
    for (const std::string& failure : block.failures) text += "= " + failure + '\n';
    for (const Line& line : block.lines) {
      text += fmt::format("  {}: {}\n", fmt::join(line.steps, " "), text_of(line.outcome));
    }
  }
  std::ofstream(file) << text;
}

namespace {

// The codes of one function: the most usual first, the others with their steps.
std::string cell_of(const std::map<std::string, std::vector<std::string>>& steps_by_code) {
  std::vector<std::pair<std::string, std::vector<std::string>>> codes(steps_by_code.begin(),
                                                                      steps_by_code.end());
  std::ranges::stable_sort(codes, [](const auto& one, const auto& other) {
    return one.second.size() > other.second.size();
  });
  std::string text;
  for (const auto& [code, steps] : codes) {
    const bool first = text.empty();
    if (!first) text += fmt::format("; at {}: ", fmt::join(steps, ", "));
    text += code;
  }
  return text;
}

std::string without_version(const std::string& step) {
  const bool one = step.ends_with("/1") || step.ends_with("/2");
  return one ? step.substr(0, step.size() - 2) : step;
}

std::string advice_in(std::string sentence) {
  sentence.resize(std::min(sentence.find("; it may "), sentence.size()));
  const auto member = sentence.find("MEMBER ");
  if (member != std::string::npos) sentence.erase(0, member + std::string_view("MEMBER ").size());
  return sentence;
}

}  // namespace

std::string Table::markdown(const std::map<std::string, std::string>& functions) const {
  std::vector<std::string> columns;
  for (const Cell& cell : cells_) {
    const std::string& function = functions.at(cell.step);
    if (std::ranges::count(columns, function) == 0) columns.push_back(function);
  }
  struct Group {
    std::vector<std::string> failures;
    std::string cells;
  };
  std::vector<Group> groups;
  for (const std::string& failure : order_) {
    std::map<std::string, std::map<std::string, std::vector<std::string>>> codes;
    std::string log;
    std::size_t most = 0;
    for (const Line& line : lines_of(rows_.at(failure))) {
      const Outcome& outcome = line.outcome;
      std::string code = outcome.code == "OK" ? "-" : "`CKR_" + outcome.code + "`";
      if (outcome.counted) code += ", counted";
      for (const std::string& step : line.steps) {
        codes[functions.at(without_version(step))][code].push_back(step);
      }
      if (outcome.code != "OK" &&
          line.steps.size() > std::exchange(most, std::max(most, line.steps.size()))) {
        log = advice_in(outcome.log);
      }
    }
    std::string cells;
    for (const std::string& column : columns) cells += " | " + cell_of(codes[column]);
    cells += " | " + escaped(log);
    const auto group = std::ranges::find(groups, cells, &Group::cells);
    if (group == groups.end()) {
      groups.push_back({{failure}, std::move(cells)});
    } else {
      group->failures.push_back(failure);
    }
  }
  std::string text =
      fmt::format("| the service answers | {} | the log says |\n|---|", fmt::join(columns, " | "));
  for (std::size_t i = 0; i <= columns.size(); ++i) text += "---|";
  text += '\n';
  for (const Group& group : groups) {
    text += fmt::format("| {}{} |\n", escaped(fmt::format("{}", fmt::join(group.failures, "; "))),
                        group.cells);
  }
  return text;
}

}  // namespace signet::tests
