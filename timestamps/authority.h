// A time-stamp authority (RFC 3161) as its client is told of it.
#ifndef SIGNET_TIMESTAMPS_AUTHORITY_H_
#define SIGNET_TIMESTAMPS_AUTHORITY_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/clock.h"
#include "common/secret.h"
#include "https/client/identity.h"
#include "pinning/pins.h"
#include "timestamps/trust.h"

namespace signet::timestamps {

struct BasicCredentials {
  std::string user;  // without a colon (RFC 7617, 2)
  Secret password;
};

struct Authority {
  // "https://tsa.example/tsr" or "http://tsa.example/tsr", a query included; without user and password. kKeyServiceUrl
  // ("csc:"): the service that holds the key, which is asked as its user says (key_service.h); then without credentials, pins
  // and CA file for TLS.
  std::string url;
  std::string name = {};  // in messages; empty: the URL without its query, which may hold a key

  // How we prove who we are; neither, one or both. Only over https: an authority that has one and an http address is not
  // asked.
  std::optional<BasicCredentials> basic = {};
  std::function<std::unique_ptr<https::Identity>()> identity = {};  // a client certificate

  std::string policy =
      {};  // asked for and demanded, as "1.3.6.1.4.1.32473.1"; empty: the authority's choice

  // Who must have certified the signer of the time-stamp. Null: nobody, its chain is not looked at.
  std::shared_ptr<const TrustAnchors> trusted = {};

  // How an https server is recognised: by a pin where there are any, and by a chain to `tls_ca_file` and the host name
  // where that is named. Without both: by a chain to an authority that the system trusts, and the host name.
  pinning::PinSet pins = {};
  std::string tls_ca_file = {};

  Milliseconds limit{10'000};  // for all that one time-stamp takes here, waiting included
  std::chrono::seconds largest_distance{300};  // of genTime from our clock, either way
};

// What messages call it; printable.
std::string name_of(const Authority& authority);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_AUTHORITY_H_
