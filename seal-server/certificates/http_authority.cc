#include <algorithm>
#include <string_view>

#include "common/printable.h"
#include "common/task.h"
#include "crypto/certificate_bundle.h"
#include "https/client/connection.h"
#include "https/client/endpoint.h"
#include "https/client/socket_table.h"
#include "seal-server/certificates/authority.h"

namespace signet::sealserver {

namespace {

using Kind = AuthorityAnswer::Kind;

constexpr std::size_t kMostAnswer = 256 * 1024;  // bytes
constexpr std::size_t kMostReasonBytes = 300;    // bytes of a refusal's text
constexpr Milliseconds kConnectLimit{10'000};
constexpr int kAccepted = 202;
constexpr int kFirstRefusal = 400;
constexpr int kFirstFault = 500;

// They ask for the same again.
bool is_passing_status(int status) {
  return status == 408 || status == 429;
}

std::string reason_in(const https::Response& response) {
  const std::string_view text(response.body);
  const bool is_text = response.media_type == "text/plain" && !text.empty();
  if (!is_text) return "The authority answers " + std::to_string(response.status) + ".";
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  return printable(line.substr(0, kMostReasonBytes));
}

class HttpAuthority final : public Authority {
 public:
  explicit HttpAuthority(HttpAuthorityOptions options) : options_(std::move(options)) {
    https::EndpointOptions endpoint;
    endpoint.url = options_.url;
    endpoint.ca_file = options_.ca_file;
    endpoint.trust = https::Trust::none_needed;
    endpoint.user_agent = "signet-seald";
    endpoint.connect = kConnectLimit;
    endpoint.connections = 1;
    endpoint.largest_body = kMostAnswer;
    endpoint_ = std::make_shared<https::Endpoint>(std::move(endpoint), sockets_);
  }

  AuthorityAnswer ask(const std::string& /*name*/, ByteView request) override {
    if (endpoint_->host().empty()) return failed("the URL is not an http or https address");
    https::Connection connection(endpoint_);
    https::Request http;
    http.method = https::Method::post;
    http.headers.add("Content-Type", options_.media_type);
    http.headers.add("Accept",
                     "application/pem-certificate-chain, application/pkix-cert, "
                     "application/pkcs7-mime");
    http.body.emplace(request.begin(), request.end());
    const Deadline deadline = Deadline::after(options_.limit);
    connection.start(http, deadline, std::min(kConnectLimit, options_.limit));
    while (!connection.step()) {
      const Wait wait = connection.wait();
      wait_for_any({&wait, 1});
    }
    const auto response = connection.finish();
    if (!response) return failed(response.assume_error().sentence);
    return answer_in(response.assume_value());
  }

 private:
  static AuthorityAnswer failed(const std::string& sentence) {
    return {.kind = Kind::failed, .certificates = {}, .sentence = printable(sentence)};
  }

  static AuthorityAnswer answer_in(const https::Response& response) {
    const int status = response.status;
    if (status == kAccepted || status == https::kNoContent) return {.kind = Kind::undecided};
    if (status >= kFirstRefusal && status < kFirstFault && !is_passing_status(status))
      return {.kind = Kind::refused, .certificates = {}, .sentence = reason_in(response)};
    if (status != https::kOk) return failed("the authority answers " + std::to_string(status));
    auto certificates = crypto::certificates_in(view_of(std::string_view(response.body)));
    if (certificates.empty()) return failed("the authority's answer has no certificate");
    return {.kind = Kind::issued, .certificates = std::move(certificates), .sentence = {}};
  }

  const HttpAuthorityOptions options_;
  https::SocketTable sockets_;
  std::shared_ptr<https::Endpoint> endpoint_;
};

}  // namespace

std::unique_ptr<Authority> http_authority(HttpAuthorityOptions options) {
  return std::make_unique<HttpAuthority>(std::move(options));
}

}  // namespace signet::sealserver
