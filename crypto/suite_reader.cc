// The JSON form of suites: ETSI TS 119 322 V1.2.1, annex B.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>

#include "common/json_text.h"
#include "common/printable.h"
#include "crypto/suite.h"

namespace signet::crypto {

namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 16;
constexpr std::size_t kMostValues = 50'000;
constexpr std::size_t kMostMembers = 100;  // of one object
constexpr std::size_t kLongestText = 200;  // bytes

constexpr auto kParameters =
    std::to_array<std::string_view>({"moduluslength", "plength", "qlength"});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<Day> day_of(std::string_view text) {
  constexpr std::string_view form = "dddd-dd-dd";
  const auto fits = [](char wanted, char c) { return wanted == 'd' ? is_digit(c) : wanted == c; };
  if (!std::ranges::equal(form, text, fits)) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return date.ok() ? std::optional(Day(date)) : std::nullopt;
}

// The day of a date-time (RFC 3339), as it stands there.
std::optional<Day> day_of_time(std::string_view text) {
  constexpr std::size_t day = 10;
  const auto belongs = [](char c) {
    return is_digit(c) || std::string_view(":.+-Zz").find(c) != std::string_view::npos;
  };
  if (text.size() < day + 2 || (text[day] != 'T' && text[day] != 't') ||
      !std::ranges::all_of(text.substr(day + 1), belongs))
    return std::nullopt;
  return day_of(text.substr(0, day));
}

bool is_oid(std::string_view text) {
  return !text.empty() && text.size() <= kLongestText && is_digit(text.front()) &&
         is_digit(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace

// Goes through a parsed file; the first fault stays, with the way to it.
class SuiteReader {
 public:
  Result<Suite, std::string> read(const json::value& root) {
    if (const json::object* const outer = root.if_object()) {
      inside(*outer, "SecuritySuitabilityPolicy",
             [this](const json::object& policy) { read_policy(policy); });
    } else {
      fail("", "is no object");
    }
    if (fault_.empty()) return std::move(suite_);
    return std::move(fault_);
  }

 private:
  // The member of the object at `where_`; nullptr, and a fault where it has to be there.
  const json::value* member(const json::object& in, const char* name, bool needed) {
    const json::value* const found = in.if_contains(name);
    if (found == nullptr && needed) fail(name, "is missing");
    return found;
  }

  // `read` gets the object of that name, which has to be there; the way to it is in where_ meanwhile.
  template <typename Read>
  void inside(const json::object& in, const char* name, Read read) {
    const json::value* const found = member(in, name, true);
    if (found == nullptr) return;
    if (!found->is_object()) return fail(name, "is no object");
    const std::string outer = where_;
    where_ += fmt::format("{}.", name);
    read(found->get_object());
    where_ = outer;
  }

  // Empty for an optional text that is not there.
  std::string text(const json::object& in, const char* name, bool needed) {
    const json::value* const found = member(in, name, needed);
    if (found == nullptr) return {};
    const json::string* const text = found->if_string();
    if (text == nullptr || text->empty() || text->size() > kLongestText) {
      fail(name, fmt::format("is no text of 1 to {} bytes", kLongestText));
      return {};
    }
    return std::string(*text);
  }

  // `read` gets each item; the way to it is in where_ meanwhile.
  template <typename Read>
  void each(const json::object& in, const char* name, bool needed, Read read) {
    const json::value* const found = member(in, name, needed);
    if (found == nullptr) return;
    const json::array* const list = found->if_array();
    if (list == nullptr || (needed && list->empty()))
      return fail(name, needed ? "is no list, or an empty one" : "is no list");
    const std::string outer = where_;
    for (std::size_t at = 0; at < list->size() && fault_.empty(); ++at) {
      where_ = fmt::format("{}{}[{}].", outer, name, at);
      if (const json::object* const item = (*list)[at].if_object()) {
        read(*item);
      } else {
        fail("", "is no object");
      }
    }
    where_ = outer;
  }

  void read_policy(const json::object& policy) {
    inside(policy, "PolicyName", [this](const json::object& name) {
      suite_.name_ = text(name, "Name", true);
      if (const std::string version = text(name, "ObjectIdentifier", false); !version.empty())
        suite_.name_ += " " + version;
      suite_.name_ = printable(suite_.name_);
    });
    inside(policy, "Publisher",
           [this](const json::object& publisher) { text(publisher, "Name", true); });
    const auto issued = day_of_time(text(policy, "PolicyIssueDate", true));
    if (!issued) return fail("PolicyIssueDate", "is no date and time");
    suite_.issued_ = *issued;
    each(policy, "Algorithm", true, [this](const json::object& item) { read_algorithm(item); });
  }

  void read_algorithm(const json::object& algorithm) {
    std::string name;
    std::string oid;
    inside(algorithm, "AlgorithmIdentifier", [&](const json::object& identifier) {
      name = text(identifier, "Name", true);
      oid = text(identifier, "ObjectIdentifier", true);
      if (!is_oid(oid)) fail("ObjectIdentifier", "is no object identifier");
    });
    if (!fault_.empty()) return;
    std::vector<Suite::Evaluation>& evaluations = suite_.entries_[known_oid(name, oid)];
    each(algorithm, "Evaluation", true,
         [&](const json::object& item) { read_evaluation(item, evaluations); });
  }

  // ETSI's files of V1.5.1 name SHA-384 by the arc of all SHA-2 hashes.
  static std::string known_oid(const std::string& name, const std::string& oid) {
    return name == "SHA384" && oid == "2.16.840.1.101.3.4.2" ? oid + ".2" : oid;
  }

  void read_evaluation(const json::object& item, std::vector<Suite::Evaluation>& into) {
    Suite::Evaluation evaluation;
    inside(item, "Validity", [&](const json::object& validity) {
      evaluation.start = day(validity, "Start");
      evaluation.end = day(validity, "End");
    });
    const std::string recommendation = text(item, "Recommendation", false);
    if (!recommendation.empty() && recommendation != "R" && recommendation != "L")
      return fail("Recommendation", "is neither R nor L");
    evaluation.legacy = recommendation == "L";
    bool counts = text(item, "AlgorithmUsage", false).empty();
    each(item, "Parameter", false, [&](const json::object& parameter) {
      const Suite::Limit limit = read_limit(parameter);
      counts = counts && std::ranges::find(kParameters, limit.parameter) != kParameters.end();
      evaluation.limits.push_back(limit);
    });
    if (counts) into.push_back(std::move(evaluation));
  }

  std::optional<Day> day(const json::object& validity, const char* name) {
    const std::string found = text(validity, name, false);
    if (found.empty()) return std::nullopt;
    const auto day = day_of(found);
    if (!day) fail(name, "is no date");
    return day;
  }

  Suite::Limit read_limit(const json::object& parameter) {
    Suite::Limit limit;
    limit.parameter = text(parameter, "name", true);
    limit.least = number(parameter, "Min", limit.least);
    limit.most = number(parameter, "Max", limit.most);
    return limit;
  }

  std::uint64_t number(const json::object& in, const char* name, std::uint64_t otherwise) {
    const json::value* const found = member(in, name, false);
    if (found == nullptr) return otherwise;
    const std::int64_t* const number = found->if_int64();
    if (number != nullptr && *number >= 0) return static_cast<std::uint64_t>(*number);
    fail(name, "is no whole number");
    return otherwise;
  }

  void fail(std::string_view name, std::string_view what) {
    if (!fault_.empty()) return;
    std::string where = where_ + std::string(name);
    if (where.ends_with('.')) where.pop_back();
    fault_ = fmt::format("{} {}", where.empty() ? "the file" : where, what);
  }

  Suite suite_;
  std::string where_;
  std::string fault_;
};

Result<Suite, std::string> Suite::parse(std::string_view text) {
  const JsonAmount amount = amount_of_json(text);
  if (text.size() > kLargestSuite || amount.values > kMostValues || amount.members > kMostMembers)
    return std::string("this is too large for a suite");
  json::parse_options limits;
  limits.max_depth = kDeepest;
  json::error_code error;
  const json::value root = json::parse(text, error, {}, limits);
  if (error == json::error::too_deep) return std::string("this is nested too deeply for a suite");
  if (error) return std::string("this is not JSON");
  if (repeats_a_name(text, root)) return std::string("an object has two members of one name");
  return SuiteReader().read(root);
}

}  // namespace signet::crypto
