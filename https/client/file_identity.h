// A client certificate and its key in PEM files.
#ifndef SIGNET_HTTPS_CLIENT_FILE_IDENTITY_H_
#define SIGNET_HTTPS_CLIENT_FILE_IDENTITY_H_

#include <string>
#include <utility>

#include "https/client/identity.h"

namespace signet::https {

class FileIdentity final : public Identity {
 public:
  // The certificate with those above it, and an unencrypted key. They are read at each handshake.
  FileIdentity(std::string certificate_file, std::string key_file)
      : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}

  bool install(ssl_ctx_st* context) override;
  const std::string& complaint() const override { return complaint_; }
  void abandon() override {}

 private:
  const std::string certificate_file_;
  const std::string key_file_;
  std::string complaint_;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_FILE_IDENTITY_H_
