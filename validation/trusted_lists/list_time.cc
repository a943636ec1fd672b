#include "validation/trusted_lists/list_time.h"

#include <charconv>

namespace signet::validation {

namespace {

// Reads a text piece by piece; a wrong one makes all of it wrong.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return fail();
    const std::string_view piece = rest_.substr(0, digits);
    for (const char c : piece)
      if (c < '0' || c > '9') return fail();
    std::from_chars(piece.data(), piece.data() + digits, value);
    rest_.remove_prefix(digits);
    return value;
  }

  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void demand(char c) {
    if (!skip(c)) fail();
  }
  void skip_fraction() {
    if (!skip('.')) return;
    if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') fail();
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') rest_.remove_prefix(1);
  }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::optional<Time> list_time(std::string_view text) {
  using namespace std::chrono;
  Pieces pieces(text);
  const int years = pieces.number(4);
  pieces.demand('-');
  const int months = pieces.number(2);
  pieces.demand('-');
  const int days_of_month = pieces.number(2);
  pieces.demand('T');
  const int of_day = pieces.number(2);
  pieces.demand(':');
  const int minute = pieces.number(2);
  pieces.demand(':');
  const int second = pieces.number(2);
  pieces.skip_fraction();
  int offset = 0;  // minutes
  if (!pieces.at_end() && !pieces.skip('Z')) {
    const bool west = pieces.skip('-');
    if (!west) pieces.demand('+');
    offset = pieces.number(2) * 60;
    pieces.demand(':');
    offset += pieces.number(2);
    if (west) offset = -offset;
  }
  const year_month_day date{year(years), month(static_cast<unsigned>(months)),
                            day(static_cast<unsigned>(days_of_month))};
  if (!pieces.good() || !pieces.at_end() || !date.ok() || years < 1900 || years > 2200 ||
      of_day > 24 || minute > 59 || second > 60 || offset > 14 * 60 || offset < -14 * 60)
    return std::nullopt;
  return Time(sys_days(date)) + hours(of_day) + minutes(minute) + seconds(second) - minutes(offset);
}

}  // namespace signet::validation
