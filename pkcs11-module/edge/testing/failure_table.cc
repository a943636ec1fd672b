#include "pkcs11-module/edge/testing/failure_table.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace signet::edge::testing {

namespace {

using transport::Failure;
using Question = transport::FakeAppliance::Call;

constexpr auto kFailures =
    std::to_array<NamedFailure>({{"wrong_password", Failure::wrong_password},
                                 {"account_locked", Failure::account_locked},
                                 {"password_expired", Failure::password_expired},
                                 {"account_disabled", Failure::account_disabled},
                                 {"account_not_activated", Failure::account_not_activated},
                                 {"sign_credential_missing", Failure::sign_credential_missing},
                                 {"sign_credential_wrong", Failure::sign_credential_wrong},
                                 {"key_disabled", Failure::key_disabled},
                                 {"access_refused", Failure::access_refused},
                                 {"not_permitted", Failure::not_permitted},
                                 {"no_such_object", Failure::no_such_object},
                                 {"exists_already", Failure::exists_already},
                                 {"password_policy", Failure::password_policy},
                                 {"password_length", Failure::password_length},
                                 {"digest_length", Failure::digest_length},
                                 {"bad_parameter", Failure::bad_parameter},
                                 {"not_supported", Failure::not_supported},
                                 {"storage_full", Failure::storage_full},
                                 {"busy", Failure::busy},
                                 {"appliance_fault", Failure::appliance_fault},
                                 {"bad_answer", Failure::bad_answer},
                                 {"untrusted", Failure::untrusted},
                                 {"unreachable", Failure::unreachable},
                                 {"timed_out", Failure::timed_out},
                                 {"no_resources", Failure::no_resources}});
// The list is the whole enumeration: its last name is in the last place.
static_assert(kFailures.size() == static_cast<std::size_t>(Failure::no_resources) + 1);

const std::map<std::string_view, Question> kQuestions = {
    {"account", Question::account},
    {"objects", Question::objects},
    {"sign", Question::sign},
    {"generate_key", Question::generate_key},
    {"update_key", Question::update_key},
    {"delete_key", Question::delete_key},
    {"import_certificate", Question::import_certificate},
    {"update_certificate", Question::update_certificate},
    {"delete_certificate", Question::delete_certificate},
    {"change_password", Question::change_password},
    {"set_password", Question::set_password}};

[[noreturn]] void refuse_line(int line, const std::string& why) {
  throw std::runtime_error("failure_table.txt:" + std::to_string(line) + ": " + why);
}

struct Row {
  int line = 0;
  std::string code;
  std::set<std::string> active;
  std::string login;
};

struct Paragraph {
  CallCase call;
  Question question = Question::last;
  Row otherwise;
  std::map<std::string, Row, std::less<>> rows;
};

Paragraph paragraph_of(int line, const std::string& text) {
  const auto mark = text.find('!');
  if (mark == std::string::npos) refuse_line(line, "no \"!\" with a question to the appliance");
  const auto question = kQuestions.find(std::string_view(text).substr(mark + 1));
  if (question == kQuestions.end()) refuse_line(line, "an unknown question to the appliance");
  return {good_call_of(line, text.substr(0, mark)), question->second, {}, {}};
}

bool is_failure(std::string_view name) {
  return std::ranges::find(kFailures, name, &NamedFailure::name) != kFailures.end();
}

void read_row(Paragraph& paragraph, bool is_common, int line, const std::string& text) {
  std::istringstream words(text);
  std::string name;
  Row row;
  row.line = line;
  std::string active;
  words >> name;
  if (name != "else") words >> row.code;
  if (!is_common) {
    words >> active >> row.login;
    row.active = active_of(line, active);
  }
  std::string rest;
  if (!words || words >> rest) refuse_line(line, "too few words, or too many");
  if (name == "else") {
    paragraph.otherwise = row;
    return;
  }
  if (!is_failure(name)) refuse_line(line, name + " is no failure");
  if (!paragraph.rows.emplace(name, row).second) refuse_line(line, name + " stands twice");
}

FailureCase case_of(const Paragraph& paragraph, const Paragraph& common,
                    const NamedFailure& failure) {
  Row row = paragraph.otherwise;
  row.code = common.rows.at(std::string(failure.name)).code;
  const auto own = paragraph.rows.find(failure.name);
  if (own != paragraph.rows.end()) row = own->second;
  CallCase call = paragraph.call;
  call.line = row.line;
  call.answer = row.code;
  call.active = row.active;
  return {std::move(call), paragraph.question, failure, row.login};
}

}  // namespace

std::span<const NamedFailure> all_failures() {
  return kFailures;
}

std::vector<FailureCase> read_failure_table(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file);
  std::vector<Paragraph> paragraphs;  // the common one first
  int line = 0;
  for (std::string text; std::getline(stream, text);) {
    ++line;
    const auto first = text.find_first_not_of(' ');
    if (first == std::string::npos || text[first] == '#') continue;
    if (text == "*") {
      paragraphs.emplace_back();
    } else if (first == 0) {
      paragraphs.push_back(paragraph_of(line, text));
    } else {
      read_row(paragraphs.back(), paragraphs.size() == 1, line, text);
    }
  }
  std::vector<FailureCase> cases;
  for (std::size_t i = 1; i < paragraphs.size(); ++i) {
    for (const NamedFailure& failure : kFailures) {
      cases.push_back(case_of(paragraphs[i], paragraphs.front(), failure));
    }
  }
  return cases;
}

}  // namespace signet::edge::testing
