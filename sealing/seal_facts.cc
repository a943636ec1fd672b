#include "sealing/seal_facts.h"

#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <optional>
#include <string>

#include "crypto/certificate.h"
#include "crypto/openssl.h"
#include "crypto/openssl_ptr.h"

namespace signet::sealing {

namespace {

std::optional<std::string> entry(const X509_NAME* name, int nid) {
  std::string text = crypto::name_entry(name, nid);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::string local_text(std::chrono::system_clock::time_point moment) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
  std::tm local{};
  std::array<char, 64> text{};
  if (localtime_r(&seconds, &local) == nullptr) return {};
  std::string shown(text.data(),
                    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %z", &local));
  if (shown.size() > 2) shown.insert(shown.end() - 2, ':');  // +0100
  return shown;
}

}  // namespace

SealResult<pdf::look::Facts> seal_facts(ByteView certificate,
                                        std::chrono::system_clock::time_point signed_at) {
  X509* parsed = X509_new_ex(crypto::library_context(), nullptr);
  const unsigned char* in = certificate.data();
  const bool read = d2i_X509(&parsed, &in, static_cast<long>(certificate.size())) != nullptr;
  const X509Ptr x509(parsed);
  if (!read) return Error(Failure::settings, "the signer's certificate cannot be read");
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
