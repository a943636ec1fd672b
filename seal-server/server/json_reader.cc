#include "seal-server/server/json_reader.h"

#include <algorithm>
#include <chrono>

#include "common/bytes.h"
#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kDigest = 32;  // octets of SHA-256
constexpr std::size_t kIdOctets = 16;
constexpr std::string_view kTimeShape = "0000-00-00T00:00:00";

Problem bad_member(const char* name, const std::string& what) {
  return problems::bad_value("\"" + std::string(name) + "\" " + what + ".");
}

bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  std::ranges::transform(type, type.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  });
  return type == "application/json";
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool has_shape(std::string_view text) {
  return std::ranges::equal(text, kTimeShape, [](char given, char shape) {
    return shape == '0' ? is_digit(given) : given == shape;
  });
}

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  for (const char c : text.substr(at, digits)) number = number * 10 + (c - '0');
  return number;
}

// Of what has the shape.
bool is_moment(std::string_view text) {
  const std::chrono::year_month_day day{
      std::chrono::year(number_at(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2)))};
  return day.ok() && number_at(text, 11, 2) < 24 && number_at(text, 14, 2) < 60 &&
         number_at(text, 17, 2) < 60;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

const boost::json::string* text_member(const boost::json::object& object, const char* name) {
  const auto* member = object.if_contains(name);
  if (member == nullptr) return nullptr;
  if (!member->is_string()) throw bad_member(name, "must be a string");
  return &member->get_string();
}

}  // namespace

boost::json::object read_body(const https::server::Request& request) {
  if (!is_json(request.header("Content-Type"))) {
    throw Problem(415, "Unsupported media type",
                  "A request with a body needs Content-Type: application/json.");
  }
  boost::json::parse_options limits;
  limits.max_depth = kMaxDepth;
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(std::string_view(request.body), error, {}, limits);
  if (error) throw problems::malformed("The body is not JSON in UTF-8.");
  if (repeats_a_name(request.body, value))
    throw problems::malformed("The JSON has a duplicate name in an object.");
  if (!value.is_object()) throw problems::bad_value("The body must be a JSON object.");
  return value.get_object();
}

const boost::json::object& read_members(const boost::json::value& value,
                                        std::initializer_list<std::string_view> names) {
  const auto* object = value.if_object();
  if (object == nullptr) throw problems::bad_value("An item of a list must be a JSON object.");
  for (const auto& member : *object) {
    if (std::ranges::find(names, std::string_view(member.key())) == names.end())
      throw problems::bad_value("There is no member \"" + std::string(member.key()) + "\".");
  }
  return *object;
}

const boost::json::array& read_list(const boost::json::object& object, const char* name,
                                    std::size_t most) {
  static const boost::json::array none;
  const auto* member = object.if_contains(name);
  if (member == nullptr) return none;
  const auto* list = member->if_array();
  if (list == nullptr) throw bad_member(name, "must be a list");
  if (list->size() > most)
    throw bad_member(name, "has more than " + std::to_string(most) + " items");
  return *list;
}

std::string read_text(const boost::json::object& object, const char* name, std::size_t most) {
  const auto* member = text_member(object, name);
  if (member == nullptr) return {};
  const std::string_view text = *member;
  if (characters_of(text) > most)
    throw bad_member(name, "is longer than " + std::to_string(most) + " characters");
  if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }))
    throw bad_member(name, "has a control character");
  return std::string(text);
}

bool read_flag(const boost::json::object& object, const char* name, bool otherwise) {
  const auto* member = object.if_contains(name);
  if (member == nullptr) return otherwise;
  if (!member->is_bool()) throw bad_member(name, "must be true or false");
  return member->get_bool();
}

std::optional<std::int64_t> read_number(const boost::json::object& object, const char* name) {
  const auto* member = object.if_contains(name);
  if (member == nullptr) return std::nullopt;
  const auto* number = member->if_int64();
  if (number == nullptr || *number < 0) throw bad_member(name, "must be a whole number from 0 on");
  return *number;
}

std::string read_word(const boost::json::object& object, const char* name,
                      std::initializer_list<std::string_view> words) {
  const auto* member = text_member(object, name);
  if (member == nullptr) return {};
  return word_in(*member, name, words);
}

std::string word_in(std::string_view text, const char* name,
                    std::initializer_list<std::string_view> words) {
  if (std::ranges::find(words, text) == words.end())
    throw bad_member(name, "is none of the words that it may be");
  return std::string(text);
}

std::string id_in(std::string_view text, const char* name) {
  const auto octets = from_hex(text);
  if (!octets || octets->size() != kIdOctets || to_hex(*octets) != text)
    throw bad_member(name, "must be 32 hexadecimal digits");
  return std::string(text);
}

std::string digest_in(std::string_view text, const char* name) {
  const auto octets = crypto::from_base64(text);
  if (!octets || octets->size() != kDigest)
    throw bad_member(name, "must be the base64 of a SHA-256 digest");
  return to_hex(*octets);
}

std::string read_digest(const boost::json::object& object, const char* name) {
  const auto* member = text_member(object, name);
  return member == nullptr ? std::string() : digest_in(*member, name);
}

std::string read_base64(const boost::json::object& object, const char* name, std::size_t most) {
  const auto* member = text_member(object, name);
  if (member == nullptr) return {};
  if (member->size() > crypto::base64_size(most))
    throw bad_member(name, "has more than " + std::to_string(most) + " octets");
  const auto octets = crypto::from_base64(*member);
  if (!octets || octets->empty() || octets->size() > most)
    throw bad_member(name, "must be base64 of 1 to " + std::to_string(most) + " octets");
  return std::string(*member);
}

std::string read_certificate_name(const boost::json::object& object, const char* name) {
  const auto* member = text_member(object, name);
  if (member == nullptr) return {};
  const std::string_view text = *member;
  const auto octets = from_hex(text);
  if (!octets || octets->size() != kDigest || to_hex(*octets) != text)
    throw bad_member(name, "must be a SHA-256 digest in lower-case hexadecimal");
  return std::string(text);
}

std::string time_in(std::string_view text, const char* name) {
  const std::string_view begin = text.substr(0, kTimeShape.size());
  const std::string_view end = text.substr(begin.size());
  const bool plain = end == "Z";
  const bool with_milliseconds = end.size() == 5 && end[0] == '.' && is_digit(end[1]) &&
                                 is_digit(end[2]) && is_digit(end[3]) && end[4] == 'Z';
  if (!has_shape(begin) || !is_moment(begin) || !(plain || with_milliseconds))
    throw bad_member(name, "must be a time as of RFC 3339, in UTC");
  return plain ? std::string(begin) + ".000Z" : std::string(text);
}

std::string read_time(const boost::json::object& object, const char* name) {
  const auto* member = text_member(object, name);
  return member == nullptr ? std::string() : time_in(*member, name);
}

std::string required(std::string text, const char* name) {
  if (text.empty()) throw bad_member(name, "is missing or empty");
  return text;
}

}  // namespace signet::sealserver
