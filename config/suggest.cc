#include "config/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace signet::config {

namespace {

// Longer words are not typing errors of ours, and the reckoning is quadratic.
constexpr std::size_t kLongestWord = 64;

std::size_t distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cost[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(a.size(), b.size());
}

// "warning" for "warn", "limit" for "limits".
bool begins_like(std::string_view word, std::string_view known) {
  return std::min(word.size(), known.size()) >= 3 &&
         (word.starts_with(known) || known.starts_with(word));
}

}  // namespace

std::string_view nearest(std::string_view word, Words known) {
  if (word.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t least = 0;
  for (const std::string_view candidate : known) {
    const std::size_t far = distance(word, candidate);
    const std::size_t allowed = std::max<std::size_t>(2, candidate.size() / 3);
    if ((far > allowed || far >= candidate.size()) && !begins_like(word, candidate)) continue;
    if (best.empty() || far < least) {
      best = candidate;
      least = far;
    }
  }
  return best;
}

std::string suggestion(std::string_view word, Words known) {
  const std::string_view near = nearest(word, known);
  return near.empty() ? std::string() : fmt::format(" (did you mean \"{}\"?)", near);
}

std::string one_of(Words words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += fmt::format("\"{}\"", words[i]);
  }
  return text;
}

bool is_one_of(std::string_view word, Words words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace signet::config
