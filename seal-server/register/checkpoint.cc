#include "seal-server/register/checkpoint.h"

#include "crypto/base64.h"

namespace signet::sealserver {

LogIdentity identity_of(const LogKey& key) {
  return {.origin = key.name(), .public_key = key.public_key()};
}

std::string signed_checkpoint(const LogKey& key, const crypto::TreeState& tree) {
  const std::string body = crypto::checkpoint_body(key.name(), tree);
  Bytes signature = crypto::note_key_id(identity_of(key));
  const Bytes octets = key.sign(view_of(body));
  signature.insert(signature.end(), octets.begin(), octets.end());
  return body + "\n— " + key.name() + " " + crypto::to_base64(signature) + "\n";
}

}  // namespace signet::sealserver
