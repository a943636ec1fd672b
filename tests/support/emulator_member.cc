#include "tests/support/emulator_member.h"

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/json.hpp>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/support/files.h"

namespace signet::tests {
namespace {

constexpr std::chrono::seconds kStartTime{120};
constexpr std::chrono::milliseconds kPollTime{20};
constexpr std::string_view kCounters = "/x-emulator/v1/counters";
constexpr std::string_view kFaults = "/x-emulator/v1/faults";

std::size_t append_to(char* data, std::size_t one, std::size_t size, void* text) {
  static_cast<std::string*>(text)->append(data, one * size);
  return one * size;
}

}  // namespace

std::vector<JournalEntry> journal_in(const std::filesystem::path& state) {
  const auto text = output_of({SIGNET_TEST_EMULATOR, "journal", state.string(), "--json"});
  std::vector<JournalEntry> entries;
  std::istringstream lines(text);  // one JSON object a line
  for (std::string line; std::getline(lines, line);) {
    const auto entry = boost::json::parse(line);
    const auto member = [&](const char* name) { return value_to<std::string>(entry.at(name)); };
    entries.push_back({member("account"), member("keyId"), member("digest"), member("signature"),
                       member("role"), member("requestId"), member("reference")});
  }
  return entries;
}

void init_emulator(const std::filesystem::path& state, const std::filesystem::path& password_file,
                   const std::vector<std::string>& more) {
  std::vector<std::string> command = {
      SIGNET_TEST_EMULATOR,  "init",   state.string(), "--listen",
      "127.0.0.1:0",         "--user", "seal",         "--password-file",
      password_file.string()};
  command.insert(command.end(), more.begin(), more.end());
  output_of(command);
}

EmulatorMember::EmulatorMember(std::filesystem::path state, std::string role, Member member,
                               std::filesystem::path log_file)
    : state_(std::move(state)),
      role_(std::move(role)),
      member_(std::move(member)),
      log_file_(std::move(log_file)) {}

EmulatorMember::~EmulatorMember() {
  if (!process_ || !process_->running()) return;  // the test has ended it
  stop();
  if (process_->wait() != 0) ADD_FAILURE() << "the emulator ended badly:\n" << log();
}

void EmulatorMember::start(const std::vector<std::string>& more, const std::string& level) {
  const auto ready = state_.parent_path() / ("ready-" + role_);
  std::filesystem::remove(ready);
  std::vector<std::string> command = {SIGNET_TEST_EMULATOR, "--log-level", level, "run",
                                      state_.string(),      "--role",      role_, "--ready-file",
                                      ready.string()};
  command.insert(command.end(), more.begin(), more.end());
  process_ = std::make_unique<Process>(command, log_file_, log_file_);
  const auto end = std::chrono::steady_clock::now() + kStartTime;
  while (!std::filesystem::exists(ready)) {
    if (!process_->running() || std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("the emulator does not start: " + log());
    }
    std::this_thread::sleep_for(kPollTime);
  }
}

void EmulatorMember::stop() {
  process_->end(SIGTERM);
}

void EmulatorMember::kill() {
  process_->end(SIGKILL);
}

std::uint16_t EmulatorMember::port() const {
  const std::string& url = member_.url;
  return static_cast<std::uint16_t>(std::stoul(url.substr(url.find(':', sizeof "https:") + 1)));
}

std::string EmulatorMember::log() const {
  return read_file(log_file_);
}

std::string EmulatorMember::ask(std::string_view method, std::string_view path,
                                const std::string& body) const {
  const std::string url = "https://127.0.0.1:" + std::to_string(port()) + std::string(path);
  std::string answer;
  CURL* curl = curl_easy_init();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  if (!body.empty()) {
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, std::string(method).c_str());
  // Nothing secret is sent, and a fault may have the server show any certificate.
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_to);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  const CURLcode result = curl_easy_perform(curl);
  curl_easy_cleanup(curl);
  curl_slist_free_all(headers);
  if (result != CURLE_OK) throw std::runtime_error(url + ": " + curl_easy_strerror(result));
  return answer;
}

Counters EmulatorMember::counters() const {
  const auto json = boost::json::parse(ask("GET", kCounters, {}));
  const auto& handshakes = json.at("handshakes");
  const auto full = value_to<std::uint64_t>(handshakes.at("full"));
  return {value_to<std::uint64_t>(json.at("requests")),
          value_to<std::uint64_t>(json.at("requestBytes")),
          full + value_to<std::uint64_t>(handshakes.at("resumed"))};
}

std::map<std::string, std::uint64_t> EmulatorMember::calls() const {
  const auto json = boost::json::parse(ask("GET", kCounters, {}));
  return value_to<std::map<std::string, std::uint64_t>>(json.at("requestsByRoute"));
}

std::uint64_t EmulatorMember::faults_met() const {
  return value_to<std::uint64_t>(boost::json::parse(ask("GET", kCounters, {})).at("faultsMet"));
}

void EmulatorMember::queue_faults(const std::string& json) const {
  ask("POST", kFaults, json);
}

void EmulatorMember::clear_faults() const {
  ask("DELETE", kFaults, {});
}

}  // namespace signet::tests
