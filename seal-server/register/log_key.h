// The Ed25519 key with which a log signs its checkpoints.
#ifndef SIGNET_SEAL_SERVER_REGISTER_LOG_KEY_H_
#define SIGNET_SEAL_SERVER_REGISTER_LOG_KEY_H_

#include <filesystem>
#include <string>

#include "common/bytes.h"
#include "crypto/openssl_ptr.h"

namespace signet::sealserver {

// Thread-safe. Failures throw std::runtime_error with a sentence.
class LogKey {
 public:
  // `name`: the log's origin, and the name of its key in signed notes: without spaces and plus signs.
  static LogKey generate(std::string name);
  static LogKey read(std::string name, const std::filesystem::path& file);

  // PEM, for its owner only.
  void write(const std::filesystem::path& file) const;

  const std::string& name() const { return name_; }
  Bytes public_key() const;  // 32 octets
  Bytes sign(ByteView message) const;

 private:
  LogKey(std::string name, PkeyPtr key);

  std::string name_;
  PkeyPtr key_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_LOG_KEY_H_
