#include "tests/soak/results.h"

#include <fmt/format.h>

#include <algorithm>

namespace signet::tests {
namespace {

Bytes bytes_of(const std::string& hex) {
  return hex == "-" ? Bytes{} : from_hex(hex).value();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

void Results::add_file(const std::filesystem::path& file) {
  const std::lock_guard lock(mutex_);
  readers_.try_emplace(file.stem().string(), file);
}

void Results::read_on() {
  const std::lock_guard lock(mutex_);
  for (auto& [process, reader] : readers_) {
    reader.read_on([&, &name = process](const auto& words) { take(name, words); });
  }
}

void Results::take_call(const std::string& function, CK_RV code, long milliseconds) {
  ++answers_[function][code];
  auto& slowest = slowest_[function];
  slowest = std::max(slowest, milliseconds);
}

void Results::take(const std::string& process, const std::vector<std::string>& words) {
  const auto& kind = words.at(0);
  if (kind == "begin") {
    calls_[words.at(1)].code = CKR_FUNCTION_CANCELED;  // until its answer is read
  } else if (kind == "sign") {
    SignedCall& call = calls_[words.at(1)];
    call.code = std::stoul(words.at(2));
    call.signature = bytes_of(words.at(4));
    if (call.code == CKR_OK) ++signatures_[process];
    take_call("C_Sign", call.code, std::stol(words.at(3)));
  } else if (kind == "call") {
    take_call(words.at(1), std::stoul(words.at(2)), std::stol(words.at(3)));
  } else if (kind == "made") {
    keys_[words.at(1)].point = bytes_of(words.at(2));
  } else if (kind == "destroying") {
    keys_[words.at(1)].may_be_gone = true;
  } else if (kind == "destroyed") {
    keys_[words.at(1)].gone = true;
  } else if (kind == "heap") {
    heap_[process].add(std::stoul(words.at(1)) / 1024);
  } else if (kind == "rest") {
    ++rests_[process];
  } else if (kind == "child") {
    ++children_[std::stoi(words.at(1))];
  } else {
    troubles_.push_back(process + ": " + joined(words));
  }
}

int Results::signatures() const {
  const std::lock_guard lock(mutex_);
  int all = 0;
  for (const auto& [process, count] : signatures_) all += count;
  return all;
}

int Results::signatures_of(const std::string& process) const {
  const std::lock_guard lock(mutex_);
  const auto found = signatures_.find(process);
  return found == signatures_.end() ? 0 : found->second;
}

int Results::rests_of(const std::string& process) const {
  const std::lock_guard lock(mutex_);
  const auto found = rests_.find(process);
  return found == rests_.end() ? 0 : found->second;
}

int Results::troubles() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(troubles_.size());
}

std::string Results::one_line() const {
  const std::lock_guard lock(mutex_);
  int good = 0;
  for (const auto& [process, count] : signatures_) good += count;
  int forks = 0;
  for (const auto& [status, count] : children_) forks += count;
  return fmt::format("{} signatures, {} asked for in vain, {} forks, {} processes, {} troubles",
                     good, static_cast<int>(calls_.size()) - good, forks, readers_.size(),
                     troubles_.size());
}

std::vector<SignedCall> Results::signed_calls() const {
  const std::lock_guard lock(mutex_);
  std::vector<SignedCall> calls;
  calls.reserve(calls_.size());
  for (const auto& [message, call] : calls_) {
    calls.push_back(call);
    calls.back().message = message;
  }
  return calls;
}

}  // namespace signet::tests
