// What became of an extension.
#include "bindings/c/accessors.h"
#include "bindings/c/extend_handles.h"

using signet::c::item_at;
using signet::c::text_at;
using signet::c::text_in;

namespace {

const signet_seal_extension& known_extension(const signet_seal_extension* extension) {
  static const signet_seal_extension none{};
  return extension == nullptr ? none : *extension;
}

}  // namespace

void signet_seal_extension_free(signet_seal_extension* extension) {
  signet::c::free_handle(extension);
}

int signet_seal_extension_is_changed(const signet_seal_extension* extension) {
  return known_extension(extension).extended.changed ? 1 : 0;
}

const char* signet_seal_extension_level_before(const signet_seal_extension* extension) {
  return known_extension(extension).level_before.c_str();
}

const char* signet_seal_extension_level(const signet_seal_extension* extension) {
  return known_extension(extension).level.c_str();
}

uint64_t signet_seal_extension_size_before(const signet_seal_extension* extension) {
  return known_extension(extension).extended.size_before;
}

uint64_t signet_seal_extension_size(const signet_seal_extension* extension) {
  return known_extension(extension).extended.size_after;
}

size_t signet_seal_extension_added(const signet_seal_extension* extension, int what) {
  const auto& extended = known_extension(extension).extended;
  switch (what) {
    case SIGNET_SEAL_ADDED_TIME_STAMPS:
      return extended.time_stamps;
    case SIGNET_SEAL_ADDED_CERTIFICATES:
      return extended.certificates;
    case SIGNET_SEAL_ADDED_CRLS:
      return extended.crls;
    case SIGNET_SEAL_ADDED_OCSP:
      return extended.ocsp_answers;
    default:
      return 0;
  }
}

size_t signet_seal_extension_authority_count(const signet_seal_extension* extension) {
  return known_extension(extension).extended.authorities.size();
}

const char* signet_seal_extension_authority(const signet_seal_extension* extension, size_t index) {
  return text_at(known_extension(extension).extended.authorities, index);
}

int64_t signet_seal_extension_verifiable_until(const signet_seal_extension* extension) {
  const auto& until = known_extension(extension).extended.after.verifiable_until;
  return until ? signet::c::seconds_of(*until) : SIGNET_SEAL_NO_TIME;
}

const char* signet_seal_extension_verifiable_because(const signet_seal_extension* extension,
                                                     int language) {
  return text_in(known_extension(extension).verifiable_because, language);
}

size_t signet_seal_extension_remark_count(const signet_seal_extension* extension) {
  return known_extension(extension).remarks.size();
}

const char* signet_seal_extension_remark(const signet_seal_extension* extension, size_t index,
                                         int language) {
  return text_in(known_extension(extension).remarks, index, language);
}

size_t signet_seal_extension_fetch_count(const signet_seal_extension* extension) {
  return known_extension(extension).extended.fetches.size();
}

const char* signet_seal_extension_fetch_url(const signet_seal_extension* extension, size_t index) {
  const auto* const fetch = item_at(known_extension(extension).extended.fetches, index);
  return fetch == nullptr ? nullptr : fetch->url.c_str();
}

const char* signet_seal_extension_fetch_problem(const signet_seal_extension* extension,
                                                size_t index) {
  const auto* const fetch = item_at(known_extension(extension).extended.fetches, index);
  return fetch == nullptr ? nullptr : fetch->problem.c_str();
}
