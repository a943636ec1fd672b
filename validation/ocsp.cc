// OCSP answers (RFC 6960, 4.2).

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <compare>
#include <string_view>
#include <utility>

#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "validation/der_reading.h"
#include "validation/names.h"
#include "validation/revocation_data.h"
#include "validation/signature_check.h"

namespace signet::validation {

namespace {

constexpr std::size_t kLargestOcsp = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kMostAnswers = 65536;
constexpr std::size_t kMostOcspCertificates = 64;
constexpr std::size_t kMostPairs = 64;  // of responders and issuers
constexpr std::size_t kMostHashes = 8;  // that CertIDs are made with; each costs digests of names

// Content of id-pkix-ocsp (1.3.6.1.5.5.7.48.1) without the last arc.
constexpr std::array<std::uint8_t, 8> kIdPkixOcsp = {0x2B, 0x06, 0x01, 0x05,
                                                     0x05, 0x07, 0x30, 0x01};
constexpr std::uint8_t kBasic = 1;
constexpr std::uint8_t kArchiveCutoff = 6;
constexpr std::uint8_t kLastKnown = 9;  // nonce 2, crl 3, response 4, archive cutoff 6, …

// Content of certHash (1.3.36.8.3.13).
constexpr std::array<std::uint8_t, 5> kCertHash = {0x2B, 0x24, 0x08, 0x03, 0x0D};

// The last arc of an identifier below id-pkix-ocsp; 0 of others.
std::uint8_t ocsp_arc(ByteView oid) {
  const bool below =
      oid.size() == kIdPkixOcsp.size() + 1 && equal(oid.first(kIdPkixOcsp.size()), kIdPkixOcsp);
  return below ? oid.back() : std::uint8_t{0};
}

Taken refuse_unknown(const ExtensionView& extension) {
  const std::uint8_t arc = ocsp_arc(extension.oid);
  const bool known = (arc != 0 && arc <= kLastKnown) || extension.is_ce(kReasonCode) ||
                     extension.is_ce(kInvalidityDate) || extension.is_ce(kCertificateIssuer);
  if (known || !extension.critical) return std::nullopt;
  return "the OCSP answer has the critical extension " + oid_text(extension.oid) +
         ", which is not known here";
}

// By what an answer names its certificate (RFC 6960, 4.1.1). Views into the answer's bytes.
struct CertId {
  std::string_view hash;  // content of the OBJECT IDENTIFIER
  std::string_view key_hash, name_hash, serial;

  auto operator<=>(const CertId&) const = default;
};

struct CertHash {
  std::string hash;  // dotted
  ByteView digest;
  bool critical = false;
};

// SingleResponse.
struct Single {
  CertId id;
  RevocationStatus status;
  std::optional<CertHash> cert_hash;
  std::optional<Time> archive_cutoff;
};

bool read_id(ByteView content, Single& single) {
  der::Reader reader(content);
  der::Reader algorithm(reader.read(der::kSequence).value_or(ByteView()));
  const auto oid = algorithm.read(der::kObjectIdentifier);
  const auto name_hash = reader.read(der::kOctetString);
  const auto key_hash = reader.read(der::kOctetString);
  const auto serial = reader.read(der::kInteger);
  if (!oid || !name_hash || !key_hash || !serial || !reader.at_end()) return false;
  single.id = {signet::text_of(*oid), signet::text_of(*key_hash), signet::text_of(*name_hash),
               signet::text_of(*serial)};
  return true;
}

bool read_revoked(ByteView content, RevocationStatus& status) {
  der::Reader reader(content);
  status.revoked_at = read_time(reader);
  status.kind = RevocationStatus::Kind::revoked;
  if (const auto wrapped = reader.read(der::kContext0)) {
    const auto reason = der::only(kEnumerated, *wrapped);
    if (!reason || reason->size() != 1) return false;
    status.reason = (*reason)[0];
    if (status.reason == kCertificateHold) status.kind = RevocationStatus::Kind::on_hold;
  }
  return status.revoked_at && reader.at_end();
}

bool read_status(der::Reader& reader, RevocationStatus& status) {
  if (const auto good = reader.read(0x80)) {
    status.kind = RevocationStatus::Kind::good;
    return good->empty();
  }
  if (const auto revoked = reader.read(der::kContext1)) return read_revoked(*revoked, status);
  status.kind = RevocationStatus::Kind::unknown;
  return reader.read(0x82).has_value();
}

Taken read_cert_hash(const ExtensionView& extension, Single& single) {
  der::Reader reader(der::only(der::kSequence, extension.value).value_or(ByteView()));
  der::Reader algorithm(reader.read(der::kSequence).value_or(ByteView()));
  const auto oid = algorithm.read(der::kObjectIdentifier);
  const auto digest = reader.read(der::kOctetString);
  if (!oid || !digest || !reader.at_end()) return "the OCSP answer's certHash cannot be read";
  single.cert_hash = CertHash{oid_text(*oid), *digest, extension.critical};
  return std::nullopt;
}

// Nothing where it is about another certificate of that issuer and serial number, or where that cannot be computed but has to be.
std::optional<RevocationStatus> status_in(const Single& single, const Certificate& certificate) {
  RevocationStatus status = single.status;
  if (!single.cert_hash) return status;
  const Bytes& digest = certificate.digest(Certificate::Part::whole, single.cert_hash->hash);
  const bool same = !digest.empty() && equal(digest, single.cert_hash->digest);
  if (!same && (!digest.empty() || single.cert_hash->critical)) return std::nullopt;
  status.knows_certificate = same;
  return status;
}

Taken read_single_extension(const ExtensionView& extension, Single& single) {
  der::Reader reader(extension.value);
  if (ocsp_arc(extension.oid) == kArchiveCutoff) {
    single.archive_cutoff = read_time(reader);
    if (!single.archive_cutoff) return "the OCSP answer's archive cutoff cannot be read";
  } else if (equal(extension.oid, kCertHash)) {
    return read_cert_hash(extension, single);
  } else if (extension.is_ce(kInvalidityDate)) {
    const auto time = read_time(reader);
    if (!time) return "the OCSP answer's invalidity date cannot be read";
    if (single.status.revoked_at) single.status.invalid_since = time;
  }
  return refuse_unknown(extension);
}

Taken read_single(ByteView content, Single& single) {
  constexpr const char* kUnreadable = "the OCSP answer's list cannot be read";
  der::Reader reader(content);
  const auto id = reader.read(der::kSequence);
  if (!id || !read_id(*id, single) || !read_status(reader, single.status)) return kUnreadable;
  const auto this_update = read_time(reader);
  if (!this_update) return kUnreadable;
  single.status.this_update = *this_update;
  if (const auto wrapped = reader.read(der::kContext0)) {
    der::Reader inside(*wrapped);
    single.status.next_update = read_time(inside);
    if (!single.status.next_update || !inside.at_end()) return kUnreadable;
    if (is_no_end(*single.status.next_update)) single.status.next_update.reset();
  }
  if (const auto wrapped = reader.read(der::kContext1)) {
    const auto extensions = der::only(der::kSequence, *wrapped);
    if (!extensions) return kUnreadable;
    const auto take = [&](const ExtensionView& one) { return read_single_extension(one, single); };
    if (Taken problem = each_extension(*extensions, take)) return problem;
  }
  if (!reader.at_end()) return kUnreadable;
  return std::nullopt;
}

bool is_computable(const std::string& hash_oid) {
  const crypto::HostErrors aside;
  const OpensslPtr<EVP_MD, EVP_MD_free> hash(
      EVP_MD_fetch(crypto::library_context(), hash_oid.c_str(), nullptr));
  return crypto::verdict(hash != nullptr);
}

// The responses in an OCSPResponse, or the bytes themselves where they are those already.
Result<ByteView, std::string> basic_response_in(ByteView der) {
  const auto whole = der::only(der::kSequence, der);
  if (!whole) return std::string("it is not an OCSP answer in DER");
  der::Reader reader(*whole);
  const auto status = reader.read(kEnumerated);
  if (!status) return der;
  if (status->size() != 1 || (*status)[0] != 0)
    return std::string("the OCSP responder refused to answer");
  der::Reader bytes(der::only(der::kSequence, reader.read(der::kContext0).value_or(ByteView()))
                        .value_or(ByteView()));
  const auto type = bytes.read(der::kObjectIdentifier);
  const auto response = bytes.read(der::kOctetString);
  if (!type || ocsp_arc(*type) != kBasic || !response || !bytes.at_end() || !reader.at_end())
    return std::string("it is not a basic OCSP answer");
  return *response;
}

class Ocsp final : public RevocationData {
 public:
  explicit Ocsp(Bytes der) : RevocationData(RevocationKind::ocsp, std::move(der)) {}

  Taken read() {
    const auto basic = basic_response_in(der_);
    if (!basic) return basic.error();
    const auto whole = der::only(der::kSequence, basic.value());
    der::Reader reader(whole.value_or(ByteView()));
    const auto data = reader.read_whole(der::kSequence);
    const auto algorithm = reader.read_whole(der::kSequence);
    const auto bits = reader.read(der::kBitString);
    if (!data || !algorithm || !bits || bits->empty() || (*bits)[0] != 0)
      return "it is not an OCSP answer in DER";
    to_be_signed_ = *data;
    signature_algorithm_ = copy_of(*algorithm);
    signature_ = bits->subspan(1);
    if (const auto wrapped = reader.read(der::kContext0)) {
      if (Taken problem = read_certificates(*wrapped)) return problem;
    }
    if (!reader.at_end()) return "it is not an OCSP answer in DER";
    if (Taken problem = read_data(*der::only(der::kSequence, *data))) return problem;
    issuer_text_ = responder_text();
    return std::nullopt;
  }

  bool is_signed_by(const Certificate& signer, const Certificate& issuer) const override {
    return is_responder(signer) && may_answer_for(signer, issuer) && verifies_with(signer);
  }

  std::optional<RevocationStatus> status_of(const Certificate& certificate,
                                            const Certificate& issuer) const override {
    std::optional<RevocationStatus> found;
    const auto take = [&](std::string_view hash, const Bytes& key, const Bytes& name) {
      const CertId id{hash, signet::text_of(key), signet::text_of(name),
                      signet::text_of(certificate.serial_number())};
      const auto place = std::ranges::lower_bound(singles_, id, {}, &Single::id);
      if (place == singles_.end() || place->id != id) return;
      const auto status = status_in(*place, certificate);
      if (status && (!found || found->this_update < status->this_update)) found = status;
    };
    for (const auto& [hash, dotted] : hashes_) {
      const Bytes& key = issuer.digest(Certificate::Part::key_bits, dotted);
      if (key.empty() || !names_key(hash, key)) continue;
      take(hash, key, certificate.digest(Certificate::Part::issuer, dotted));
      if (certificate.issuer() != issuer.subject())
        take(hash, key, issuer.digest(Certificate::Part::subject, dotted));
    }
    return found;
  }

 private:
  Taken read_certificates(ByteView wrapped) {
    const auto list = der::only(der::kSequence, wrapped);
    if (!list) return "the OCSP answer's certificates cannot be read";
    der::Reader reader(*list);
    while (!reader.at_end()) {
      const auto one = reader.read_any();
      if (!one) return "the OCSP answer's certificates cannot be read";
      if (certificates_.size() >= kMostOcspCertificates)
        return "the OCSP answer has more than 64 certificates";
      if (auto certificate = Certificate::parse(*one))
        certificates_.push_back(std::move(certificate).value());
    }
    return std::nullopt;
  }

  Taken read_data(ByteView data) {
    constexpr const char* kUnreadable = "the OCSP answer cannot be read";
    der::Reader reader(data);
    reader.read(der::kContext0);  // version
    if (const auto name = reader.read(der::kContext1)) {
      responder_ = parse_name(*name);
      if (!responder_) return "the name of the OCSP responder cannot be read";
    } else {
      const auto key = der::only(der::kOctetString, reader.read(kContext2).value_or(ByteView()));
      if (!key) return kUnreadable;
      responder_key_ = *key;
    }
    const auto produced = read_time(reader);
    const auto list = reader.read(der::kSequence);
    if (!produced || !list) return kUnreadable;
    issued_ = *produced;
    if (Taken problem = read_singles(*list)) return problem;
    if (const auto wrapped = reader.read(der::kContext1)) {
      const auto extensions = der::only(der::kSequence, *wrapped);
      if (!extensions) return kUnreadable;
      if (Taken problem = each_extension(*extensions, refuse_unknown)) return problem;
    }
    if (!reader.at_end()) return kUnreadable;
    return std::nullopt;
  }

  Taken read_singles(ByteView list) {
    der::Reader reader(list);
    while (!reader.at_end()) {
      const auto one = reader.read(der::kSequence);
      if (!one) return "the OCSP answer's list cannot be read";
      if (singles_.size() >= kMostAnswers) return "the OCSP answer is about too many certificates";
      Single single;
      if (Taken problem = read_single(*one, single)) return problem;
      singles_.push_back(std::move(single));
    }
    keeps_ended_since_ = common_cutoff();
    return index_singles();
  }

  // Sorted by their CertIDs, of each the newest one alone: a lookup costs the digests of one issuer by each hash, however many
  // there are.
  Taken index_singles() {
    std::ranges::stable_sort(singles_, [](const Single& a, const Single& b) {
      return a.id != b.id ? a.id < b.id : a.status.this_update > b.status.this_update;
    });
    const auto repeated = std::ranges::unique(singles_, {}, &Single::id);
    singles_.erase(repeated.begin(), repeated.end());
    std::size_t hashes = 0;
    std::optional<std::string_view> last;
    for (const Single& single : singles_) {
      if (last == single.id.hash) continue;
      last = single.id.hash;
      if (++hashes > kMostHashes) return "the OCSP answer uses too many hash functions";
      std::string dotted = oid_text(view_of(*last));
      if (is_computable(dotted)) hashes_.emplace_back(*last, std::move(dotted));
    }
    return std::nullopt;
  }

  bool names_key(std::string_view hash, const Bytes& key) const {
    const CertId least{hash, signet::text_of(key), {}, {}};
    const auto place = std::ranges::lower_bound(singles_, least, {}, &Single::id);
    return place != singles_.end() && place->id.hash == hash &&
           place->id.key_hash == signet::text_of(key);
  }

  // The latest; nothing where one of them has none.
  std::optional<Time> common_cutoff() const {
    std::optional<Time> latest;
    for (const Single& single : singles_) {
      if (!single.archive_cutoff) return std::nullopt;
      latest = latest ? std::max(*latest, *single.archive_cutoff) : single.archive_cutoff;
    }
    return latest;
  }

  bool is_responder(const Certificate& signer) const {
    if (responder_) return same_name(X509_get_subject_name(signer.x509()), responder_.get());
    constexpr const char* kSha1 = "1.3.14.3.2.26";  // RFC 6960, 4.2.1
    return equal(signer.digest(Certificate::Part::key_bits, kSha1), responder_key_);
  }

  // RFC 6960, 4.2.2.2.
  bool may_answer_for(const Certificate& signer, const Certificate& issuer) const {
    const bool is_issuer =
        signer.public_key() == issuer.public_key() &&
        same_name(X509_get_subject_name(signer.x509()), X509_get_subject_name(issuer.x509()));
    if (is_issuer) return true;
    const std::uint32_t purposes = X509_get_extended_key_usage(signer.x509());
    const bool delegated = purposes != UINT32_MAX && (purposes & XKU_OCSP_SIGN) != 0;
    return delegated && issuer.has_subject_of_issuer(signer) && is_issued_by(signer, issuer);
  }

  // Computed once for each pair.
  bool is_issued_by(const Certificate& signer, const Certificate& issuer) const {
    const MutexLock lock(mutex_);
    const auto pair = std::pair(signer.id(), issuer.id());
    const auto known = issued_by_.find(pair);
    if (known != issued_by_.end()) return known->second;
    if (issued_by_.size() >= kMostPairs) return false;
    return issued_by_[pair] = check_signature(signer.signature_algorithm(), crypto::Hash::none,
                                              issuer, signer.to_be_signed(), signer.signature())
                                  .good();
  }

  std::string responder_text() const {
    if (responder_) return name_text(responder_.get());
    const auto known = std::ranges::find_if(
        certificates_, [&](const CertificatePtr& one) { return is_responder(*one); });
    return known == certificates_.end() ? to_hex(responder_key_) : (*known)->subject_text();
  }

  NamePtr responder_;                                             // byName
  ByteView responder_key_;                                        // byKey: SHA-1 of the key
  std::vector<Single> singles_;                                   // sorted
  std::vector<std::pair<std::string_view, std::string>> hashes_;  // of theirs; also dotted
  mutable Mutex mutex_;
  mutable std::map<std::pair<ObjectId, ObjectId>, bool> issued_by_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace

Result<RevocationDataPtr, std::string> RevocationData::parse_ocsp(Bytes der) {
  if (der.size() > kLargestOcsp) return std::string("the OCSP answer is larger than 64 MiB");
  const auto ocsp = std::make_shared<Ocsp>(std::move(der));
  if (Taken problem = ocsp->read()) return *std::move(problem);
  return RevocationDataPtr(ocsp);
}

}  // namespace signet::validation
