#include "sealing/seal_facts.h"

#include <fmt/chrono.h>
#include <openssl/x509.h>

#include <ctime>
#include <optional>
#include <string>

#include "crypto/certificate.h"

namespace signet::sealing {

namespace {

std::optional<std::string> entry(const X509_NAME* name, int nid) {
  std::string text = crypto::name_entry(name, nid);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::string local_text(std::chrono::system_clock::time_point moment) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return {};
  const std::string zone = fmt::format("{:%z}", local);  // +0100
  if (zone.size() != 5) return fmt::format("{:%Y-%m-%d %H:%M:%S}", local);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} {}:{}", local, zone.substr(0, 3), zone.substr(3));
}

}  // namespace

SealResult<pdf::look::Facts> seal_facts(ByteView certificate,
                                        std::chrono::system_clock::time_point signed_at) {
  const X509Ptr x509 = crypto::certificate_of(certificate);
  if (!x509) return Error(Failure::settings, "the signer's certificate cannot be read");
  const X509_NAME* const subject = X509_get_subject_name(x509.get());
  const ASN1_INTEGER* const serial = X509_get0_serialNumber(x509.get());
  pdf::look::Facts facts;
  facts.signer = entry(subject, NID_commonName);
  facts.organisation = entry(subject, NID_organizationName);
  facts.issuer = entry(X509_get_issuer_name(x509.get()), NID_commonName);
  facts.serial =
      to_hex({ASN1_STRING_get0_data(serial), static_cast<std::size_t>(ASN1_STRING_length(serial))});
  facts.time = local_text(signed_at);
  return facts;
}

}  // namespace signet::sealing
