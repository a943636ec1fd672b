#include "bench/https_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

namespace signet::bench {

namespace {

void require_answer(bool good, const std::string& what) {
  if (!good) throw std::runtime_error("the bare request: " + what);
}

CURL* new_handle() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  return started == CURLE_OK ? curl_easy_init() : nullptr;
}

}  // namespace

std::string new_uuid() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const std::uint64_t high = random();
  const std::uint64_t low = random();
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, low >> 52, low & 0xffffffffffff);
}

template <typename Option, typename Value>
void HttpsClient::set(Option option, Value value) {
  require_answer(curl_easy_setopt(curl_, option, value) == CURLE_OK, "curl_easy_setopt");
}

HttpsClient::HttpsClient(std::string url, const std::string& user, const std::string& pin)
    : url_(std::move(url)), curl_(new_handle()) {
  if (!user.empty()) {
    set(CURLOPT_USERPWD, (user + ":" + pin).c_str());
    set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  }
  // A loopback measurement: the server's certificate is its own, and a pin would be checked once a
  // connection only.
  set(CURLOPT_SSL_VERIFYPEER, 0L);
  set(CURLOPT_SSL_VERIFYHOST, 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));  // at least, as the module
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_WRITEFUNCTION, &HttpsClient::take);
  set(CURLOPT_WRITEDATA, &answer_);
}

HttpsClient::~HttpsClient() {
  curl_easy_cleanup(curl_);
}

const std::string& HttpsClient::get(const std::string& path) {
  set(CURLOPT_HTTPGET, 1L);
  return send(path, nullptr);
}

const std::string& HttpsClient::post_json(const std::string& path, const std::string& body) {
  return post(path, {"Content-Type: application/json", "Idempotency-Key: " + new_uuid()}, body);
}

const std::string& HttpsClient::post(const std::string& path,
                                     const std::vector<std::string>& headers,
                                     const std::string& body) {
  set(CURLOPT_POSTFIELDS, body.c_str());
  set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owner(list,
                                                                          &curl_slist_free_all);
  return send(path, list);
}

const std::string& HttpsClient::send(const std::string& path, void* headers) {
  answer_.clear();
  set(CURLOPT_URL, (url_ + path).c_str());
  set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(headers));
  const CURLcode code = curl_easy_perform(curl_);
  require_answer(code == CURLE_OK, curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  require_answer(status == 200 || status == 201, answer_);
  return answer_;
}

std::size_t HttpsClient::take(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

}  // namespace signet::bench
