// The real signet-emulator as a child process, and HTTPS to it.
#ifndef SIGNET_SOFTHSM_BACKEND_TESTING_SERVER_PROCESS_H_
#define SIGNET_SOFTHSM_BACKEND_TESTING_SERVER_PROCESS_H_

#include <sys/types.h>

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace signet::emulator {

// Starts the program and waits for its ready file; kills it in the end. Throws std::runtime_error where it does not
// become ready.
class ServerProcess {
 public:
  struct Log {
    std::string level = "error";
    std::filesystem::path file;  // empty: the test's own standard error
  };

  // `options`: more of `run`.
  ServerProcess(const std::filesystem::path& dir, const std::string& role,
                const std::vector<std::string>& options = {});
  ServerProcess(const std::filesystem::path& dir, const std::string& role,
                const std::vector<std::string>& options, const Log& log);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  // Sends the signal and waits. The exit status, or minus the signal that ended it.
  int end_with(int signal);

  std::string base() const { return "https://127.0.0.1:" + port_; }

 private:
  bool running();

  pid_t pid_ = -1;
  std::string port_;
};

// Runs the program to its end; standard output in `output`, standard error in `errors`.
int run_program(const std::vector<std::string>& arguments, std::string* output = nullptr,
                std::string* errors = nullptr);

struct HttpAnswer {
  int error = 0;    // CURLcode
  long status = 0;  // 0: no answer
  std::string body;
  std::map<std::string, std::string> headers;  // names in lower case

  boost::json::value json() const { return boost::json::parse(body); }
};

// One kept-open connection. One thread at a time.
class HttpClient {
 public:
  // `pin`: "sha256//…", or empty to accept any certificate.
  explicit HttpClient(std::string base, std::string pin = {});
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  HttpAnswer send(const std::string& method, const std::string& path,
                  const boost::json::value& body = {}, const std::string& idempotency_key = {});
  HttpAnswer send_text(const std::string& method, const std::string& path, const std::string& body,
                       const std::vector<std::string>& headers);

 private:
  void* handle_;
  std::string base_;
  std::string pin_;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_TESTING_SERVER_PROCESS_H_
