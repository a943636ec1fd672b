#include "tests/process/sapiws_peer.h"

#include <fmt/format.h>

#include <utility>

#include "crypto/base64.h"

namespace signet::tests {

using https::TestReply;
using https::TestRequest;

namespace {

constexpr std::string_view kXml = "text/xml; charset=utf-8";

// Between the first tag that begins so and what closes it.
std::string_view content_of(std::string_view body, std::string_view element) {
  const auto tag = body.find("<" + std::string(element));
  if (tag == std::string_view::npos) return {};
  const auto from = body.find('>', tag) + 1;
  return body.substr(from, body.find('<', from) - from);
}

}  // namespace

TestReply dss_reply(std::string_view content, std::string_view attributes) {
  return {.body = fmt::format(
              R"(<?xml version="1.0" encoding="utf-8"?><s:Envelope )"
              R"(xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"{}><s:Body>)"
              R"(<DssSignResponse xmlns="http://arx.com/SAPIWS/DSS/1.0/"><DssSignResult>)"
              R"(<Result xmlns="urn:oasis:names:tc:dss:1.0:core:schema"><ResultMajor>)"
              R"(urn:oasis:names:tc:dss:1.0:resultmajor:Success</ResultMajor></Result>)"
              R"({}</DssSignResult></DssSignResponse></s:Body></s:Envelope>)",
              attributes, content),
          .content_type = std::string(kXml)};
}

std::string certificates_xml(const std::vector<Bytes>& certificates) {
  std::string xml;
  for (const Bytes& certificate : certificates) {
    xml += "<AvailableCertificate>" + crypto::to_base64(certificate) + "</AvailableCertificate>";
  }
  return xml;
}

std::string signature_xml(ByteView signature) {
  return "<SignatureObject><Base64Signature>" + crypto::to_base64(signature) +
         "</Base64Signature></SignatureObject>";
}

Bytes digest_in(const TestRequest& request) {
  return crypto::from_base64(content_of(request.body, "Base64Data")).value();
}

SapiwsPeer::SapiwsPeer(SigningKeyPtr key) {
  const auto text = [](std::string content) {
    return [content = std::move(content)](const TestRequest&) { return dss_reply(content); };
  };
  on("cosign-info", text(R"(<CoSignInfo SerialNumber="1" Major="8" Minor="5"/>)"));
  on("time-get", text("<SAPITime>2026-01-01T00:00:00Z</SAPITime>"));
  on("ca-info-get", text(""));
  on("enum-certificates", text(certificates_xml({key->certificate()})));
  on("RSASSA-PKCS1-v1_5", [key = std::move(key)](const TestRequest& request) {
    return dss_reply(signature_xml(key->sign(digest_in(request))));
  });
}

SapiwsPeer& SapiwsPeer::on(const std::string& kind, HostileServer::Handler answer) {
  kinds_[kind] = std::move(answer);
  return *this;
}

HostileServer::Handler SapiwsPeer::handler() const {
  return [kinds = kinds_](const TestRequest& request) -> TestReply {
    const std::string_view type = content_of(request.body, "SignatureType");
    for (const auto& [kind, answer] : kinds) {
      if (type.ends_with(kind)) return answer(request);
    }
    return {.status = 404};
  };
}

}  // namespace signet::tests
