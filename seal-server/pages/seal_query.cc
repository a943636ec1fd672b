#include "seal-server/pages/seal_query.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/bytes.h"
#include "common/utf8.h"
#include "crypto/base64.h"
#include "seal-server/pages/day.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kHashOctets = 32;
constexpr std::size_t kLongestReference = 256;  // characters
constexpr std::array<const char*, 4> kStates{"opened", "sealed", "failed", "unknown"};
constexpr std::array<const char*, 8> kFields{"from",  "to",    "digest",      "reference",
                                             "match", "state", "certificate", "client"};

std::optional<std::string> hash_in(std::string_view text) {
  auto octets = from_hex(text);
  if (!octets) octets = crypto::from_base64(text);
  if (!octets || octets->size() != kHashOctets) return std::nullopt;
  return to_hex(*octets);
}

bool read_digests(std::string_view text, std::vector<std::string>& digests) {
  constexpr std::string_view kBetween = " ,";
  while (!text.empty()) {
    const auto start = std::min(text.find_first_not_of(kBetween), text.size());
    text.remove_prefix(start);
    if (text.empty()) break;
    const std::string_view word = text.substr(0, text.find_first_of(kBetween));
    text.remove_prefix(word.size());
    auto digest = hash_in(word);
    if (!digest || digests.size() == kMostDigests) return false;
    digests.push_back(*std::move(digest));
  }
  return true;
}

std::size_t characters_of(std::string_view text) {
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) text.remove_prefix(first_piece(text).size);
  return characters;
}

const char* read_reference(const Form& form, SealFilter& filter) {
  filter.reference = form.value("reference");
  if (form.value("match") == "part") filter.match = SealFilter::Match::part;
  const std::size_t characters = characters_of(filter.reference);
  if (characters > kLongestReference) return "fault_reference";
  const bool by_part = filter.match == SealFilter::Match::part && characters > 0;
  return by_part && characters < kShortestPart ? "fault_part" : "";
}

const char* read_times(const Form& form, SealFilter& filter) {
  const std::string from = form.value("from");
  const std::string to = form.value("to");
  const auto first = day_start(from);
  const auto past = day_start(to, std::chrono::days(1));
  if ((!from.empty() && !first) || (!to.empty() && !past)) return "fault_day";
  filter.from = first.value_or("");
  filter.to = past.value_or("");
  return "";
}

const char* read_words(const Form& form, SealFilter& filter) {
  if (!read_digests(form.value("digest"), filter.digests)) return "fault_digest";
  filter.state = form.value("state");
  if (!filter.state.empty() && std::ranges::find(kStates, filter.state) == kStates.end())
    return "fault_state";
  if (const std::string name = form.value("certificate"); !name.empty()) {
    const auto hash = hash_in(name);
    if (!hash) return "fault_certificate";
    filter.certificate = *hash;
  }
  return "";
}

}  // namespace

SealQuery read_seal_query(const Form& form, const User& user) {
  SealQuery query;
  query.filter.client = user.role == Role::person ? user.client : form.value("client");
  for (const auto read : {read_times, read_words, read_reference}) {
    if (query.fault.empty()) query.fault = read(form, query.filter);
  }
  if (const std::string after = form.value("after"); !after.empty()) {
    std::int64_t number = -1;
    const auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), number);
    if (error != std::errc() || end != after.data() + after.size() || number < 0)
      query.fault = "fault_page";
    query.after = number;
  }
  std::vector<std::pair<std::string, std::string>> fields;
  for (const char* name : kFields) fields.emplace_back(name, form.value(name));
  query.fields = form_text(fields);
  return query;
}

Values seal_query_values(const Form& form, const SealQuery& query, Language language) {
  Values values;
  for (const char* name : kFields) values.set(name, form.value(name));
  const bool by_part = query.filter.match == SealFilter::Match::part;
  values.set("by_begin", Values(!by_part));
  values.set("by_part", Values(by_part));
  values.set("any_state", Values(query.filter.state.empty()));
  Values states = value_list();
  for (const char* state : kStates) {
    Values option;
    option.set("value", state);
    option.set("words", text(language, std::string("state_") + state));
    option.set("chosen", Values(query.filter.state == state));
    states.push_back(option);
  }
  values.set("states", states);
  values.set("has_fault", Values(!query.fault.empty()));
  values.set("fault", query.fault.empty() ? std::string() : text(language, query.fault));
  return values;
}

}  // namespace signet::sealserver
