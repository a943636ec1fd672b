// CRLs (RFC 5280, 5).

#include <openssl/x509v3.h>

#include <utility>

#include "crypto/der.h"
#include "validation/crl_entries.h"
#include "validation/der_reading.h"
#include "validation/distribution_point.h"
#include "validation/names.h"
#include "validation/revocation_data.h"

namespace signet::validation {

namespace {

constexpr std::size_t kLargestCrl = std::size_t{64} * 1024 * 1024;

// Below 2.5.29.
constexpr std::uint8_t kIssuerAltName = 18;
constexpr std::uint8_t kCrlNumber = 20;
constexpr std::uint8_t kDeltaCrlIndicator = 27;
constexpr std::uint8_t kIssuingDistributionPoint = 28;
constexpr std::uint8_t kAuthorityKeyIdentifier = 35;
constexpr std::uint8_t kFreshestCrl = 46;
constexpr std::uint8_t kExpiredCertsOnCrl = 60;

class Crl final : public RevocationData {
 public:
  explicit Crl(Bytes der) : RevocationData(RevocationKind::crl, std::move(der)) {}

  // A sentence, or nothing.
  Taken read() {
    const auto whole = der::only(der::kSequence, der_);
    if (!whole) return "it is not a CRL in DER";
    der::Reader outer(*whole);
    const auto body = outer.read_whole(der::kSequence);
    const auto algorithm = outer.read_whole(der::kSequence);
    const auto bits = outer.read(der::kBitString);
    if (!body || !algorithm || !bits || bits->empty() || (*bits)[0] != 0 || !outer.at_end())
      return "it is not a CRL in DER";
    to_be_signed_ = *body;
    signature_algorithm_ = copy_of(*algorithm);
    signature_ = bits->subspan(1);
    return read_body(*der::only(der::kSequence, *body));
  }

  bool is_signed_by(const Certificate& signer, const Certificate& issuer) const override {
    if (!same_name(X509_get_subject_name(signer.x509()), issuer_.get())) return false;
    if (!point_.indirect && !same_name(X509_get_subject_name(issuer.x509()), issuer_.get()))
      return false;
    if ((X509_get_key_usage(signer.x509()) & KU_CRL_SIGN) == 0) return false;  // all bits: absent
    return verifies_with(signer);
  }

  std::optional<RevocationStatus> status_of(const Certificate& certificate,
                                            const Certificate& issuer) const override {
    if (!issuer.has_subject_of_issuer(certificate)) return std::nullopt;
    if (!is_in_scope(certificate, point_, issuer_.get())) return std::nullopt;
    RevocationStatus status = entries_.find(certificate);
    // A list of some reasons says nothing about the others.
    if (status.kind == RevocationStatus::Kind::good && point_.some_reasons) return std::nullopt;
    status.this_update = issued_;
    status.next_update = next_update_;
    return status;
  }

 private:
  Taken read_body(ByteView body) {
    der::Reader reader(body);
    if (const auto version = reader.read(der::kInteger);
        version && (version->size() != 1 || (*version)[0] != 1))
      return "the CRL has an unknown version";
    const auto algorithm = reader.read_whole(der::kSequence);
    const auto issuer = reader.read_whole(der::kSequence);
    const auto this_update = read_time(reader);
    if (!algorithm || !issuer || !this_update) return "the CRL cannot be read";
    if (!equal(*algorithm, signature_algorithm_))
      return "the CRL names two different signature algorithms";
    issuer_ = parse_name(*issuer);
    if (!issuer_) return "the name of the CRL's issuer cannot be read";
    issuer_text_ = name_text(issuer_.get());
    issued_ = *this_update;
    next_update_ = read_time(reader);
    if (next_update_ && is_no_end(*next_update_)) next_update_.reset();
    const ByteView list = reader.read(der::kSequence).value_or(ByteView());
    if (const auto extensions = reader.read(der::kContext0)) {
      if (Taken problem = read_extensions(*extensions, *issuer)) return problem;
    }
    if (!reader.at_end()) return "the CRL cannot be read";
    auto entries = CrlEntries::read(list, *issuer, point_.indirect);
    if (!entries) return std::move(entries).error();
    entries_ = std::move(entries).value();
    return std::nullopt;
  }

  Taken read_extensions(ByteView wrapped, ByteView issuer) {
    const auto content = der::only(der::kSequence, wrapped);
    if (!content) return "the CRL's extensions cannot be read";
    return each_extension(*content, [&](const ExtensionView& extension) {
      return read_extension(extension, issuer);
    });
  }

  Taken read_extension(const ExtensionView& extension, ByteView issuer) {
    if (extension.is_ce(kDeltaCrlIndicator)) return "it is a delta CRL, which says too little";
    if (extension.is_ce(kIssuingDistributionPoint)) {
      auto point = parse_issuing_point(extension.value, issuer);
      if (!point) return "the CRL's issuing distribution point cannot be read";
      point_ = *std::move(point);
      return std::nullopt;
    }
    if (extension.is_ce(kExpiredCertsOnCrl)) {
      der::Reader reader(extension.value);
      keeps_ended_since_ = read_time(reader);
      if (!keeps_ended_since_) return "expiredCertsOnCRL cannot be read";
      return std::nullopt;
    }
    const bool known = extension.is_ce(kIssuerAltName) || extension.is_ce(kCrlNumber) ||
                       extension.is_ce(kAuthorityKeyIdentifier) || extension.is_ce(kFreshestCrl);
    if (known || !extension.critical) return std::nullopt;
    return "the CRL has the critical extension " + oid_text(extension.oid) +
           ", which is not known here";
  }

  NamePtr issuer_;
  std::optional<Time> next_update_;
  IssuingPoint point_;
  CrlEntries entries_;
};

}  // namespace

Result<RevocationDataPtr, std::string> RevocationData::parse_crl(Bytes der) {
  if (der.size() > kLargestCrl) return std::string("the CRL is larger than 64 MiB");
  const auto crl = std::make_shared<Crl>(std::move(der));
  if (Taken problem = crl->read()) return *std::move(problem);
  return RevocationDataPtr(crl);
}

}  // namespace signet::validation
