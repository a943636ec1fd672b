// A remote signing service in the test process: it knows the calls of its dialect, signs truly, and fails where it is told to.
#ifndef SIGNET_TESTS_FAILURES_SCRIPTED_SERVICE_H_
#define SIGNET_TESTS_FAILURES_SCRIPTED_SERVICE_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "https/testing/tls_test_server.h"
#include "tests/support/client_config.h"

namespace signet::tests {

enum class Dialect { csc1, csc2, sapiws };

// What of the service, and of its client's configuration, differs from the plain case.
struct Situation {
  bool scal1 = false;            // CSC: authorisations are not bound to digests
  int multisign = 1;             // CSC: signatures in one authorisation
  bool extends = false;          // CSC: credentials/extendTransaction is there
  bool asks_back = false;        // CSC: credentials/authorize answers with a handle
  bool asynchronous = false;     // CSC: operation mode A
  bool login = false;            // CSC: auth/login in place of OAuth 2
  bool issuer = false;           // CSC: the token endpoint stands in the issuer's metadata
  bool token_ends = false;       // CSC: each access token is refused at its second signature
  int polls = 1;                 // CSC: how often signPolling says "not yet"
  bool prompt_for_sign = false;  // SAPIWS
  std::string limits = {};       // more lines of [token.limits]
};

class ScriptedService {
 public:
  ScriptedService(Dialect dialect, Situation situation);
  virtual ~ScriptedService() = default;
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;

  // The next `times` requests of this call get this reply; the call is not carried out.
  void fail(const std::string& call, https::TestReply reply, int times);
  void heal();

  // Requests of a call since the start.
  int count(const std::string& call) const;
  // Their bodies.
  std::vector<std::string> bodies(const std::string& call) const;
  // Digests that were signed, in their order, as base64.
  std::vector<std::string> signed_digests() const;

  // Of the token "seal" of the account "seal".
  std::string config(const std::string& folder) const;
  https::TlsTestServer& server() { return *server_; }

 protected:
  virtual std::string call_of(const https::TestRequest& request) const = 0;
  virtual https::TestReply answer(const std::string& call, const https::TestRequest& request) = 0;
  virtual std::string path() const = 0;          // of the member's URL
  virtual std::string token_config() const = 0;  // lines of the token and its own table

  // Once the derived object is there.
  void start(std::shared_ptr<https::TestIdentity> identity);
  void note_signed(const std::string& digest);
  std::string origin() const;

  const Dialect dialect_;
  const Situation situation_;

 private:
  https::TestReply serve(const https::TestRequest& request);

  struct Fault {
    https::TestReply reply;
    int left = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Fault> faults_;
  std::map<std::string, std::vector<std::string>> bodies_;
  std::vector<std::string> signed_;
  std::unique_ptr<https::TlsTestServer> server_;
};

std::unique_ptr<ScriptedService> make_csc_service(Dialect dialect, Situation situation = {});
std::unique_ptr<ScriptedService> make_sapiws_service(Situation situation = {});
std::unique_ptr<ScriptedService> make_service(Dialect dialect, Situation situation = {});

}  // namespace signet::tests

#endif  // SIGNET_TESTS_FAILURES_SCRIPTED_SERVICE_H_
