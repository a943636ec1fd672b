#include "tests/support/emulator.h"

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/client_config.h"

namespace signet::tests {
namespace {

constexpr std::chrono::seconds kStartTime{20};
constexpr std::chrono::milliseconds kPollTime{20};

std::size_t append_to(char* data, std::size_t one, std::size_t size, void* text) {
  static_cast<std::string*>(text)->append(data, one * size);
  return one * size;
}

}  // namespace

Emulator::Emulator(const std::vector<std::string>& keys) {
  write_file(dir_ / "pin", pin_);
  std::vector<std::string> command = {
      SIGNET_TEST_EMULATOR,   "init",   state_.string(), "--listen",
      "127.0.0.1:0",          "--user", "seal",          "--password-file",
      (dir_ / "pin").string()};
  for (const auto& key : keys) command.insert(command.end(), {"--key", key});
  output_of(command);
  start();
}

Emulator::~Emulator() {
  if (!process_ || !process_->running()) return;  // the test has ended it
  stop();
  if (process_->wait() != 0) ADD_FAILURE() << "the emulator ended badly:\n" << log();
}

void Emulator::start() {
  const auto ready = dir_ / "ready";
  std::filesystem::remove(ready);
  const std::vector<std::string> command = {SIGNET_TEST_EMULATOR, "run", state_.string(),
                                            "--ready-file", ready.string()};
  process_ = std::make_unique<Process>(command, dir_ / "emulator.log", dir_ / "emulator.log");
  const auto end = std::chrono::steady_clock::now() + kStartTime;
  while (!std::filesystem::exists(ready)) {
    if (!process_->running() || std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("the emulator does not start: " + log());
    }
    std::this_thread::sleep_for(kPollTime);
  }
}

void Emulator::stop() {
  process_->end(SIGTERM);
}

void Emulator::kill() {
  process_->end(SIGKILL);
}

std::uint16_t Emulator::port() const {
  const std::string url = members_of(client_config()).front().url;
  return static_cast<std::uint16_t>(std::stoul(url.substr(url.find(':', sizeof "https:") + 1)));
}

std::string Emulator::get(std::string_view path) const {
  const Member member = members_of(client_config()).front();
  const std::string url = "https://127.0.0.1:" + std::to_string(port()) + std::string(path);
  std::string answer;
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  // The pin is the whole trust, as it is for the module.
  curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, member.pins.front().c_str());
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
  if (result != CURLE_OK) throw std::runtime_error(url + ": " + curl_easy_strerror(result));
  return answer;
}

Counters Emulator::counters() const {
  const auto json = nlohmann::json::parse(get("/x-emulator/v1/counters"));
  return {json.at("connections"), json.at("requests"), json.at("requestBytes")};
}

std::vector<JournalEntry> Emulator::journal() const {
  const auto text = output_of({SIGNET_TEST_EMULATOR, "journal", state_.string(), "--json"});
  std::vector<JournalEntry> entries;
  std::istringstream lines(text);  // one JSON object a line
  for (std::string line; std::getline(lines, line);) {
    const auto entry = nlohmann::json::parse(line);
    entries.push_back({entry.at("account"), entry.at("keyId"), entry.at("digest")});
  }
  return entries;
}

}  // namespace signet::tests
