// What is behind the handles of signet-seal-extend.h.
#ifndef SIGNET_BINDINGS_C_EXTEND_HANDLES_H_
#define SIGNET_BINDINGS_C_EXTEND_HANDLES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bindings/c/signet-seal-extend.h"
#include "bindings/c/verify_handles.h"
#include "common/clock.h"
#include "common/process_mark.h"
#include "crypto/algorithm.h"
#include "preservation/extension.h"

// The names are those of the header.
// NOLINTBEGIN(readability-identifier-naming)

struct signet_seal_extend_options {
  signet::preservation::Level level = signet::preservation::Level::b_lta;
  signet::crypto::Hash hash = signet::crypto::Hash::sha256;
  signet::Milliseconds stamp_limit{60'000};
  std::optional<std::chrono::seconds> wait_fresh;
  bool force_invalid = false;
};

struct signet_seal_extender {
  explicit signet_seal_extender(signet::preservation::ExtensionRequest request)
      : extender(std::move(request)) {}
  std::uint64_t process = signet::process_mark();
  signet::preservation::Extender extender;
};

struct signet_seal_extension {
  signet::preservation::Extended extended;
  // Made from it, so that accessors only read.
  std::string level_before, level;
  signet::c::BothTexts verifiable_because;
  std::vector<signet::c::BothTexts> remarks;
};

// NOLINTEND(readability-identifier-naming)

#endif  // SIGNET_BINDINGS_C_EXTEND_HANDLES_H_
