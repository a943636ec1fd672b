#include "bench/stand_in/service.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <chrono>

#include "crypto/base64.h"

namespace signet::bench {

namespace {

using crypto::to_base64;

constexpr std::string_view kKeys = "/dsa/v1/keys/";
constexpr std::string_view kSignatures = "/signatures";
constexpr std::string_view kDigests = R"("digests":[")";
constexpr std::size_t kDigestText = 44;  // of 32 bytes
constexpr int kUnauthorised = 401;
constexpr int kNotFound = 404;
constexpr int kUnprocessable = 422;

constexpr std::string_view kAppliance =
    R"({"manufacturer":"Signet","model":"Stand-in of the benchmarks","serialNumber":"1","firmware":{"major":1,"minor":0},)"
    R"("hardware":{"major":1,"minor":0},"time":"2026-01-01T00:00:00Z","role":"primary","clusterId":"stand-in",)"
    R"("maxDigestsPerRequest":1,"keyTypes":[{"type":"RSA","sizes":[2048,3072,4096]},{"type":"EC","curves":["P-256","P-384"]}],)"
    R"("algorithms":["RSASSA-PKCS1-v1_5","ECDSA"],"hashes":["SHA-256"],"rawPkcs1":false})";

std::string problem(int status, const char* title) {
  return fmt::format(R"({{"type":"about:blank","title":"{}","status":{}}})", title, status);
}

// The number in an id "key-N"; keys() where there is none.
std::size_t number_of(std::string_view id, std::size_t none) {
  constexpr std::string_view prefix = "key-";
  if (!id.starts_with(prefix) || id.size() != prefix.size() + 1) return none;
  return static_cast<std::size_t>(id.back() - '0');
}

}  // namespace

StandInService::StandInService(const std::vector<std::string>& key_types, const std::string& user,
                               const std::string& pin)
    : authorization_("Basic " + to_base64(view_of(user + ":" + pin))), user_(user) {
  std::string list;
  for (const std::string& type : key_types) {
    keys_.emplace_back(type);
    list += (list.empty() ? "" : ",") + keys_.back().json(fmt::format("key-{}", keys_.size() - 1));
  }
  objects_ = fmt::format(R"({{"keys":[{}],"certificates":[]}})", list);
}

std::string StandInService::answer(const StandInRequest& request,
                                   std::vector<StandInSigner>& signers, int& status) {
  status = 200;
  if (request.path == "/x-emulator/v1/counters") return counters();
  ++requests_;
  if (request.path == "/dsa/v1/appliance") return std::string(kAppliance);
  if (request.authorization != authorization_) {
    status = kUnauthorised;
    return problem(status, "wrong user or password");
  }
  if (request.path == "/dsa/v1/account")
    return fmt::format(
        R"({{"user":"{}","commonName":"{}","rights":["user"],"signCredential":"none"}})", user_,
        user_);
  if (request.path.starts_with("/dsa/v1/objects")) return objects_;
  if (request.path.starts_with(kKeys) && request.path.ends_with(kSignatures))
    return sign(request, signers, status);
  status = kNotFound;
  return problem(status, "the stand-in has no such call");
}

std::string StandInService::sign(const StandInRequest& request, std::vector<StandInSigner>& signers,
                                 int& status) {
  const auto began = std::chrono::steady_clock::now();
  const std::string_view id =
      request.path.substr(kKeys.size(), request.path.size() - kKeys.size() - kSignatures.size());
  const std::size_t number = number_of(id, signers.size());
  const auto at = request.body.find(kDigests);
  if (number >= signers.size() || at == std::string_view::npos ||
      request.body.size() < at + kDigests.size() + kDigestText) {
    status = kUnprocessable;
    return problem(status, "one SHA-256 digest for one of its keys is signed");
  }
  std::array<std::uint8_t, 36> digest{};  // decoding gives whole groups of three
  const std::string_view text = request.body.substr(at + kDigests.size(), kDigestText);
  EVP_DecodeBlock(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  std::string body = R"({"signatures":[")";
  body += to_base64(signers[number].sign(ByteView(digest).first(32)));
  body += R"("]})";
  const auto span = std::chrono::steady_clock::now() - began;
  nanoseconds_ += static_cast<std::uint64_t>(std::chrono::nanoseconds(span).count());
  return body;
}

// As the emulator's control interface tells them, so that a driver asks both in the same way.
std::string StandInService::counters() const {
  return fmt::format(
      R"({{"requests":{},"handshakes":{{"full":{},"resumed":0}},"handshakesByCipher":{{}},"service":{{"answers":{},"microseconds":{}}}}})",
      requests_.load(), handshakes_.load(), requests_.load(), nanoseconds_.load() / 1000);
}

}  // namespace signet::bench
