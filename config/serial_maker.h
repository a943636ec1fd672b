// The serial numbers of tokens that are given none.
#ifndef SIGNET_CONFIG_SERIAL_MAKER_H_
#define SIGNET_CONFIG_SERIAL_MAKER_H_

#include <optional>
#include <string>
#include <string_view>

#include "crypto/host_errors.h"
#include "crypto/library_context.h"

namespace signet::config {

// Makes an OpenSSL library context for the first serial number and uses it for the others; it goes with this object, so that
// a module that is unloaded leaves nothing behind. To be used and destroyed in one thread.
class SerialMaker {
 public:
  // As serial_of() (config.h).
  std::string serial_of(std::string_view label, std::string_view user);

 private:
  struct Openssl {
    crypto::HostErrors aside;
    crypto::LibraryContext context;
  };

  std::optional<Openssl> openssl_;
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SERIAL_MAKER_H_
