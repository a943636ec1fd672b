#include "softhsm-backend/faults.h"

#include <algorithm>
#include <array>
#include <span>

namespace signet::emulator {

namespace {

using Kind = Fault::Kind;

struct KindRow {
  std::string_view name;
  Kind kind;
  bool after_processing;     // unless the fault says otherwise
  std::int64_t ms;           // likewise
  std::int64_t after_bytes;  // likewise
};

constexpr std::int64_t kStall = 60'000;
constexpr std::int64_t kDrip = 100;
constexpr std::int64_t kOversize = 8 * 1024 * 1024 + 1;
constexpr std::int64_t kMostBytes = 64 * 1024 * 1024;
constexpr std::int64_t kMostMilliseconds = 600'000;
constexpr std::int64_t kMostTimes = 1'000'000;
constexpr std::size_t kMostFaults = 10'000;
constexpr std::size_t kMaxText = 256;

constexpr auto kDialectFaults = std::to_array<std::string_view>(
    {"sad-reuse", "sad-other-user", "list-leak", "scal-lie", "polling-202", "polling-400",
     "timestamp-garbage", "timestamp-response"});

constexpr std::array<KindRow, 14> kKinds{{
    {"delay", Kind::delay, false, 1'000, 0},
    {"status", Kind::status, false, 0, 0},
    {"cut", Kind::cut, true, 0, 0},
    {"stall", Kind::stall, false, kStall, 0},
    {"reset", Kind::reset, false, 0, 0},
    {"drip", Kind::drip, true, kDrip, 0},
    {"bad-json", Kind::bad_json, true, 0, 0},
    {"oversize", Kind::oversize, true, 0, kOversize},
    {"wrong-signature", Kind::wrong_signature, true, 0, 0},
    {"certificate", Kind::certificate, false, 0, 0},
    {"close", Kind::close, true, 0, 0},
    {"dialect", Kind::dialect, true, 0, 0},
    {"xml-bomb", Kind::xml_bomb, true, 0, 0},
    {"answer-place", Kind::answer_place, true, 0, 0},
}};

struct SignatureRow {
  std::string_view name;
  SignatureFault fault;
};

constexpr std::array<SignatureRow, 4> kSignatureFaults{{
    {"bit-flip", SignatureFault::bit_flip},
    {"other-key", SignatureFault::other_key},
    {"other-digest", SignatureFault::other_digest},
    {"short", SignatureFault::too_short},
}};

Outcome<std::int64_t> bounded(const Json& object, const char* name, std::int64_t otherwise,
                              std::int64_t most) {
  BOOST_OUTCOME_TRY(auto number, optional_integer(object, name));
  const std::int64_t value = number.value_or(otherwise);
  if (value < 0 || value > most) {
    return problems::bad_parameter("\"" + std::string(name) + "\" must be 0 to " +
                                   std::to_string(most) + ".");
  }
  return value;
}

Outcome<void> read_match(const Json& object, Fault& fault) {
  const Json* const match = object.as_object().if_contains("match");
  if (match == nullptr) return success();
  if (!match->is_object()) return problems::bad_parameter("\"match\" must be an object.");
  BOOST_OUTCOME_TRY(auto method, optional_text(*match, "method", kMaxText));
  BOOST_OUTCOME_TRY(auto prefix, optional_text(*match, "path_prefix", kMaxText));
  fault.method = std::move(method).value_or("");
  fault.path_prefix = std::move(prefix).value_or("");
  return success();
}

Outcome<void> read_variant(const Json& object, Fault& fault) {
  BOOST_OUTCOME_TRY(auto variant, optional_text(object, "variant", kMaxText));
  if (fault.kind == Kind::certificate) {
    fault.variant = std::move(variant).value_or("foreign");
    if (fault.variant != "foreign" && fault.variant != "backup") {
      return problems::bad_parameter("A certificate's \"variant\" is foreign or backup.");
    }
  }
  if (fault.kind == Kind::dialect) {
    fault.variant = std::move(variant).value_or("");
    if (std::ranges::find(kDialectFaults, fault.variant) == kDialectFaults.end()) {
      return problems::bad_parameter(
          "A dialect's \"variant\" is one of its own faults: see the documentation.");
    }
  }
  if (fault.kind == Kind::wrong_signature) {
    fault.variant = std::move(variant).value_or("bit-flip");
    const auto* row = std::ranges::find(kSignatureFaults, fault.variant, &SignatureRow::name);
    if (row == kSignatureFaults.end()) {
      return problems::bad_parameter(
          "A wrong signature's \"variant\" is bit-flip, other-key, other-digest or short.");
    }
    fault.signature_fault = row->fault;
  }
  return success();
}

Outcome<Fault> read_fault(const Json& object) {
  if (!object.is_object()) return problems::bad_parameter("A fault is a JSON object.");
  BOOST_OUTCOME_TRY(auto name, required_text(object, "kind", kMaxText));
  const auto* row = std::ranges::find(kKinds, name, &KindRow::name);
  if (row == kKinds.end())
    return problems::bad_parameter("There is no fault of kind " + name + ".");
  Fault fault;
  fault.kind = row->kind;
  BOOST_OUTCOME_TRY(read_match(object, fault));
  BOOST_OUTCOME_TRY(read_variant(object, fault));
  BOOST_OUTCOME_TRY(fault.ms, bounded(object, "ms", row->ms, kMostMilliseconds));
  BOOST_OUTCOME_TRY(auto status, bounded(object, "status", 503, 599));
  if (status < 200) return problems::bad_parameter("\"status\" must be 200 to 599.");
  fault.status = static_cast<unsigned>(status);
  BOOST_OUTCOME_TRY(auto sapi_code, optional_text(object, "sapiCode", kMaxText));
  fault.sapi_code = std::move(sapi_code).value_or("");
  BOOST_OUTCOME_TRY(auto detail, optional_text(object, "detail", kMaxText));
  fault.detail = std::move(detail).value_or("");
  BOOST_OUTCOME_TRY(fault.retry_after, optional_integer(object, "retryAfter"));
  BOOST_OUTCOME_TRY(auto bytes, bounded(object, "afterBytes", row->after_bytes, kMostBytes));
  fault.after_bytes = static_cast<std::size_t>(bytes);
  BOOST_OUTCOME_TRY(fault.after_processing,
                    optional_flag(object, "after_processing", row->after_processing));
  BOOST_OUTCOME_TRY(fault.times, bounded(object, "times", 1, kMostTimes));
  return fault;
}

Json json_of(const Fault& fault) {
  const auto* row = std::ranges::find(kKinds, fault.kind, &KindRow::kind);
  boost::json::object json{
      {"kind", row->name},
      {"match", boost::json::object{{"method", fault.method}, {"path_prefix", fault.path_prefix}}},
      {"ms", fault.ms},
      {"status", fault.status},
      {"afterBytes", fault.after_bytes},
      {"after_processing", fault.after_processing},
      {"times", fault.times}};
  if (!fault.variant.empty()) json["variant"] = fault.variant;
  if (!fault.sapi_code.empty()) json["sapiCode"] = fault.sapi_code;
  if (!fault.detail.empty()) json["detail"] = fault.detail;
  if (fault.retry_after) json["retryAfter"] = *fault.retry_after;
  return json;
}

// Ten levels of ten: ten thousand million letters where they are expanded, a few hundred bytes here.
std::string xml_bomb() {
  constexpr int levels = 10;
  std::string text = "<?xml version=\"1.0\"?>\n<!DOCTYPE bomb [\n<!ENTITY e0 \"x\">\n";
  for (int level = 1; level <= levels; ++level) {
    text += "<!ENTITY e" + std::to_string(level) + " \"";
    for (int i = 0; i < 10; ++i) text += "&e" + std::to_string(level - 1) + ";";
    text += "\">\n";
  }
  return text + "]>\n<bomb>&e" + std::to_string(levels) + ";</bomb>\n";
}

}  // namespace

Outcome<std::size_t> FaultQueue::add(const Json& faults) {
  const auto* const list = faults.if_array();
  std::vector<Fault> read;
  for (const Json& item :
       list != nullptr ? std::span(list->data(), list->size()) : std::span(&faults, 1)) {
    BOOST_OUTCOME_TRY(auto fault, read_fault(item));
    read.push_back(std::move(fault));
  }
  const MutexLock lock(mutex_);
  if (faults_.size() + read.size() > kMostFaults) {
    return problems::bad_parameter("The queue of faults is full.");
  }
  faults_.insert(faults_.end(), read.begin(), read.end());
  return read.size();
}

Json FaultQueue::list() const {
  const MutexLock lock(mutex_);
  boost::json::array list;
  for (const Fault& fault : faults_) list.push_back(json_of(fault));
  return list;
}

void FaultQueue::clear() {
  const MutexLock lock(mutex_);
  faults_.clear();
}

template <typename Fits>
std::optional<Fault> FaultQueue::take(Fits fits) {
  const MutexLock lock(mutex_);
  const auto found = std::ranges::find_if(faults_, fits);
  if (found == faults_.end()) return std::nullopt;
  Fault fault = *found;
  const bool last = found->times == 1;
  if (found->times > 1) --found->times;
  if (last) faults_.erase(found);
  return fault;
}

std::optional<Fault> FaultQueue::next(std::string_view method, std::string_view target) {
  return take([&](const Fault& fault) {
    return fault.kind != Kind::certificate && (fault.method.empty() || fault.method == method) &&
           target.starts_with(fault.path_prefix);
  });
}

std::optional<std::string> FaultQueue::next_certificate() {
  const auto fault = take([](const Fault& queued) { return queued.kind == Kind::certificate; });
  if (!fault) return std::nullopt;
  return fault->variant;
}

Answer answer_under(const Fault& fault, Answer answer) {
  switch (fault.kind) {
    case Fault::Kind::status: {
      const ProblemKind injected{fault.status, fault.sapi_code.c_str(), "Injected fault"};
      Problem problem =
          injected(fault.detail.empty() ? "A test asked for this answer." : fault.detail);
      if (fault.retry_after) {
        problem.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after));
      }
      return to_answer(problem);
    }
    case Fault::Kind::bad_json:
      answer.body = "{\"this is\": not JSON";
      return answer;
    case Fault::Kind::oversize:
      // White space is JSON's to ignore: only the size is wrong.
      if (answer.body.size() < fault.after_bytes) answer.body.resize(fault.after_bytes, ' ');
      return answer;
    case Fault::Kind::xml_bomb:
      return {.status = 200,
              .body = xml_bomb(),
              .headers = {{"Content-Type", "text/xml; charset=utf-8"}}};
    default:
      return answer;
  }
}

}  // namespace signet::emulator
