#include "preservation/calendar/exchange.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ctime>

#include "common/clock.h"
#include "common/json_text.h"

namespace signet::preservation {

namespace {

namespace json = boost::json;

constexpr std::string_view kKind = "signet-preserve";
constexpr std::int64_t kVersion = 1;

std::string text_of(Time time) {
  return validation::text_of(time, validation::Language::english);
}

json::value optional_text(const std::optional<Time>& time) {
  return time ? json::value(text_of(*time)) : json::value(nullptr);
}

// The members of one line; the first problem sticks.
class LineReader {
 public:
  explicit LineReader(const json::object& line) : line_(line) {}

  std::string text(std::string_view name) {
    const json::value* const found = line_.if_contains(name);
    if (found != nullptr && found->is_string()) return std::string(found->get_string());
    refuse(fmt::format("\"{}\" must be a string", name));
    return {};
  }

  std::uint64_t number(std::string_view name) {
    const json::value* const found = line_.if_contains(name);
    boost::system::error_code problem;
    const auto value = found == nullptr ? 0 : found->to_number<std::int64_t>(problem);
    if (found == nullptr || problem || value < 0)
      refuse(fmt::format("\"{}\" must be a whole number that is not negative", name));
    return static_cast<std::uint64_t>(value);
  }

  std::optional<Time> optional_time(std::string_view name) {
    const json::value* const found = line_.if_contains(name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    std::tm fields{};
    const char* const end =
        found->is_string() ? strptime(found->get_string().c_str(), "%Y-%m-%dT%H:%M:%SZ", &fields)
                           : nullptr;
    if (end != nullptr && *end == '\0') return wall_time(timegm(&fields));
    refuse(fmt::format("\"{}\" must be a time, such as \"2027-03-01T12:00:00Z\"", name));
    return std::nullopt;
  }

  Time time(std::string_view name) {
    const auto found = optional_time(name);
    if (!found)
      refuse(fmt::format("\"{}\" must be a time, such as \"2027-03-01T12:00:00Z\"", name));
    return found.value_or(Time());
  }

  void refuse(std::string why) {
    if (problem_.empty()) problem_ = std::move(why);
  }
  const std::string& problem() const { return problem_; }

 private:
  const json::object& line_;
  std::string problem_;
};

bool is_digest(const std::string& text) {
  constexpr std::size_t kSha256Digits = 64;
  return text.size() == kSha256Digits &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<KeptDocument, std::string> document_from(const json::object& line) {
  LineReader reader(line);
  KeptDocument document;
  document.path = reader.text("path");
  document.data = reader.text("data");
  document.condition.digest = reader.text("sha256");
  document.condition.size = reader.number("size");
  document.condition.format = reader.text("format");
  document.condition.level = reader.text("level");
  document.condition.verdict = reader.text("verdict");
  document.condition.until = reader.optional_time("verifiableUntil");
  document.condition.because = reader.text("because");
  document.condition.suite = reader.text("suite");
  document.condition.lists = reader.text("trustedLists");
  document.note = reader.text("note");
  document.added = reader.time("added");
  document.examined = reader.time("examined");
  document.extended = reader.optional_time("extended");
  document.extensions = reader.number("extensions");
  const auto standing = standing_from(reader.text("standing"));
  document.standing = standing.value_or(Standing::failed);
  if (!standing) reader.refuse("\"standing\" must be kept, changed, missing or failed");
  if (!document.path.starts_with('/')) reader.refuse("\"path\" must be absolute");
  if (!is_digest(document.condition.digest))
    reader.refuse("\"sha256\" must be 64 hexadecimal digits");
  if (!reader.problem().empty()) return reader.problem();
  return document;
}

bool is_first_line(const json::object& line) {
  const json::value* const kind = line.if_contains("register");
  const json::value* const version = line.if_contains("version");
  return kind != nullptr && *kind == json::value(kKind) && version != nullptr &&
         *version == json::value(kVersion);
}

Result<json::object, std::string> parsed(const std::string& line) {
  if (line.size() > kLongestLine) return fmt::format("it is longer than {} bytes", kLongestLine);
  boost::system::error_code problem;
  auto value = json::parse(line, problem);
  if (problem || !value.is_object()) return std::string("it is not a JSON object");
  return std::move(value.get_object());
}

}  // namespace

json::object json_of(const KeptDocument& document) {
  const Condition& is = document.condition;
  return {{"path", document.path},
          {"data", document.data},
          {"sha256", is.digest},
          {"size", is.size},
          {"format", is.format},
          {"level", is.level},
          {"verdict", is.verdict},
          {"verifiableUntil", optional_text(is.until)},
          {"because", is.because},
          {"suite", is.suite},
          {"trustedLists", is.lists},
          {"standing", name_of(document.standing)},
          {"note", document.note},
          {"added", text_of(document.added)},
          {"examined", text_of(document.examined)},
          {"extended", optional_text(document.extended)},
          {"extensions", document.extensions}};
}

std::string first_line() {
  return json_text(json::object{{"register", kKind}, {"version", kVersion}}) + "\n";
}

std::string line_of(const KeptDocument& document) {
  return json_text(json_of(document)) + "\n";
}

Result<std::vector<KeptDocument>, std::string> documents_from(std::istream& text) {
  std::vector<KeptDocument> documents;
  std::string line;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    const auto refused = [&](std::string_view why) {
      return fmt::format("line {}: {}", number, why);
    };
    const auto object = parsed(line);
    if (!object) return refused(object.error());
    if (number == 1) {
      if (!is_first_line(object.value()))
        return refused("this is not an exported register of version 1");
      continue;
    }
    auto document = document_from(object.value());
    if (!document) return refused(document.error());
    documents.push_back(std::move(document).value());
  }
  if (text.bad()) return std::string("it cannot be read");
  if (line.empty() && documents.empty()) return std::string("it is empty");
  return documents;
}

}  // namespace signet::preservation
