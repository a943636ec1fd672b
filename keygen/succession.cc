#include "keygen/succession.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/x509.h>

#include "pkcs11-client/key_type.h"

namespace signet::keygen {

namespace {

using std::chrono::system_clock;

bool same_subject(const Certificate& a, const Certificate& b) {
  return X509_NAME_cmp(X509_get_subject_name(a.x509()), X509_get_subject_name(b.x509())) == 0;
}

bool same_kind(const Certificate& a, const Certificate& b) {
  return KeyType::of_public_key(a.public_key()).kind == KeyType::of_public_key(b.public_key()).kind;
}

}  // namespace

bool supersedes(const Labelled& other, const Labelled& old) {
  if (!same_subject(other.certificate, old.certificate)) return false;
  if (other.certificate.not_after() <= old.certificate.not_after()) return false;
  if (old.label == retired_label(other.label, old.certificate)) return true;
  if (!same_kind(other.certificate, old.certificate)) return false;
  const auto now = system_clock::now();
  const bool took_over = old.certificate.not_after() <= now && other.certificate.not_after() > now;
  return took_over || other.label == old.label;
}

std::string retired_label(const std::string& label, const Certificate& certificate) {
  return fmt::format("{} (until {})", label, date_text(certificate.not_after()));
}

std::string date_text(system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(system_clock::to_time_t(time)));
}

}  // namespace signet::keygen
