// What a client shows of itself at the seal server: certificates in memory, and a key wherever that is.
#ifndef SIGNET_SEAL_CLIENT_KEY_IDENTITY_H_
#define SIGNET_SEAL_CLIENT_KEY_IDENTITY_H_

#include <openssl/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "https/client/identity.h"

namespace signet::sealclient {

class KeyIdentity final : public https::Identity {
 public:
  // `chain`: DER, the key's own certificate first.
  KeyIdentity(std::vector<Bytes> chain, std::shared_ptr<EVP_PKEY> key)
      : chain_(std::move(chain)), key_(std::move(key)) {}

  bool install(ssl_ctx_st* context) override;
  const std::string& complaint() const override { return complaint_; }
  void abandon() override {}

 private:
  const std::vector<Bytes> chain_;
  const std::shared_ptr<EVP_PKEY> key_;
  std::string complaint_;
};

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_KEY_IDENTITY_H_
