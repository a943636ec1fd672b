#include "dsa-transport/wire_text.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <stdexcept>

#include "common/uuid.h"

namespace signet::transport {

namespace {

using namespace std::chrono_literals;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Reads along a text, giving up at the first character that does not fit.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!good_ || rest_.empty() || !is_digit(rest_.front())) return fail();
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  void skip(char expected) {
    if (!good_ || rest_.empty() || rest_.front() != expected) {
      fail();
      return;
    }
    rest_.remove_prefix(1);
  }

  std::string_view rest() const { return rest_; }
  bool good() const { return good_; }

 private:
  int fail() {
    good_ = false;
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

// ".123Z" after the seconds; more than nanoseconds is cut off.
std::optional<std::chrono::nanoseconds> fraction_and_zone(std::string_view rest) {
  std::chrono::nanoseconds fraction{0};
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    std::chrono::nanoseconds unit = 100ms;
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) {
      fraction += unit * (rest[digits++] - '0');
      unit /= 10;
    }
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
  }
  const bool utc = rest == "Z" || rest == "z" || rest == "+00:00" || rest == "-00:00";
  if (!utc) return std::nullopt;
  return fraction;
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text) {
  using namespace std::chrono;
  Scanner scan(text);
  const int year_number = scan.digits(4);
  scan.skip('-');
  const int month_number = scan.digits(2);
  scan.skip('-');
  const int day_number = scan.digits(2);
  scan.skip(scan.rest().starts_with('t') ? 't' : 'T');
  const int hour = scan.digits(2);
  scan.skip(':');
  const int minute = scan.digits(2);
  scan.skip(':');
  const int second = scan.digits(2);
  if (!scan.good() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number))};
  const auto fraction = fraction_and_zone(scan.rest());
  // A 64-bit count of nanoseconds ends in the year 2262.
  if (!date.ok() || year_number < 1970 || year_number > 2200 || !fraction) return std::nullopt;
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + *fraction;
}

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  // Up to 256 bytes come whole and without a signal in between.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("the system gives no random bytes");
  }
  return uuid_text(bytes, 4);
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace signet::transport
