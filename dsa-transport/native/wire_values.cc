#include "dsa-transport/native/wire_values.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "crypto/algorithm_table.h"

namespace signet::transport::native {

namespace {

using namespace std::chrono_literals;

// The words of the contract, a row for each of ours; "" where the contract has none.
template <typename T>
struct Name {
  T value;
  std::string_view text;
};

constexpr std::array kKeyTypes = {Name<KeyType>{KeyType::rsa, "RSA"},
                                  Name<KeyType>{KeyType::ec, "EC"},
                                  Name<KeyType>{KeyType::edwards, "Ed25519"}};
// Of Ed25519 the type says it all.
constexpr std::array kCurves = {Name<Curve>{Curve::p256, "P-256"},
                                Name<Curve>{Curve::p384, "P-384"},
                                Name<Curve>{Curve::p521, "P-521"}, Name<Curve>{Curve::ed25519, ""}};
constexpr std::array kAlgorithms = {
    Name<Scheme>{Scheme::rsa_pkcs1, "RSASSA-PKCS1-v1_5"},
    Name<Scheme>{Scheme::rsa_pss, "RSASSA-PSS"}, Name<Scheme>{Scheme::rsa_raw, "RSA-RAW"},
    Name<Scheme>{Scheme::ecdsa, "ECDSA"}, Name<Scheme>{Scheme::eddsa, "Ed25519"}};
constexpr std::array kHashes = {
    Name<Hash>{Hash::none, "none"},      Name<Hash>{Hash::sha1, "SHA-1"},
    Name<Hash>{Hash::sha224, "SHA-224"}, Name<Hash>{Hash::sha256, "SHA-256"},
    Name<Hash>{Hash::sha384, "SHA-384"}, Name<Hash>{Hash::sha512, "SHA-512"},
    Name<Hash>{Hash::sha3_224, ""},      Name<Hash>{Hash::sha3_256, ""},
    Name<Hash>{Hash::sha3_384, ""},      Name<Hash>{Hash::sha3_512, ""}};
static_assert(crypto::is_complete(kKeyTypes, &Name<KeyType>::value, crypto::kLastKeyType));
static_assert(crypto::is_complete(kCurves, &Name<Curve>::value, crypto::kLastCurve));
static_assert(crypto::is_complete(kAlgorithms, &Name<Scheme>::value, crypto::kLastScheme));
static_assert(crypto::is_complete(kHashes, &Name<Hash>::value, crypto::kLastHash));

template <typename Names, typename T>
std::string_view text_for(const Names& names, T value) {
  return names[static_cast<std::size_t>(value)].text;
}

template <typename T, std::size_t size>
std::optional<T> value_for(const std::array<Name<T>, size>& names, std::string_view text) {
  const auto* found = std::ranges::find(names, text, &Name<T>::text);
  if (text.empty() || found == names.end()) return std::nullopt;
  return found->value;
}

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

std::string_view name_of(KeyType type) {
  return text_for(kKeyTypes, type);
}
std::string_view name_of(Curve curve) {
  return text_for(kCurves, curve);
}
std::string_view name_of(Scheme algorithm) {
  return text_for(kAlgorithms, algorithm);
}
std::string_view name_of(Hash hash) {
  return text_for(kHashes, hash);
}

std::optional<KeyType> key_type_from(std::string_view name) {
  return value_for(kKeyTypes, name);
}
std::optional<Curve> curve_from(std::string_view name) {
  return value_for(kCurves, name);
}
std::optional<Hash> hash_from(std::string_view name) {
  return value_for(kHashes, name);
}

std::optional<Scheme> algorithm_from(std::string_view name) {
  return value_for(kAlgorithms, name);
}

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
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  const std::string hex = to_hex(bytes);
  const std::string_view view = hex;
  return fmt::format("{}-{}-{}-{}-{}", view.substr(0, 8), view.substr(8, 4), view.substr(12, 4),
                     view.substr(16, 4), view.substr(20));
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

bool is_segment(std::string_view text) {
  return !text.empty() && text != "." && text != "..";
}

bool is_object_id(std::string_view id) {
  if (id.size() > 128 || !is_segment(id)) return false;
  return std::ranges::all_of(id, [](char c) {
    return is_alphanumeric(c) || std::string_view("-_.{}").find(c) != std::string_view::npos;
  });
}

}  // namespace signet::transport::native
