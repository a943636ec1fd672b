#include "conformance/profiles/case_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace signet::profiles {
namespace {

constexpr std::array<std::string_view, 7> kRelations{"is",  "is-not", "at-least", "at-most",
                                                     "has", "lacks",  "as"};

// At blanks outside of quotation marks; "#" ends the line.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  bool quoted = false;
  bool inside = false;
  for (const char c : line) {
    if (c == '#' && !inside) break;
    if (c == ' ' && !quoted) {
      inside = false;
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (!inside) words.emplace_back();
    inside = true;
    words.back() += c;
  }
  if (quoted) throw std::runtime_error("a quotation mark is not closed");
  return words;
}

std::string rest_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 1; i < words.size(); ++i) text += (i == 1 ? "" : " ") + words[i];
  return text;
}

Check read_check(const std::vector<std::string>& words) {
  if (words.size() != 3) throw std::runtime_error("expected: NAME RELATION VALUE");
  if (std::ranges::find(kRelations, words[1]) == kRelations.end()) {
    throw std::runtime_error("\"" + words[1] + "\" is no relation");
  }
  Check check{0, words[0], words[1], words[2]};
  if (check.relation != "as") return check;
  if (!check.value.starts_with('$')) throw std::runtime_error("\"as\" wants a $variable");
  check.value.erase(0, 1);
  return check;
}

Step read_step(std::vector<std::string> words) {
  Step step;
  step.call = words[0];
  if (words.size() > 2 && words[words.size() - 2] == "=>") {
    step.answer = words.back();
    words.resize(words.size() - 2);
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto sign = words[i].find('=');
    if (sign == 0) throw std::runtime_error("an argument has no name");
    step.arguments.push_back(sign == std::string::npos
                                 ? Argument{words[i], ""}
                                 : Argument{words[i].substr(0, sign), words[i].substr(sign + 1)});
  }
  return step;
}

void add_line(Case& result, int number, const std::string& line) {
  auto words = words_of(line);
  if (words.empty()) return;
  if (line.front() == ' ') {
    if (result.steps.empty()) throw std::runtime_error("a check before the first call");
    result.steps.back().checks.push_back(read_check(words));
    result.steps.back().checks.back().line = number;
  } else if (words[0] == "case") {
    result.id = rest_of(words);
  } else if (words[0] == "title") {
    result.title = rest_of(words);
  } else {
    result.steps.push_back(read_step(std::move(words)));
    result.steps.back().line = number;
  }
}

}  // namespace

Case read_case(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file.string() + ": cannot be read");
  Case result;
  result.file = file;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    try {
      add_line(result, number, line);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(file.string() + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  if (result.id.empty() || result.steps.empty()) {
    throw std::runtime_error(file.string() + ": no case identifier, or no call");
  }
  return result;
}

}  // namespace signet::profiles
