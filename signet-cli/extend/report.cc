#include "signet-cli/extend/report.h"

#include <fmt/format.h>

#include "common/printable.h"
#include "pkcs11-client/error.h"
#include "signet-cli/verify/verify.h"

namespace signet::cli {

namespace {

using preservation::DocumentState;
using preservation::Extended;
using preservation::ExtensionError;
using preservation::ExtensionFault;
using validation::Language;

Json json_of_state(const DocumentState& state) {
  Json json{{"level", name_of(state.level)},
            {"indication", total_name(state.verdict.indication)},
            {"subIndication", name_of(state.verdict.sub_indication)},
            {"timeStamps", state.time_stamps}};
  if (state.last_time_stamp)
    json["lastTimeStamp"] = text_of(*state.last_time_stamp, Language::english);
  if (state.verifiable_until)
    json["verifiableUntil"] = text_of(*state.verifiable_until, Language::english);
  if (state.verifiable_because)
    json["because"] = text_of(*state.verifiable_because, Language::english);
  return json;
}

boost::json::array json_of_fetches(const std::vector<validation::Fetch>& fetches) {
  boost::json::array all;
  for (const validation::Fetch& each : fetches) {
    Json json{{"url", each.url}, {"bytes", each.bytes}};
    if (!each.problem.empty()) json["problem"] = each.problem;
    all.push_back(std::move(json));
  }
  return all;
}

std::string until_text(const DocumentState& state) {
  if (!state.verifiable_until) return "";
  std::string text =
      fmt::format("; verifiable until {}", text_of(*state.verifiable_until, Language::english));
  if (state.verifiable_because)
    text += fmt::format(": {}", text_of(*state.verifiable_because, Language::english));
  return text;
}

}  // namespace

int exit_status_of(const ExtensionError& error) {
  switch (error.fault) {
    case ExtensionFault::settings:
      return exit_usage;
    case ExtensionFault::exists:
      return static_cast<int>(pkcs11::Reason::exists);
    case ExtensionFault::broken:
      return 31;
    case ExtensionFault::forbidden:
      return 32;
    case ExtensionFault::no_time_stamp:
      return 33;
    case ExtensionFault::no_data:
    case ExtensionFault::not_fresh:
      return kExitNoData;
    case ExtensionFault::not_valid:
      return error.verdict && error.verdict->indication == validation::Indication::failed
                 ? kExitTotalFailed
                 : kExitIndeterminate;
    case ExtensionFault::input:
    case ExtensionFault::output:
    case ExtensionFault::changed:
    case ExtensionFault::cancelled:
      break;
  }
  return exit_failed;
}

std::string line_of(const std::string& file, const Extended& extended) {
  if (!extended.changed)
    return fmt::format("{}: {}; nothing had to be added{}", printable(file),
                       name_of(extended.before.level), until_text(extended.after));
  return fmt::format("{}: {}, now {}; added {}{}", printable(file), name_of(extended.before.level),
                     name_of(extended.after.level), added_text(extended),
                     until_text(extended.after));
}

Json json_of(const std::string& file, const std::string& out, const Extended& extended) {
  boost::json::array remarks;
  for (const auto& each : extended.remarks) remarks.emplace_back(text_of(each, Language::english));
  boost::json::array authorities;
  for (const std::string& each : extended.authorities) authorities.emplace_back(each);
  return {{"file", printable(file)},
          {"out", printable(out)},
          {"status", extended.changed ? "extended" : "unchanged"},
          {"before", json_of_state(extended.before)},
          {"after", json_of_state(extended.after)},
          {"added",
           {{"certificates", extended.certificates},
            {"crls", extended.crls},
            {"ocspResponses", extended.ocsp_answers},
            {"timeStamps", extended.time_stamps},
            {"dataBytes", extended.new_data_bytes},
            {"tokenBytes", extended.token_bytes}}},
          {"sizeBefore", extended.size_before},
          {"sizeAfter", extended.size_after},
          {"tsa", std::move(authorities)},
          {"fetched", json_of_fetches(extended.fetches)},
          {"remarks", std::move(remarks)}};
}

Json json_of(const std::string& file, const ExtensionError& error) {
  Json json{{"file", printable(file)},
            {"status", "failed"},
            {"error", error.sentence},
            {"exitStatus", exit_status_of(error)}};
  if (!error.verdict) return json;
  json["indication"] = total_name(error.verdict->indication);
  json["subIndication"] = name_of(error.verdict->sub_indication);
  return json;
}

}  // namespace signet::cli
