#include "bench/floor_bench.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>

#include "tests/support/x509.h"

namespace signet::bench {

namespace {

using nlohmann::json;
using tests::base64;
using KeyPtr = std::shared_ptr<EVP_PKEY>;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("the floor: ") + what);
}

Bytes from_base64(std::string_view text) {
  Bytes bytes(text.size());
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  require(size >= 0, "no base64");
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::string new_uuid() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const std::uint64_t high = random();
  const std::uint64_t low = random();
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, low >> 52, low & 0xffffffffffff);
}

// One kept-open connection.
class Http {
 public:
  explicit Http(const FloorOptions& options) : options_(options), curl_(curl_easy_init()) {
    set(CURLOPT_USERPWD, (options.user + ":" + options.pin).c_str());
    set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    // A loopback measurement: the server's certificate is its own, and a pin would be checked once
    // a connection only.
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_WRITEFUNCTION, &Http::take);
    set(CURLOPT_WRITEDATA, &answer_);
  }
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;
  ~Http() { curl_easy_cleanup(curl_); }

  const std::string& get(const std::string& path) {
    set(CURLOPT_HTTPGET, 1L);
    return send(path, nullptr);
  }

  const std::string& post(const std::string& path, const std::string& body) {
    set(CURLOPT_POSTFIELDS, body.c_str());
    set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
    headers = curl_slist_append(headers, ("Idempotency-Key: " + new_uuid()).c_str());
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owner(headers,
                                                                            &curl_slist_free_all);
    return send(path, headers);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    require(curl_easy_setopt(curl_, option, value) == CURLE_OK, "curl_easy_setopt");
  }

  const std::string& send(const std::string& path, curl_slist* headers) {
    answer_.clear();
    set(CURLOPT_URL, (options_.url + path).c_str());
    set(CURLOPT_HTTPHEADER, headers);
    require(curl_easy_perform(curl_) == CURLE_OK, "no answer");
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    require(status == 200, answer_.c_str());
    return answer_;
  }

  static std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, size * count);
    return size * count;
  }

  const FloorOptions& options_;
  CURL* curl_;
  std::string answer_;
};

struct Key {
  std::string path;
  KeyPtr public_key;
};

Key find_key(const FloorOptions& options) {
  Http http(options);
  std::string cursor;
  for (;;) {
    const json page = json::parse(http.get("/objects" + cursor));
    for (const json& key : page.at("keys")) {
      if (from_base64(key.at("label").get<std::string>()) != copy_of(view_of(options.key)))
        continue;
      const Bytes der = from_base64(key.at("publicKey").get<std::string>());
      const unsigned char* at = der.data();
      EVP_PKEY* parsed = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()));
      require(parsed != nullptr, "no public key");
      return {"/keys/" + key.at("id").get<std::string>() + "/signatures",
              KeyPtr(parsed, &EVP_PKEY_free)};
    }
    require(page.contains("next"), "no such key");
    cursor = "?cursor=" + page.at("next").get<std::string>();
  }
}

// DER of r and s.
Bytes ecdsa_der(const Bytes& raw) {
  const int half = static_cast<int>(raw.size() / 2);
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> parts(ECDSA_SIG_new(),
                                                                    &ECDSA_SIG_free);
  ECDSA_SIG_set0(parts.get(), BN_bin2bn(raw.data(), half, nullptr),
                 BN_bin2bn(raw.data() + half, half, nullptr));
  Bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(parts.get(), nullptr)));
  unsigned char* to = der.data();
  i2d_ECDSA_SIG(parts.get(), &to);
  return der;
}

// With a context that is made once and copied, as the module has its parsed key.
class Verifier {
 public:
  Verifier(const KeyPtr& key, bool rsa)
      : rsa_(rsa), context_(EVP_PKEY_CTX_new(key.get(), nullptr), &EVP_PKEY_CTX_free) {
    require(EVP_PKEY_verify_init(context_.get()) == 1 &&
                EVP_PKEY_CTX_set_signature_md(context_.get(), EVP_sha256()) == 1,
            "EVP_PKEY_verify_init");
  }

  void verify(const Bytes& digest, const Bytes& signature) {
    const Bytes& value = rsa_ ? signature : ecdsa_der(signature);
    require(EVP_PKEY_verify(context_.get(), value.data(), value.size(), digest.data(),
                            digest.size()) == 1,
            "a wrong signature");
  }

 private:
  bool rsa_;
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context_;
};

Signer make_signer(const FloorOptions& options, const Key& key) {
  auto http = std::make_shared<Http>(options);
  auto verifier = std::make_shared<Verifier>(key.public_key, options.rsa);
  const char* algorithm = options.rsa ? "RSASSA-PKCS1-v1_5" : "ECDSA";
  return [=, &options, &key](const Bytes& data) {
    const Bytes digest = tests::sha256(data);
    const std::string& answer = http->post(
        key.path, fmt::format(R"({{"algorithm":"{}","hash":"SHA-256","digests":["{}"]}})",
                              algorithm, base64(digest)));
    constexpr std::string_view opening = "[\"";
    const auto at = answer.find(opening);
    require(at != std::string::npos, "no signature");
    const auto end = answer.find('"', at + opening.size());
    const auto text =
        std::string_view(answer).substr(at + opening.size(), end - at - opening.size());
    if (options.verify) verifier->verify(digest, from_base64(text));
  };
}

}  // namespace

nlohmann::json measure_floor(const FloorOptions& options, const Work& work) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const Key key = find_key(options);
  return report(work, measure(work, [&] { return make_signer(options, key); }));
}

}  // namespace signet::bench
