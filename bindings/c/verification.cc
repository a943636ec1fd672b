// What a verification found as a whole.
#include "bindings/c/accessors.h"

using signet::c::item_at;
using signet::c::text_in;

namespace {

const signet_seal_verification& known(const signet_seal_verification* verification) {
  static const signet_seal_verification none{};
  return verification == nullptr ? none : *verification;
}

}  // namespace

int signet_seal_verification_indication(const signet_seal_verification* verification) {
  return known(verification).indication;
}

const char* signet_seal_verification_sub_indication(const signet_seal_verification* verification) {
  return known(verification).sub_indication.c_str();
}

const char* signet_seal_verification_format(const signet_seal_verification* verification) {
  return known(verification).format.c_str();
}

size_t signet_seal_verification_page_count(const signet_seal_verification* verification) {
  const auto& parts = known(verification).parts;
  return parts ? parts->pages.value_or(0) : 0;
}

int64_t signet_seal_verification_time(const signet_seal_verification* verification) {
  if (verification == nullptr) return SIGNET_SEAL_NO_TIME;
  return signet::c::seconds_of(verification->result.policy.at);
}

const char* signet_seal_verification_suite(const signet_seal_verification* verification) {
  return known(verification).suite.c_str();
}

size_t signet_seal_verification_remark_count(const signet_seal_verification* verification) {
  return known(verification).remarks.size();
}

const char* signet_seal_verification_remark(const signet_seal_verification* verification,
                                            size_t index, int language) {
  return text_in(known(verification).remarks, index, language);
}

size_t signet_seal_verification_fetch_count(const signet_seal_verification* verification) {
  return known(verification).fetches.size();
}

const char* signet_seal_verification_fetch_url(const signet_seal_verification* verification,
                                               size_t index) {
  const auto* const fetch = item_at(known(verification).fetches, index);
  return fetch == nullptr ? nullptr : fetch->url.c_str();
}

const char* signet_seal_verification_fetch_problem(const signet_seal_verification* verification,
                                                   size_t index) {
  const auto* const fetch = item_at(known(verification).fetches, index);
  return fetch == nullptr ? nullptr : fetch->problem.c_str();
}

size_t signet_seal_verification_signature_count(const signet_seal_verification* verification) {
  return known(verification).signatures.size();
}

const signet_seal_verified* signet_seal_verification_signature(
    const signet_seal_verification* verification, size_t index) {
  return item_at(known(verification).signatures, index);
}

size_t signet_seal_verification_time_stamp_count(const signet_seal_verification* verification) {
  return known(verification).time_stamps.size();
}

const signet_seal_verified* signet_seal_verification_time_stamp(
    const signet_seal_verification* verification, size_t index) {
  return item_at(known(verification).time_stamps, index);
}
