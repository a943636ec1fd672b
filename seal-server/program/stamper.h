// Gets the time-stamp over the newest checkpoint from the authorities of the settings.
#ifndef SIGNET_SEAL_SERVER_PROGRAM_STAMPER_H_
#define SIGNET_SEAL_SERVER_PROGRAM_STAMPER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "crypto/context.h"
#include "seal-server/program/settings.h"
#include "timestamps/client.h"

namespace signet::sealserver {

// One thread at a time.
class Stamper {
 public:
  // Throws std::runtime_error with a sentence: where the trusted certificates cannot be read, or no authority is set.
  explicit Stamper(const ServerFolder& folder);

  // Where one is due: the size of its checkpoint. Throws std::runtime_error with a sentence where no authority gives one. See
  // stamp_newest().
  std::optional<std::uint64_t> stamp(Sequencer& sequencer);

 private:
  const std::string database_;
  std::shared_ptr<crypto::Context> context_;
  std::unique_ptr<timestamps::Client> client_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PROGRAM_STAMPER_H_
