// The certificate authority of tools/testca with its time-stamp authorities, as a process of its own.
#ifndef SIGNET_TESTS_SUPPORT_TEST_AUTHORITY_H_
#define SIGNET_TESTS_SUPPORT_TEST_AUTHORITY_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "common/bytes.h"
#include "common/testing/scratch_folder.h"
#include "tests/support/process.h"

namespace signet::tests {

class TestAuthority {
 public:
  // Made anew, and serving; throws std::runtime_error where it does not start.
  TestAuthority();

  const std::string& url() const { return url_; }          // "http://127.64.3.9:40123"
  const std::string& tls_url() const { return tls_url_; }  // the same over TLS
  std::filesystem::path file(std::string_view name) const { return folder_ / "ca" / name; }
  std::filesystem::path ca_file() const { return file("ca.pem"); }

  // A TLS client's certificate and key, in files.
  struct ClientFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
  };
  ClientFiles make_client() const;

  struct Count {
    std::uint64_t requests = 0;
    std::uint64_t received = 0;  // bytes of bodies
    std::uint64_t sent = 0;
  };
  // Of one path, such as "/tsa/wrong-nonce", since it started.
  Count count(const std::string& path) const;

  // What `openssl ts -verify` says of a TimeStampToken over this text: "good", or why not.
  std::string openssl_verdict(ByteView token, std::string_view text) const;

 private:
  const ScratchFolder folder_;
  std::unique_ptr<Process> server_;
  std::string url_;
  std::string tls_url_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_TEST_AUTHORITY_H_
