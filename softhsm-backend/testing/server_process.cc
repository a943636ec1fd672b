#include "softhsm-backend/testing/server_process.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "common/descriptor.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/testing/instance.h"

namespace signet::emulator {

namespace {

using namespace std::chrono_literals;

constexpr long kPatience = 20'000;  // milliseconds

// The two standard streams go to these descriptors; -1: to the test's own.
pid_t start(const std::vector<std::string>& arguments, int standard_output, int standard_error) {
  std::vector<char*> words{const_cast<char*>(SIGNET_EMULATOR_PROGRAM)};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (standard_output >= 0) posix_spawn_file_actions_adddup2(&actions, standard_output, 1);
  if (standard_error >= 0) posix_spawn_file_actions_adddup2(&actions, standard_error, 2);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, SIGNET_EMULATOR_PROGRAM, &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " SIGNET_EMULATOR_PROGRAM);
  return pid;
}

int create(const std::filesystem::path& file) {
  return open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

int wait_for(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::size_t append(char* data, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

std::size_t keep_header(char* data, std::size_t size, std::size_t count, void* headers) {
  const std::string line(data, size * count);
  const std::size_t colon = line.find(": ");
  if (colon != std::string::npos) {
    std::string name = line.substr(0, colon);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    auto& all = *static_cast<std::map<std::string, std::string>*>(headers);
    all[name] = line.substr(colon + 2, line.find_last_not_of("\r\n") - colon - 1);
  }
  return size * count;
}

}  // namespace

ServerProcess::ServerProcess(const std::filesystem::path& dir, const std::string& role,
                             const std::vector<std::string>& options)
    : ServerProcess(dir, role, options, Log()) {}

ServerProcess::ServerProcess(const std::filesystem::path& dir, const std::string& role,
                             const std::vector<std::string>& options, const Log& log) {
  const auto ready = dir / (role + ".ready");
  std::filesystem::remove(ready);
  std::vector<std::string> words{"--log-level", log.level, "run",          dir.string(),
                                 "--role",      role,      "--ready-file", ready.string()};
  words.insert(words.end(), options.begin(), options.end());
  const Descriptor errors(log.file.empty() ? -1 : create(log.file));
  pid_ = start(words, -1, errors.get());
  for (int i = 0; i < 2'400 && running() && !std::filesystem::exists(ready); ++i)
    std::this_thread::sleep_for(25ms);
  std::ifstream(ready) >> port_;
  if (!port_.empty()) return;
  if (pid_ > 0) end_with(SIGKILL);
  throw std::runtime_error("the " + role + " did not become ready");
}

bool ServerProcess::running() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) end_with(SIGKILL);
}

int ServerProcess::end_with(int signal) {
  kill(pid_, signal);
  return wait_for(std::exchange(pid_, -1));
}

int run_program(const std::vector<std::string>& arguments, std::string* output,
                std::string* errors) {
  const ScratchFolder folder;
  const Descriptor to_output(create(folder.path("output")));
  const Descriptor to_errors(errors == nullptr ? -1 : create(folder.path("errors")));
  const int status = wait_for(start(arguments, to_output.get(), to_errors.get()));
  if (output != nullptr) *output = folder.read("output");
  if (errors != nullptr) *errors = folder.read("errors");
  return status;
}

HttpClient::HttpClient(std::string base, std::string pin)
    : handle_(curl_easy_init()), base_(std::move(base)), pin_(std::move(pin)) {}

HttpClient::~HttpClient() {
  curl_easy_cleanup(handle_);
}

HttpAnswer HttpClient::send(const std::string& method, const std::string& path,
                            const boost::json::value& body, const std::string& idempotency_key) {
  std::vector<std::string> headers{"Authorization: " + basic("seal", kTestPassword),
                                   "Content-Type: application/json"};
  if (method == "POST") {
    headers.push_back("Idempotency-Key: " +
                      (idempotency_key.empty() ? new_uuid() : idempotency_key));
  }
  return send_text(method, path, body.is_null() ? "" : boost::json::serialize(body), headers);
}

HttpAnswer HttpClient::send_text(const std::string& method, const std::string& path,
                                 const std::string& body, const std::vector<std::string>& headers) {
  curl_easy_reset(handle_);
  HttpAnswer answer;
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  list = curl_slist_append(list, "Expect:");
  const std::string url = base_ + path;
  curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, kPatience);
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, keep_header);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &answer.headers);
  if (!pin_.empty()) curl_easy_setopt(handle_, CURLOPT_PINNEDPUBLICKEY, pin_.c_str());
  if (method == "POST" || !body.empty()) {
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  }
  answer.error = curl_easy_perform(handle_);
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_slist_free_all(list);
  return answer;
}

}  // namespace signet::emulator
