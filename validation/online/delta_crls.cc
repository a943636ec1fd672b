#include "validation/online/delta_crls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/openssl_ptr.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostUrls = 16;

void add_urls(const GENERAL_NAMES* names, std::vector<std::string>& urls) {
  for (int i = 0; i < sk_GENERAL_NAME_num(names) && urls.size() < kMostUrls; ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const url = name->d.uniformResourceIdentifier;
    urls.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(url)),
                      static_cast<std::size_t>(ASN1_STRING_length(url)));
  }
}

}  // namespace

std::vector<std::string> delta_crl_urls(const Certificate& certificate) {
  std::vector<std::string> urls;
  const OpensslPtr<CRL_DIST_POINTS, CRL_DIST_POINTS_free> points(static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(certificate.x509(), NID_freshest_crl, nullptr, nullptr)));
  ERR_clear_error();
  for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT_NAME* const name = sk_DIST_POINT_value(points.get(), i)->distpoint;
    if (name != nullptr && name->type == 0) add_urls(name->name.fullname, urls);
  }
  return urls;
}

}  // namespace signet::validation
