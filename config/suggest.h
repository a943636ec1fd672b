// "Did you mean …": the known word nearest to a mistyped one. By hand: none of our libraries has it.
#ifndef SIGNET_CONFIG_SUGGEST_H_
#define SIGNET_CONFIG_SUGGEST_H_

#include <span>
#include <string>
#include <string_view>

namespace signet::config {

using Words = std::span<const std::string_view>;

// The word with the fewest insertions, deletions, replacements and swaps of neighbours; empty where
// each differs in more than a third of its letters (two always count as near, and so does a longer
// or shorter form).
std::string_view nearest(std::string_view word, Words known);

// ` (did you mean "level"?)`, or empty.
std::string suggestion(std::string_view word, Words known);

// `"error", "warn" or "info"`
std::string one_of(Words words);

bool is_one_of(std::string_view word, Words words);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SUGGEST_H_
