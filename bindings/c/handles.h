// What is behind the handles of signet-seal.h. Each keeps what it needs of others, so that they can be freed in any order.
#ifndef SIGNET_BINDINGS_C_HANDLES_H_
#define SIGNET_BINDINGS_C_HANDLES_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/c/signet-seal-pdf.h"
#include "bindings/c/signet-seal.h"
#include "common/bytes.h"
#include "common/process_mark.h"
#include "common/secret.h"
#include "crypto/context.h"
#include "pkcs11-client/uri.h"
#include "sealing/input.h"
#include "sealing/output.h"
#include "sealing/pdf_wish.h"
#include "sealing/seal_key.h"
#include "sealing/sealer.h"
#include "sealing/two_steps.h"
#include "timestamps/authority.h"
#include "timestamps/client.h"

namespace signet::c {

// Where a PIN comes from: neither: the token's own key pad.
struct PinSource {
  std::optional<Secret> pin;
  signet_seal_pin_callback callback = nullptr;
  void* user = nullptr;
};

}  // namespace signet::c

// The names are those of the header.
// NOLINTBEGIN(readability-identifier-naming)

struct signet_seal_error {
  int status = SIGNET_SEAL_OK;
  int reason = 0;
  unsigned long rv = 0;
  std::array<char, 1024> sentence{};
};

struct signet_seal_context {
  std::shared_ptr<signet::crypto::Context> crypto;
};

struct signet_seal_key_settings {
  std::shared_ptr<signet::crypto::Context> crypto;
  signet::pkcs11::Uri key;
  std::string module;
  signet::c::PinSource pin;
  std::optional<signet::c::PinSource> signing_pin;
  signet::Bytes certificate;
  std::vector<signet::Bytes> issuers;
};

struct signet_seal_key {
  std::uint64_t process = signet::process_mark();
  std::shared_ptr<signet::crypto::Context> crypto;
  std::shared_ptr<signet::sealing::SealKey> key;
};

struct signet_seal_authority {
  std::shared_ptr<signet::crypto::Context> crypto;
  signet::timestamps::Authority authority;
};

struct signet_seal_time_stamper {
  std::uint64_t process = signet::process_mark();
  std::shared_ptr<signet::crypto::Context> crypto;
  std::shared_ptr<signet::timestamps::Client> client;
};

struct signet_seal_options {
  signet::sealing::SealWish wish;  // but for the level
  int level = SIGNET_SEAL_LEVEL_AUTOMATIC;
  int format = SIGNET_SEAL_CADES;
  signet::sealing::PdfWish pdf;
};

struct signet_seal_visible {
  signet::sealing::VisibleWish wish;  // without the defaults of text and font
};

struct signet_seal_control {
  std::atomic<bool> cancelled{false};
  signet_seal_progress_callback progress = nullptr;
  void* user = nullptr;
};

struct signet_seal_input {
  explicit signet_seal_input(signet::sealing::Input made) : input(std::move(made)) {}
  signet::sealing::Input input;
};

struct signet_seal_output {
  std::uint64_t process = signet::process_mark();
  signet::Bytes bytes;  // of an output in memory
  std::optional<signet::sealing::Output> output;
  bool is_used = false;
};

struct signet_seal_result {
  signet::sealing::Sealed sealed;
};

struct signet_seal_signer {
  std::shared_ptr<signet::crypto::Context> crypto;
  signet::sealing::Signatory signatory;
};

struct signet_seal_prepared {
  signet::sealing::Prepared prepared;
};

// NOLINTEND(readability-identifier-naming)

static_assert(std::atomic<bool>::is_always_lock_free, "cancelling is async-signal-safe");

#endif  // SIGNET_BINDINGS_C_HANDLES_H_
