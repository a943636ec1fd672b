// The requests of the CSC API: POST with a JSON object, whatever the method.
#ifndef SIGNET_DSA_TRANSPORT_CSC_REQUESTS_H_
#define SIGNET_DSA_TRANSPORT_CSC_REQUESTS_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsa-transport/csc/algorithms.h"
#include "dsa-transport/csc/answers.h"
#include "dsa-transport/json_writer.h"
#include "https/client/message.h"

namespace signet::transport::csc {

enum class Version { v1, v2 };

// By the last segment of the member's URL.
Version version_of(std::string_view url);

https::Request new_request(std::string target, WipedText body);
// HTTP Basic (RFC 7617) and Bearer (RFC 6750).
void add_basic(https::Request& request, std::string_view user, std::string_view password);
void add_bearer(https::Request& request, const Secret& token);

// What a signature is authorised with; a null one is not sent.
struct Proof {
  const Secret* pin = nullptr;
  const Secret* otp = nullptr;
};

struct Digests {
  Hash hash;
  std::span<const Bytes> values;
};

// credentials/authorize for so many signatures; over these digests where the credential is of SCAL 2. Texts are UTF-8,
// which the caller has checked.
WipedText authorize_body(Version version, const ServiceCredential& credential,
                         std::size_t signatures, const std::optional<Digests>& digests,
                         const Proof& proof);

// credentials/extendTransaction: the SAD of further digests of a transaction that `sad` belongs to.
WipedText extend_body(Version version, const ServiceCredential& credential, std::string_view sad,
                      const Digests& digests);

// signatures/signHash. `sad` may be empty.
struct SignBody {
  const ServiceCredential& credential;
  std::string_view sad;
  Digests digests;
  const AlgorithmRow& algorithm;
  std::size_t salt_length = 0;  // PSS
  bool asynchronous = false;
  Milliseconds validity{0};         // asynchronous only
  std::string_view reference = {};  // clientData: what a service keeps for its client; empty: none
};
WipedText sign_body(Version version, const SignBody& sign);

// signatures/timestamp (CSC API 1.0.4, 11.10; 2.0, 11.13): the same in both versions, so that the hash is named by hashAlgo.
WipedText time_stamp_body(const TimeStampRequest& request);

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_REQUESTS_H_
