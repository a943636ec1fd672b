// One kept-open connection to the appliance by bare libcurl.
#ifndef SIGNET_BENCH_HTTPS_CLIENT_H_
#define SIGNET_BENCH_HTTPS_CLIENT_H_

#include <string>
#include <vector>

namespace signet::bench {

// A new one for each request that changes something.
std::string new_uuid();

// For one thread at a time. Whatever is neither 200 nor 201 is thrown.
class HttpsClient {
 public:
  // `url`: "https://127.0.0.1:8081/dsa/v1". Without a user no credential is sent.
  explicit HttpsClient(std::string url, const std::string& user = {}, const std::string& pin = {});
  HttpsClient(const HttpsClient&) = delete;
  HttpsClient& operator=(const HttpsClient&) = delete;
  ~HttpsClient();

  // The answer's body, until the next call.
  const std::string& get(const std::string& path);
  const std::string& post_json(const std::string& path, const std::string& body);
  const std::string& post(const std::string& path, const std::vector<std::string>& headers,
                          const std::string& body);

 private:
  template <typename Option, typename Value>
  void set(Option option, Value value);
  const std::string& send(const std::string& path, void* headers);
  static std::size_t take(char* data, std::size_t size, std::size_t count, void* to);

  std::string url_;
  void* curl_;
  std::string answer_;
};

}  // namespace signet::bench

#endif  // SIGNET_BENCH_HTTPS_CLIENT_H_
