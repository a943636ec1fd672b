// A service of the CSC API that a test plays: honest, but for the methods that the test answers itself.
#ifndef SIGNET_TESTS_PROCESS_CSC_PEER_H_
#define SIGNET_TESTS_PROCESS_CSC_PEER_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/process/hostile_server.h"
#include "tests/process/signing_key.h"

namespace signet::tests {

// What credentials/info says, in the words of both versions.
struct CscCredential {
  std::vector<std::string> algorithms = {"1.2.840.10045.4.3.2"};  // ecdsa-with-SHA256
  std::string scal = "1";
  std::size_t multisign = 1;
  std::vector<Bytes> chain;  // DER
};
std::string credential_text(const CscCredential& credential);

// {"credentialIDs": […]}, with a nextPageToken where one is given.
std::string list_text(const std::vector<std::string>& ids, std::string_view next = {});

// {"signatures": […]}
std::string signatures_text(const std::vector<Bytes>& signatures);

// The digests of a request, "hash" or "hashes".
std::vector<Bytes> digests_in(const https::TestRequest& request);

// A text member of a request's body; empty where there is none.
std::string text_in(const https::TestRequest& request, std::string_view name);

class CscPeer {
 public:
  // Its one credential, "signer", is of this key.
  explicit CscPeer(SigningKeyPtr key, CscCredential credential = {});

  // Answers a method, "credentials/list".
  CscPeer& on(const std::string& method, HostileServer::Handler answer);

  HostileServer::Handler handler() const;

 private:
  std::map<std::string, HostileServer::Handler> methods_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_CSC_PEER_H_
