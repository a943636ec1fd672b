// A SOAP service that a test plays: honest, but for the requests that the test answers itself.
#ifndef SIGNET_TESTS_PROCESS_SAPIWS_PEER_H_
#define SIGNET_TESTS_PROCESS_SAPIWS_PEER_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/process/hostile_server.h"
#include "tests/process/signing_key.h"

namespace signet::tests {

// A successful DssSign result around this content.
https::TestReply dss_reply(std::string_view content, std::string_view attributes = {});

// <AvailableCertificate> of each.
std::string certificates_xml(const std::vector<Bytes>& certificates);

// A signature where firmwares put it.
std::string signature_xml(ByteView signature);

// The digest that a request wants signed.
Bytes digest_in(const https::TestRequest& request);

class SapiwsPeer {
 public:
  // Its account has one certificate, of this key.
  explicit SapiwsPeer(SigningKeyPtr key);

  // Answers requests of this kind, the end of their SignatureType: "enum-certificates", "ca-info-get", "cosign-info",
  // "time-get", "RSASSA-PKCS1-v1_5".
  SapiwsPeer& on(const std::string& kind, HostileServer::Handler answer);

  HostileServer::Handler handler() const;

 private:
  std::map<std::string, HostileServer::Handler> kinds_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_SAPIWS_PEER_H_
