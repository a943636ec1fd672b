// The way to a certification authority: a command of the administrator's, or HTTP.
#ifndef SIGNET_SEAL_SERVER_CERTIFICATES_AUTHORITY_H_
#define SIGNET_SEAL_SERVER_CERTIFICATES_AUTHORITY_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"

namespace signet::sealserver {

// What an authority says to a request.
struct AuthorityAnswer {
  enum class Kind {
    undecided,  // it is to be asked again
    issued,
    refused,  // for good
    failed,   // no answer that could be used
  };
  Kind kind = Kind::failed;
  std::vector<Bytes> certificates = {};  // issued: DER, in the order in which they came
  std::string sentence = {};             // refused, failed: why; printable
};

// Thread-safe.
class Authority {
 public:
  virtual ~Authority() = default;

  // Waits for its answer, up to a limit. `name`: of the request, the same each time: letters and digits. The same request
  // may come again, and is the same wish.
  virtual AuthorityAnswer ask(const std::string& name, ByteView request) = 0;
};

// A program and its words, as config::output_of() runs it, with the name of the request's file behind them. It writes to its
// standard output: certificates; nothing, where the authority has not decided; or "refused: " and the reason on one line. Any
// exit status but 0 is a failure. `folder` is where the file is while it runs; made where it is missing.
std::unique_ptr<Authority> command_authority(std::string command, std::filesystem::path folder,
                                             Milliseconds limit);

// POST of the request to an http or https URL. 200 has certificates in any usual form; 202 and 204: not decided; 400 to 499
// but 408 and 429: refused, the reason in the body, where it is text; anything else is a failure. Who answers may be anybody
// in between, so the certificates must prove themselves to their users; with `ca_file` (PEM) only a server with a certificate
// of those in it is asked.
struct HttpAuthorityOptions {
  std::string url;
  std::string ca_file;     // empty: those that the system trusts
  std::string media_type;  // of the request
  Milliseconds limit;
};
std::unique_ptr<Authority> http_authority(HttpAuthorityOptions options);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CERTIFICATES_AUTHORITY_H_
