// What a CSC service answers, read liberally: services differ in names and types of members (CSC API 1.0.4 and 2.0 to 2.2).
// What a signature rests on is read strictly.
#ifndef SIGNET_DSA_TRANSPORT_CSC_ANSWERS_H_
#define SIGNET_DSA_TRANSPORT_CSC_ANSWERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "common/secret.h"
#include "dsa-transport/appliance.h"
#include "dsa-transport/json_reader.h"

namespace signet::transport::csc {

// Texts of a service that become parts of names and messages have at most this many bytes.
inline constexpr std::size_t kLongestText = 1024;

struct ServiceInfo {
  std::string name;
  std::string specs;                    // "1.0.4.0"
  std::vector<std::string> methods;     // empty: it does not say
  std::string oauth2;                   // base URI of the authorization server; may be empty
  std::string oauth2_issuer;            // its issuer (RFC 8414); may be empty
  std::vector<std::string> algorithms;  // of signAlgorithms, those that are known here, each once

  // A method that is not named may still be there where it names none.
  bool offers(std::string_view method) const;
  bool names(std::string_view method) const;
};
Read<ServiceInfo> read_info(std::string_view body);

// OAuth 2 (RFC 6749, 5.1) and auth/login.
struct TokenAnswer {
  Secret token;
  std::chrono::seconds lifetime{3600};
};
Read<TokenAnswer> read_token(std::string_view body);

// Where and how access tokens are asked for.
struct TokenEndpoint {
  std::string url;  // empty: /oauth2/token below the service's own URL
  // The client's secret goes into the form, not into HTTP Basic (RFC 6749, 2.3.1).
  bool secret_in_form = false;
};
// Of an authorization server's metadata (RFC 8414, 3.2), which has to be this issuer's (3.3). The secret goes into the form only
// where token_endpoint_auth_methods_supported has client_secret_post and not client_secret_basic, the default (2).
Read<TokenEndpoint> read_metadata(std::string_view body, std::string_view issuer);

struct CredentialPage {
  std::vector<std::string> ids;
  std::string next;  // page token; empty: this is the last
};
Read<CredentialPage> read_credential_page(std::string_view body);

// How a signature with a credential is authorised.
enum class AuthMode {
  implicit,  // nothing is asked for here
  is_explicit,
  oauth2code,  // by a person in a browser: of no use here
  unknown,
};

struct ServiceCredential {
  std::string id;
  bool enabled = true;            // the key
  bool certificate_valid = true;  // as far as the service says
  bool names_algorithms = false;
  std::vector<std::string> algorithms;  // those that are known here, each once
  AuthMode mode = AuthMode::unknown;
  std::string pin_object;  // the id of the password object (version 2); empty: no PIN is wanted
  std::string otp_object;  // likewise
  bool scal2 = true;       // the hashes belong to the authorisation; so where nothing is said
  std::size_t multisign = 1;
  std::vector<Bytes> chain;  // DER, the key's own first; at most 100
  Trace trace = {};
};
Read<ServiceCredential> read_credential(std::string_view body, std::string id);

struct Authorisation {
  Secret sad;          // empty where it is still pending
  std::string handle;  // of a pending one (credentials/authorizeCheck)
  std::chrono::seconds lifetime{3600};
};
Read<Authorisation> read_authorisation(std::string_view body);

struct SignAnswer {
  std::vector<Bytes> signatures;
  std::string response_id;  // of an asynchronous answer
  Trace trace = {};
};
Read<SignAnswer> read_signatures(std::string_view body, std::size_t count);

Read<TimeStamp> read_time_stamp(std::string_view body);

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_ANSWERS_H_
