#include "bench/floor_bench.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <fstream>
#include <future>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bench/https_client.h"
#include "bench/raw_connection.h"
#include "crypto/base64.h"
#include "crypto/der.h"
#include "tests/support/x509.h"

namespace signet::bench {

namespace {

using json = boost::json::value;
using crypto::to_base64;
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
    const Bytes& value = rsa_ ? signature : der::encode_ecdsa(signature);
    require(EVP_PKEY_verify(context_.get(), value.data(), value.size(), digest.data(),
                            digest.size()) == 1,
            "a wrong signature");
  }

 private:
  bool rsa_;
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context_;
};

// The first signature in the answer: of a JSON list, or of an element Base64Signature.
Bytes signature_in(std::string_view answer) {
  const bool is_json = answer.starts_with('{');
  auto at = is_json ? answer.find("[\"") : answer.find("<Base64Signature");
  require(at != std::string_view::npos, "no signature");
  at = is_json ? at + 2 : answer.find('>', at) + 1;
  const auto end = answer.find(is_json ? '"' : '<', at);
  return from_base64(answer.substr(at, end - at));
}

// See FloorOptions::request_file.
struct Prepared {
  std::string url;
  std::vector<std::string> headers;
  std::string before;  // the digest
  std::string after;
};

Prepared read_request(const std::string& file) {
  std::ifstream in(file);
  require(static_cast<bool>(in), "no request file");
  Prepared request;
  std::getline(in, request.url);
  for (std::string line; std::getline(in, line) && !line.empty();) request.headers.push_back(line);
  const std::string body((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  constexpr std::string_view place = "{digest}";
  const auto at = body.find(place);
  require(at != std::string::npos, "a request without {digest}");
  request.before = body.substr(0, at);
  request.after = body.substr(at + place.size());
  return request;
}

}  // namespace

struct Floor::Target {
  FloorOptions options;
  std::string path;
  KeyPtr public_key;

  std::string body(const Bytes& digest) const {
    return fmt::format(R"({{"algorithm":"{}","hash":"SHA-256","digests":["{}"]}})",
                       options.rsa ? "RSASSA-PKCS1-v1_5" : "ECDSA", to_base64(digest));
  }

  // Whether the page of the object list has the key; then it is kept.
  bool take_from(const json& page) {
    for (const json& key : page.at("keys").as_array()) {
      if (from_base64(value_to<std::string>(key.at("label"))) != copy_of(view_of(options.key)))
        continue;
      const Bytes der = from_base64(value_to<std::string>(key.at("publicKey")));
      const unsigned char* at = der.data();
      EVP_PKEY* parsed = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()));
      require(parsed != nullptr, "no public key");
      public_key = KeyPtr(parsed, &EVP_PKEY_free);
      path = "/keys/" + value_to<std::string>(key.at("id")) + "/signatures";
      return true;
    }
    return false;
  }
};

Floor::Floor(FloorOptions options) {
  auto target = std::make_shared<Target>();
  target->options = std::move(options);
  HttpsClient client(target->options.url, target->options.user, target->options.pin);
  for (std::string cursor;;) {
    const json page = boost::json::parse(client.get("/objects" + cursor));
    if (target->take_from(page)) break;
    require(page.as_object().contains("next"), "no such key");
    cursor = "?cursor=" + value_to<std::string>(page.at("next"));
  }
  target_ = std::move(target);
}

Signer Floor::signer(bool verify) const {
  const FloorOptions& options = target_->options;
  if (!options.request_file.empty()) return prepared_signer(verify);
  auto client = std::make_shared<HttpsClient>(options.url, options.user, options.pin);
  auto verifier = std::make_shared<Verifier>(target_->public_key, options.rsa);
  return [verify, client, verifier, target = target_](const Bytes& data) {
    const Bytes digest = tests::sha256(data);
    const Bytes signature = signature_in(client->post_json(target->path, target->body(digest)));
    if (verify) verifier->verify(digest, signature);
  };
}

Signer Floor::raw_signer(bool verify) const {
  const FloorOptions& options = target_->options;
  auto connection = std::make_shared<RawConnection>(options.url, options.user, options.pin);
  auto verifier = std::make_shared<Verifier>(target_->public_key, options.rsa);
  return [verify, connection, verifier, target = target_](const Bytes& data) {
    const Bytes digest = tests::sha256(data);
    const Bytes signature = signature_in(connection->post(target->path, target->body(digest)));
    if (verify) verifier->verify(digest, signature);
  };
}

Signer Floor::prepared_signer(bool verify) const {
  const FloorOptions& options = target_->options;
  auto prepared = std::make_shared<const Prepared>(read_request(options.request_file));
  auto client = std::make_shared<HttpsClient>(prepared->url);
  auto verifier = std::make_shared<Verifier>(target_->public_key, options.rsa);
  return [=](const Bytes& data) {
    const Bytes digest = tests::sha256(data);
    const Bytes signature = signature_in(client->post(
        "", prepared->headers, prepared->before + to_base64(digest) + prepared->after));
    if (verify) verifier->verify(digest, signature);
  };
}

void fill_appliance(const FloorOptions& options, std::size_t keys) {
  constexpr std::size_t threads = 16;
  std::atomic<std::size_t> next{0};
  std::vector<std::future<void>> fillers;
  for (std::size_t i = 0; i < threads; ++i) {
    fillers.push_back(std::async(std::launch::async, [&] {
      HttpsClient client(options.url, options.user, options.pin);
      for (std::size_t number = next++; number < keys; number = next++) {
        const std::string label = "bulk " + std::to_string(number);
        const std::string name = to_base64(view_of(label));
        const json wanted{{"type", "EC"}, {"curve", "P-256"}, {"label", name}, {"ckaId", name}};
        const json key =
            boost::json::parse(client.post_json("/keys", boost::json::serialize(wanted)));
        const Bytes public_key = from_base64(value_to<std::string>(key.at("publicKey")));
        const json certificate{{"der", to_base64(tests::certificate_for(public_key, label))},
                               {"label", name},
                               {"ckaId", name}};
        client.post_json("/certificates", boost::json::serialize(certificate));
      }
    }));
  }
  for (auto& filler : fillers) filler.get();
}

boost::json::object measure_floor(const FloorOptions& options, const Work& work) {
  const Floor floor(options);
  return report(work, measure(work, [&] { return floor.signer(options.verify); }));
}

}  // namespace signet::bench
