#include "tests/support/signed_call.h"

#include <algorithm>
#include <stdexcept>

namespace signet::tests {
namespace {

constexpr std::uint8_t kUntouched = 0xa5;

}  // namespace

SignedCall sign_once(Session& session, CK_OBJECT_HANDLE key, const std::string& message) {
  SignedCall call{.began = std::chrono::steady_clock::now(),
                  .message = message,
                  .signature = Bytes(128, kUntouched)};
  CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
  expect_ok(session.module()->C_SignInit(session.handle(), &mechanism, key), "C_SignInit");
  Bytes data = copy_of(view_of(message));
  CK_ULONG size = call.signature.size();
  call.code = session.module()->C_Sign(session.handle(), data.data(), data.size(),
                                       call.signature.data(), &size);
  call.took =
      std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - call.began);
  if (call.code == CKR_OK) {
    call.signature.resize(size);
    return call;
  }
  const bool touched =
      std::ranges::any_of(call.signature, [](std::uint8_t byte) { return byte != kUntouched; });
  if (touched) throw std::runtime_error("a failed C_Sign has written to the caller's buffer");
  call.signature.clear();
  return call;
}

}  // namespace signet::tests
