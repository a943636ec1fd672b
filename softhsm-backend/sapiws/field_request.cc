#include "softhsm-backend/sapiws/field_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <ctime>
#include <optional>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "softhsm-backend/sapiws/envelope.h"

namespace signet::emulator::sapiws {

namespace {

using Json = boost::json::value;

constexpr std::string_view kOperation = "createandsignfield";
constexpr std::size_t kMaxDepth = 8;
constexpr double kMostPoints = 14400;  // ISO 32000-1, annex C

// Of an object whose names are in any case.
const Json* member_of(const boost::json::object& object, std::string_view name) {
  const auto found = std::ranges::find_if(
      object, [&](const auto& member) { return lower_case(member.key()) == name; });
  return found == object.end() ? nullptr : &found->value();
}

std::optional<double> number_of(const Json& value) {
  boost::json::error_code no_number;
  double number = 0;
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  } else {
    number = value.to_number<double>(no_number);
    if (no_number) return std::nullopt;
  }
  return std::isfinite(number) && std::fabs(number) <= kMostPoints ? std::optional(number)
                                                                   : std::nullopt;
}

class Reader {
 public:
  explicit Reader(const boost::json::object& object) : object_(object) {}

  Result<FieldRequest, std::string> read() {
    FieldRequest request;
    take_file(request);
    double page = request.page;
    take_number("page", page);
    request.page = static_cast<int>(page);
    take_number("x", request.x);
    take_number("y", request.y);
    take_number("width", request.width);
    take_number("height", request.height);
    take_text("reason", request.reason);
    take_text("dateformat", request.date_format);
    take_text("timeformat", request.time_format);
    take_appearance(request);
    if (fault_.empty()) return request;
    return fault_;
  }

 private:
  void refuse(std::string_view name, std::string_view what) {
    if (fault_.empty()) fault_ = fmt::format("\"{}\" {}", name, what);
  }

  void take_file(FieldRequest& request) {
    const Json* const type = member_of(object_, "filetype");
    if (type == nullptr || !type->is_string() || lower_case(type->get_string()) != "pdf")
      return refuse("fileType", "must be PDF");
    const Json* const file = member_of(object_, "file");
    auto bytes = file != nullptr && file->is_string() ? crypto::from_base64(file->get_string())
                                                      : std::nullopt;
    if (!bytes || bytes->empty()) return refuse("file", "must be a document in Base64");
    request.file = *std::move(bytes);
  }

  void take_number(std::string_view name, double& number) {
    const Json* const value = member_of(object_, name);
    if (value == nullptr) return;
    const auto read = number_of(*value);
    if (!read) return refuse(name, "must be a number");
    number = *read;
  }

  void take_text(std::string_view name, std::string& text) {
    const Json* const value = member_of(object_, name);
    if (value == nullptr) return;
    if (!value->is_string() || value->get_string().size() > 256)
      return refuse(name, "must be a string of at most 256 bytes");
    text = std::string_view(value->get_string());
  }

  // Accounts have no images, so that GRAPHICAL_IMAGE shows none.
  void take_appearance(FieldRequest& request) {
    const Json* const value = member_of(object_, "appearance");
    if (value == nullptr) return;
    if (!value->is_array()) return refuse("appearance", "must be a list");
    request.shows_signer = request.shows_time = request.shows_reason = false;
    for (const Json& each : value->get_array()) {
      const std::string word = each.is_string() ? lower_case(each.get_string()) : std::string();
      if (word == "signed_by")
        request.shows_signer = true;
      else if (word == "time")
        request.shows_time = true;
      else if (word == "reason")
        request.shows_reason = true;
      else if (word != "graphical_image")
        return refuse("appearance", "has an unknown part");
    }
  }

  const boost::json::object& object_;
  std::string fault_;
};

std::string piece_of(const std::tm& time, char letter, std::size_t count) {
  const int hour = time.tm_hour % 12 == 0 ? 12 : time.tm_hour % 12;
  const auto number = [&](int value) {
    return fmt::format("{:0{}}", value, std::min(count, std::size_t{2}));
  };
  switch (letter) {
    case 'd':
      return number(time.tm_mday);
    case 'M':
      return number(time.tm_mon + 1);
    case 'y':
      return count > 2 ? fmt::format("{:04}", time.tm_year + 1900) : number(time.tm_year % 100);
    case 'h':
      return number(hour);
    case 'H':
      return number(time.tm_hour);
    case 'm':
      return number(time.tm_min);
    case 's':
      return number(time.tm_sec);
    case 't':
      return std::string(time.tm_hour < 12 ? "AM" : "PM").substr(0, count > 1 ? 2 : 1);
    default:
      return std::string(count, letter);
  }
}

}  // namespace

Result<FieldRequest, std::string> read_field_request(std::string_view body) {
  boost::json::parse_options limits;
  limits.max_depth = kMaxDepth;
  boost::json::error_code error;
  const Json value = boost::json::parse(body, error, {}, limits);
  if (error || !value.is_object() || repeats_a_name(body, value))
    return std::string("The body must be a JSON object.");
  const Json* const operation = member_of(value.get_object(), kOperation);
  if (operation == nullptr || !operation->is_object())
    return std::string("The operation must be CreateAndSignField.");
  return Reader(operation->get_object()).read();
}

std::string dotnet_text(std::chrono::system_clock::time_point moment, std::string_view format) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
  std::tm time{};
  if (localtime_r(&seconds, &time) == nullptr) return {};
  std::string text;
  while (!format.empty()) {
    const std::size_t count = std::min(format.find_first_not_of(format.front()), format.size());
    text += piece_of(time, format.front(), count);
    format.remove_prefix(count);
  }
  return text;
}

}  // namespace signet::emulator::sapiws
