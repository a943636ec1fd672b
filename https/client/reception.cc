#include "https/client/reception.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "common/clock.h"

namespace signet::https {

namespace {

constexpr std::size_t kMaxHeaderValue = 1024;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

// `expected` is in lower case.
bool is_name(std::string_view name, std::string_view expected) {
  return std::ranges::equal(name, expected, {}, lower);
}

// Of an HTTP date. libcurl wants a NUL at its end.
std::optional<std::time_t> date_from(std::string_view value) {
  std::array<char, 64> text{};
  if (value.size() >= text.size()) return std::nullopt;
  std::ranges::copy(value, text.begin());
  const std::time_t moment = curl_getdate(text.data(), nullptr);
  return moment < 0 ? std::nullopt : std::optional(moment);
}

// What goes into logs and into requests again: printable ASCII only.
std::string printable(std::string_view value) {
  const bool good = value.size() <= kMaxHeaderValue &&
                    std::ranges::all_of(value, [](char c) { return c >= 0x20 && c < 0x7F; });
  return good ? std::string(value) : std::string();
}

}  // namespace

std::optional<Milliseconds> parse_retry_after(std::string_view value,
                                              std::chrono::system_clock::time_point now) {
  constexpr long most_seconds = 86400;
  long seconds = 0;
  const auto [end, error] = std::from_chars(value.begin(), value.end(), seconds);
  if (error == std::errc() && end == value.end() && seconds >= 0) {
    return std::chrono::seconds(std::min(seconds, most_seconds));
  }
  const auto moment = date_from(value);
  if (!moment) return std::nullopt;
  const long left = *moment - std::chrono::system_clock::to_time_t(now);
  return std::chrono::seconds(std::clamp(left, 0L, most_seconds));
}

bool Reception::header(std::string_view line) {
  header_size_ += line.size();
  if (header_size_ > kLargestHeaders) {
    oversized_ = true;
    return false;
  }
  read_header(line);
  return true;
}

void Reception::read_header(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    response_ = {};
    retry_after_.clear();
    began_ = true;
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = trimmed(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (is_name(name, "content-type")) {
    response_.media_type = lower_case(trimmed(value.substr(0, value.find(';'))));
  } else if (is_name(name, "etag")) {
    response_.etag = printable(value);
  } else if (is_name(name, "x-request-id")) {
    response_.request_id = printable(value);
  } else if (is_name(name, "date")) {
    if (const auto moment = date_from(value)) response_.date = wall_time(*moment);
    note_retry_after();
  } else if (is_name(name, "retry-after")) {
    retry_after_ = value;
    note_retry_after();
  }
}

// Either header may come first.
void Reception::note_retry_after() {
  if (retry_after_.empty()) return;
  response_.retry_after =
      parse_retry_after(retry_after_, response_.date.value_or(std::chrono::system_clock::now()));
}

bool Reception::body(std::string_view piece) {
  if (piece.size() > largest_body_ - response_.body.size()) {
    oversized_ = true;
    return false;
  }
  response_.body += piece;
  return true;
}

}  // namespace signet::https
