// What a verification found of one signature or time-stamp.
#include "bindings/c/accessors.h"

using signet::c::item_at;
using signet::c::text_in;

namespace {

const signet_seal_verified& known(const signet_seal_verified* verified) {
  static const signet_seal_verified none{};
  return verified == nullptr ? none : *verified;
}

const std::vector<signet::c::BothTexts>& texts_of(const signet_seal_verified* verified, int texts) {
  static const std::vector<signet::c::BothTexts> none;
  const signet_seal_verified& one = known(verified);
  switch (texts) {
    case SIGNET_SEAL_EXPLANATIONS:
      return one.explanations;
    case SIGNET_SEAL_ERRORS:
      return one.errors;
    case SIGNET_SEAL_WARNINGS:
      return one.warnings;
    case SIGNET_SEAL_LEVEL_FAULTS:
      return one.level_faults;
    case SIGNET_SEAL_QUALIFICATION_REASONS:
      return one.qualification_reasons;
    default:
      return none;
  }
}

}  // namespace

size_t signet_seal_verified_time_stamp_count(const signet_seal_verified* verified) {
  return known(verified).time_stamps.size();
}

const signet_seal_verified* signet_seal_verified_time_stamp(const signet_seal_verified* verified,
                                                            size_t index) {
  return item_at(known(verified).time_stamps, index);
}

const char* signet_seal_verified_kind(const signet_seal_verified* verified) {
  return known(verified).kind.c_str();
}

const char* signet_seal_verified_name(const signet_seal_verified* verified) {
  return known(verified).name.c_str();
}

int signet_seal_verified_indication(const signet_seal_verified* verified) {
  return known(verified).indication;
}

const char* signet_seal_verified_sub_indication(const signet_seal_verified* verified) {
  return known(verified).sub_indication.c_str();
}

const char* signet_seal_verified_level(const signet_seal_verified* verified) {
  return known(verified).level.c_str();
}

const char* signet_seal_verified_id(const signet_seal_verified* verified) {
  return known(verified).id.c_str();
}

const char* signet_seal_verified_proven_by(const signet_seal_verified* verified) {
  return known(verified).proven_by.c_str();
}

const char* signet_seal_verified_qualification(const signet_seal_verified* verified) {
  return known(verified).qualification.c_str();
}

const char* signet_seal_verified_list(const signet_seal_verified* verified) {
  return known(verified).list.c_str();
}

const char* signet_seal_verified_list_digest(const signet_seal_verified* verified) {
  return known(verified).list_digest.c_str();
}

const char* signet_seal_verified_service(const signet_seal_verified* verified) {
  return known(verified).service.c_str();
}

int64_t signet_seal_verified_time(const signet_seal_verified* verified) {
  return known(verified).time;
}

int64_t signet_seal_verified_judged_at(const signet_seal_verified* verified) {
  return known(verified).judged_at;
}

int64_t signet_seal_verified_claimed_time(const signet_seal_verified* verified) {
  return known(verified).claimed_time;
}

int64_t signet_seal_verified_verifiable_until(const signet_seal_verified* verified) {
  return known(verified).verifiable_until;
}

const char* signet_seal_verified_verifiable_because(const signet_seal_verified* verified,
                                                    int language) {
  return text_in(known(verified).verifiable_because, language);
}

size_t signet_seal_verified_algorithm_count(const signet_seal_verified* verified) {
  return known(verified).algorithms.size();
}

const char* signet_seal_verified_algorithm(const signet_seal_verified* verified, size_t index) {
  return signet::c::text_at(known(verified).algorithms, index);
}

size_t signet_seal_verified_text_count(const signet_seal_verified* verified, int texts) {
  return texts_of(verified, texts).size();
}

const char* signet_seal_verified_text(const signet_seal_verified* verified, int texts, size_t index,
                                      int language) {
  return text_in(texts_of(verified, texts), index, language);
}

size_t signet_seal_verified_chain_count(const signet_seal_verified* verified) {
  return known(verified).chain.size();
}

const signet_seal_certificate* signet_seal_verified_chain(const signet_seal_verified* verified,
                                                          size_t index) {
  return item_at(known(verified).chain, index);
}

int signet_seal_verified_is_trusted(const signet_seal_verified* verified) {
  return known(verified).is_trusted ? 1 : 0;
}

size_t signet_seal_verified_revision(const signet_seal_verified* verified) {
  return known(verified).revision;
}

size_t signet_seal_verified_revision_count(const signet_seal_verified* verified) {
  return known(verified).revisions;
}

int signet_seal_verified_covers_all(const signet_seal_verified* verified) {
  return known(verified).covers_all ? 1 : 0;
}

size_t signet_seal_verified_change_count(const signet_seal_verified* verified) {
  return known(verified).changes.size();
}

const signet_seal_change* signet_seal_verified_change(const signet_seal_verified* verified,
                                                      size_t index) {
  return item_at(known(verified).changes, index);
}
