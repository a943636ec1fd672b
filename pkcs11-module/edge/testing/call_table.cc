#include "pkcs11-module/edge/testing/call_table.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace signet::edge::testing {

namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

[[noreturn]] void refuse(int line, const std::string& why) {
  throw std::runtime_error("call_table.txt:" + std::to_string(line) + ": " + why);
}

void apply(CallCase& target, const std::string& word) {
  if (word == "-") return;
  if (word.front() == '@') {
    target.state = word.substr(1);
    return;
  }
  const auto equals = word.find('=');
  if (equals == std::string::npos) refuse(target.line, "\"" + word + "\" is no assignment");
  target.arguments.push_back({word.substr(0, equals), word.substr(equals + 1)});
}

CallCase case_of(int line, const CallCase& good, const std::string& text) {
  const auto arrow = text.find("=>");
  if (arrow == std::string::npos) refuse(line, "no \"=>\"");
  CallCase result = good;
  result.line = line;
  for (const std::string& word : words_of(text.substr(0, arrow))) apply(result, word);
  const auto answer = words_of(text.substr(arrow + 2));
  if (answer.size() < 2) refuse(line, "an answer has a code and [operations]");
  result.answer = answer[0];
  result.active = active_of(line, answer[1]);
  for (std::size_t i = 2; i < answer.size(); ++i) {
    const auto equals = answer[i].find("==");
    if (equals == std::string::npos) refuse(line, "\"" + answer[i] + "\" is no comparison");
    result.written[answer[i].substr(0, equals)] = std::stoul(answer[i].substr(equals + 2));
  }
  return result;
}

}  // namespace

std::set<std::string> active_of(int line, const std::string& word) {
  if (word.size() < 3 || word.front() != '[' || word.back() != ']') {
    refuse(line, "\"" + word + "\" should be [operations]");
  }
  std::set<std::string> active;
  std::istringstream items(word.substr(1, word.size() - 2));
  for (std::string item; std::getline(items, item, ',');) {
    if (item != "-") active.insert(item);
  }
  return active;
}

CallCase good_call_of(int line, const std::string& text) {
  const auto words = words_of(text);
  if (words.size() < 2) refuse(line, "a function needs its state");
  CallCase good;
  good.line = line;
  good.function = words[0];
  good.state = words[1];
  for (std::size_t i = 2; i < words.size(); ++i) apply(good, words[i]);
  return good;
}

std::string CallCase::name() const {
  std::string text = "call_table.txt:" + std::to_string(line) + ": " + function + " @" + state;
  for (const auto& argument : arguments) text += " " + argument.parameter + "=" + argument.value;
  return text;
}

std::vector<CallCase> read_call_table(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file);
  std::vector<CallCase> cases;
  CallCase good;
  int line = 0;
  for (std::string text; std::getline(stream, text);) {
    ++line;
    const auto first = text.find_first_not_of(' ');
    if (first == std::string::npos || text[first] == '#') continue;
    if (first == 0) {
      good = good_call_of(line, text);
    } else {
      cases.push_back(case_of(line, good, text));
    }
  }
  return cases;
}

}  // namespace signet::edge::testing
