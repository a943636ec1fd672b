// Certificates of a chain, and changes after a signature.
#include "bindings/c/accessors.h"
#include "bindings/c/call.h"

using signet::c::text_in;

namespace {

const signet_seal_certificate& known(const signet_seal_certificate* certificate) {
  static const signet_seal_certificate none{};
  return certificate == nullptr ? none : *certificate;
}

const signet_seal_change& known(const signet_seal_change* change) {
  static const signet_seal_change none{};
  return change == nullptr ? none : *change;
}

// Nothing where nothing was asked.
std::int64_t time_or_none(const std::optional<signet::validation::Time>& time) {
  return time ? signet::c::seconds_of(*time) : SIGNET_SEAL_NO_TIME;
}

}  // namespace

const char* signet_seal_certificate_subject(const signet_seal_certificate* certificate) {
  return known(certificate).subject.c_str();
}

const char* signet_seal_certificate_issuer(const signet_seal_certificate* certificate) {
  return known(certificate).issuer.c_str();
}

const char* signet_seal_certificate_serial(const signet_seal_certificate* certificate) {
  return known(certificate).serial.c_str();
}

int64_t signet_seal_certificate_not_before(const signet_seal_certificate* certificate) {
  const auto& one = known(certificate).certificate;
  return one ? signet::c::seconds_of(one->not_before()) : SIGNET_SEAL_NO_TIME;
}

int64_t signet_seal_certificate_not_after(const signet_seal_certificate* certificate) {
  const auto& one = known(certificate).certificate;
  return one ? signet::c::seconds_of(one->not_after()) : SIGNET_SEAL_NO_TIME;
}

const void* signet_seal_certificate_der(const signet_seal_certificate* certificate, size_t* size) {
  static const signet::Bytes none;
  const auto& one = known(certificate).certificate;
  return signet::c::give(one ? one->der() : none, size);
}

int signet_seal_certificate_revocation(const signet_seal_certificate* certificate) {
  using Kind = signet::validation::RevocationStatus::Kind;
  const auto& status = known(certificate).status;
  if (!status) return SIGNET_SEAL_REVOCATION_NONE;
  switch (status->kind) {
    case Kind::good:
      return SIGNET_SEAL_REVOCATION_GOOD;
    case Kind::revoked:
      return SIGNET_SEAL_REVOCATION_REVOKED;
    case Kind::on_hold:
      return SIGNET_SEAL_REVOCATION_ON_HOLD;
    case Kind::unknown:
      break;
  }
  return SIGNET_SEAL_REVOCATION_UNKNOWN;
}

const char* signet_seal_certificate_revocation_source(const signet_seal_certificate* certificate) {
  return known(certificate).source.c_str();
}

int64_t signet_seal_certificate_revocation_this_update(const signet_seal_certificate* certificate) {
  const auto& status = known(certificate).status;
  return status ? signet::c::seconds_of(status->this_update) : SIGNET_SEAL_NO_TIME;
}

int64_t signet_seal_certificate_revocation_next_update(const signet_seal_certificate* certificate) {
  const auto& status = known(certificate).status;
  return status ? time_or_none(status->next_update) : SIGNET_SEAL_NO_TIME;
}

int64_t signet_seal_certificate_revoked_at(const signet_seal_certificate* certificate) {
  const auto& status = known(certificate).status;
  return status ? time_or_none(status->revoked_at) : SIGNET_SEAL_NO_TIME;
}

const char* signet_seal_certificate_revocation_reason(const signet_seal_certificate* certificate,
                                                      int language) {
  return text_in(known(certificate).reason, language);
}

const char* signet_seal_change_kind(const signet_seal_change* change) {
  return known(change).kind.c_str();
}

int signet_seal_change_is_allowed(const signet_seal_change* change) {
  return known(change).is_allowed ? 1 : 0;
}

size_t signet_seal_change_revision(const signet_seal_change* change) {
  return known(change).revision;
}

size_t signet_seal_change_page(const signet_seal_change* change) {
  return known(change).page;
}

const char* signet_seal_change_field(const signet_seal_change* change) {
  return known(change).field.c_str();
}

const char* signet_seal_change_what(const signet_seal_change* change, int language) {
  return text_in(known(change).what, language);
}

const char* signet_seal_change_rule(const signet_seal_change* change, int language) {
  return text_in(known(change).rule, language);
}

const char* signet_seal_change_warning(const signet_seal_change* change, int language) {
  return text_in(known(change).warning, language);
}
