// What became of a seal.
#include <chrono>
#include <cstdint>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "bindings/c/hashes.h"

namespace signet::c {

namespace {

const sealing::Sealed& sealed_in(const signet_seal_result* result) {
  static const sealing::Sealed none;
  return result == nullptr ? none : result->sealed;
}

template <typename Unit>
std::int64_t since_epoch(std::chrono::system_clock::time_point time) {
  return std::chrono::floor<Unit>(time).time_since_epoch().count();
}

}  // namespace

}  // namespace signet::c

using signet::c::give;
using signet::c::sealed_in;
using signet::c::since_epoch;
using signet::c::text_at;

void signet_seal_result_free(signet_seal_result* result) {
  signet::c::free_handle(result);
}

int signet_seal_result_level(const signet_seal_result* result) {
  return sealed_in(result).level == signet::sealing::Level::b_t ? SIGNET_SEAL_LEVEL_B_T
                                                                : SIGNET_SEAL_LEVEL_B_B;
}

int signet_seal_result_is_degraded(const signet_seal_result* result) {
  return sealed_in(result).degraded ? 1 : 0;
}

const char* signet_seal_result_why_degraded(const signet_seal_result* result) {
  return sealed_in(result).why_degraded.c_str();
}

int signet_seal_result_hash(const signet_seal_result* result) {
  return signet::c::number_of(sealed_in(result).algorithm.hash);
}

const void* signet_seal_result_digest(const signet_seal_result* result, size_t* size) {
  return give(sealed_in(result).digest, size);
}

const void* signet_seal_result_signature_digest(const signet_seal_result* result, size_t* size) {
  return give(sealed_in(result).signature_digest, size);
}

const void* signet_seal_result_certificate(const signet_seal_result* result, size_t* size) {
  return give(sealed_in(result).certificate, size);
}

int64_t signet_seal_result_signed_at(const signet_seal_result* result) {
  return since_epoch<std::chrono::seconds>(sealed_in(result).signed_at);
}

int64_t signet_seal_result_stamped_at(const signet_seal_result* result) {
  const auto& time = sealed_in(result).stamped_at;
  return time ? since_epoch<std::chrono::milliseconds>(*time) : INT64_MIN;
}

size_t signet_seal_result_warning_count(const signet_seal_result* result) {
  return sealed_in(result).warnings.size();
}

const char* signet_seal_result_warning(const signet_seal_result* result, size_t index) {
  return text_at(sealed_in(result).warnings, index);
}

const char* signet_seal_result_field(const signet_seal_result* result) {
  return sealed_in(result).field.c_str();
}

unsigned signet_seal_result_signature_count(const signet_seal_result* result) {
  return result == nullptr ? 0 : result->sealed.signatures;
}

size_t signet_seal_result_remark_count(const signet_seal_result* result) {
  return sealed_in(result).remarks.size();
}

const char* signet_seal_result_remark(const signet_seal_result* result, size_t index) {
  return text_at(sealed_in(result).remarks, index);
}

const char* signet_seal_result_authority(const signet_seal_result* result) {
  return sealed_in(result).authority.c_str();
}
