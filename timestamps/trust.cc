#include "timestamps/trust.h"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <string_view>

#include "crypto/certificate.h"
#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "timestamps/asn1.h"
#include "timestamps/excerpt.h"

namespace signet::timestamps {

namespace {

using StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using StoreContextPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

constexpr int kDeepest = 10;       // certificates between the signer's and the anchor
constexpr int kSecurityLevel = 2;  // 112 bits (SSL_CTX_set_security_level(3))
constexpr std::size_t kMostOthers = 40;

struct PemBlock {
  std::string name;
  Bytes der;
};

// The next one of a PEM text; nothing at its end.
std::optional<PemBlock> next_block(BIO* text) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (!crypto::verdict(PEM_read_bio(text, &name, &header, &data, &size) == 1)) return std::nullopt;
  const auto free = [](void* memory) { OPENSSL_free(memory); };
  const std::unique_ptr<char, decltype(free)> own_name(name);
  const std::unique_ptr<char, decltype(free)> own_header(header);
  const std::unique_ptr<unsigned char, decltype(free)> own_data(data);
  return PemBlock{name, copy_of({data, static_cast<std::size_t>(size)})};
}

std::string reason_of(X509_STORE_CTX* checked) {
  const int error = X509_STORE_CTX_get_error(checked);
  require(error != X509_V_ERR_OUT_OF_MEM);
  const X509* const where = X509_STORE_CTX_get_current_cert(checked);
  return where == nullptr ? std::string(X509_verify_cert_error_string(error))
                          : fmt::format("{} ({})", X509_verify_cert_error_string(error),
                                        excerpt(crypto::name_text(X509_get_subject_name(where))));
}

}  // namespace

TrustAnchors::TrustAnchors(std::shared_ptr<crypto::Context> context)
    : context_(std::move(context)), store_(X509_STORE_new()) {
  require(store_ != nullptr);
}

TrustAnchors::~TrustAnchors() {
  X509_STORE_free(store_);
}

TrustAnchors::Created TrustAnchors::from_der(std::shared_ptr<crypto::Context> context,
                                             const std::vector<Bytes>& certificates) {
  if (certificates.empty()) return std::string("there is no certificate to trust");
  const crypto::HostErrors aside;
  const std::shared_ptr<TrustAnchors> anchors(new TrustAnchors(std::move(context)));
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const X509Ptr one = certificate_of(*anchors->context_, certificates[i]);
    if (!one) return fmt::format("certificate {} cannot be read", i + 1);
    require(X509_STORE_add_cert(anchors->store_, one.get()) == 1);
  }
  return std::shared_ptr<const TrustAnchors>(anchors);
}

TrustAnchors::Created TrustAnchors::from_pem(std::shared_ptr<crypto::Context> context,
                                             std::string_view text) {
  const crypto::HostErrors aside;
  const BioPtr source = crypto::bio_over(view_of(text));
  require(source != nullptr);
  std::vector<Bytes> certificates;
  while (auto block = next_block(source.get())) {
    if (block->name == PEM_STRING_X509 || block->name == PEM_STRING_X509_OLD) {
      certificates.push_back(std::move(block->der));
    }
  }
  return from_der(std::move(context), certificates);
}

Result<void, std::string> TrustAnchors::check(ByteView leaf, const std::vector<Bytes>& others,
                                              std::chrono::system_clock::time_point moment) const {
  const crypto::HostErrors aside;
  const X509Ptr certificate = certificate_of(*context_, leaf);
  if (!certificate) return std::string("it cannot be read");
  if (others.size() > kMostOthers)
    return std::string("there are more than 40 certificates with it");
  const CertificateStackPtr between(sk_X509_new_null());
  require(between != nullptr);
  for (const Bytes& der : others) {
    X509Ptr one = certificate_of(*context_, der);
    if (!one) continue;
    require(sk_X509_push(between.get(), one.get()) > 0);
    (void)one.release();
  }
  const StoreContextPtr checked(X509_STORE_CTX_new_ex(context_->get(), nullptr));
  require(checked &&
          X509_STORE_CTX_init(checked.get(), store_, certificate.get(), between.get()) == 1);
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(checked.get());
  X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(moment));
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_depth(parameters, kDeepest);
  X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
  if (crypto::verdict(X509_verify_cert(checked.get()) == 1)) return success();
  return reason_of(checked.get());
}

}  // namespace signet::timestamps
