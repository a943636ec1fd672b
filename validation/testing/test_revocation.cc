#include "validation/testing/test_revocation.h"

#include <stdexcept>

#include "crypto/der.h"
#include "crypto/spki.h"

namespace signet::validation::pki {

namespace {

constexpr std::uint8_t kEnumerated = 0x0A;
constexpr std::uint8_t kIssuerName = 0xA4;  // directoryName
constexpr const char* kReasonCode = "2.5.29.21";
constexpr const char* kInvalidityDate = "2.5.29.24";
constexpr const char* kCertificateIssuer = "2.5.29.29";

Bytes enumerated(int value) {
  const Bytes content = {static_cast<std::uint8_t>(value)};
  return der::encode(kEnumerated, content);
}

Bytes encode(const CrlEntry& entry) {
  std::vector<Extension> extensions = entry.extensions;
  if (entry.reason) extensions.push_back({kReasonCode, enumerated(*entry.reason)});
  if (entry.invalid_since)
    extensions.push_back({kInvalidityDate, generalized_time(*entry.invalid_since)});
  if (!entry.certificate_issuer.empty())
    extensions.push_back(
        {kCertificateIssuer,
         der::encode_sequence({der::encode(kIssuerName, entry.certificate_issuer)}), true});
  std::vector<Bytes> parts = {der::encode(der::kInteger, entry.serial), time(entry.revoked_at)};
  if (!extensions.empty()) parts.push_back(pki::encode(extensions));
  return der::encode_sequence(parts);
}

Bytes crl_around(const Party& signer, const CrlWish& wish, const Bytes& entries) {
  std::vector<Extension> extensions = wish.extensions;
  extensions.push_back(authority_key_identifier(*signer.key));
  if (wish.expired_since)
    extensions.push_back({"2.5.29.60", generalized_time(*wish.expired_since)});
  std::vector<Bytes> parts = {integer(1), signature_algorithm(*signer.key, wish.signature),
                              wish.issuer.value_or(signer.certificate->subject()),
                              time(wish.this_update)};
  if (wish.next_update) parts.push_back(time(*wish.next_update));
  if (!entries.empty()) parts.push_back(der::encode(der::kSequence, entries));
  parts.push_back(der::encode(der::kContext0, pki::encode(extensions)));
  return signed_structure(*signer.key, wish.signature, der::encode_sequence(parts));
}

Bytes encode_entries(const std::vector<CrlEntry>& entries) {
  Bytes all;
  for (const CrlEntry& entry : entries) der::append(all, encode(entry));
  return all;
}

Bytes cert_id(const OcspSingle& single) {
  const auto key = spki::read(single.issuer->public_key());
  if (!key) throw std::runtime_error("no key");
  return der::encode_sequence(
      {hash_algorithm(single.id_hash),
       der::encode(der::kOctetString, digest(single.id_hash, single.issuer->subject())),
       der::encode(der::kOctetString, digest(single.id_hash, key->key)),
       der::encode(der::kInteger, single.certificate->serial_number())});
}

Bytes status_of(const OcspSingle& single) {
  switch (single.status) {
    case OcspSingle::Status::good:
      return der::encode(0x80, {});
    case OcspSingle::Status::unknown:
      return der::encode(0x82, {});
    case OcspSingle::Status::revoked:
      break;
  }
  Bytes content = generalized_time(single.revoked_at);
  if (single.reason) der::append(content, der::encode(der::kContext0, enumerated(*single.reason)));
  return der::encode(der::kContext1, content);
}

Bytes encode(const OcspSingle& single, const Bytes& id) {
  std::vector<Bytes> parts = {id, status_of(single), generalized_time(single.this_update)};
  if (single.next_update)
    parts.push_back(der::encode(der::kContext0, generalized_time(*single.next_update)));
  std::vector<Extension> extensions = single.extensions;
  if (single.archive_cutoff)
    extensions.push_back({"1.3.6.1.5.5.7.48.1.6", generalized_time(*single.archive_cutoff)});
  if (!extensions.empty()) parts.push_back(der::encode(der::kContext1, pki::encode(extensions)));
  return der::encode_sequence(parts);
}

Bytes response_data(const Party& responder, const OcspWish& wish) {
  std::vector<Bytes> singles;
  singles.reserve(wish.answers.size());
  const OcspSingle* last = nullptr;
  Bytes cert;  // a CertID costs two digests: the same one is made once
  for (const OcspSingle& single : wish.answers) {
    const bool same = last != nullptr && last->certificate == single.certificate &&
                      last->issuer == single.issuer && last->id_hash == single.id_hash;
    if (!same) cert = cert_id(single);
    singles.push_back(encode(single, cert));
    last = &single;
  }
  const Bytes id =
      wish.by_key ? der::encode(0xA2, der::encode(der::kOctetString, responder.key->identifier))
                  : der::encode(der::kContext1, responder.certificate->subject());
  const Time produced = wish.produced_at.value_or(
      wish.answers.empty() ? at("2016-01-01") : wish.answers[0].this_update);
  std::vector<Bytes> parts = {id, generalized_time(produced), der::encode_sequence(singles)};
  std::vector<Extension> extensions = wish.extensions;
  if (wish.with_nonce) {
    const Bytes nonce(16, 0x5A);
    extensions.push_back({"1.3.6.1.5.5.7.48.1.2", der::encode(der::kOctetString, nonce)});
  }
  if (!extensions.empty()) parts.push_back(der::encode(der::kContext1, pki::encode(extensions)));
  return der::encode_sequence(parts);
}

}  // namespace

CrlEntry entry_of(const Certificate& certificate, Time revoked_at, std::optional<int> reason) {
  CrlEntry entry;
  entry.serial = certificate.serial_number();
  entry.revoked_at = revoked_at;
  entry.reason = reason;
  return entry;
}

Bytes crl(const Party& signer, const CrlWish& wish) {
  return crl_around(signer, wish, encode_entries(wish.entries));
}

Bytes large_crl(const Party& signer, const CrlWish& wish, std::size_t entries) {
  CrlEntry entry;
  entry.serial = {0x10, 0, 0, 0};
  entry.reason = 4;
  const Bytes pattern = encode(entry);
  constexpr std::size_t kSerial = 4;  // behind the headers of SEQUENCE and INTEGER
  Bytes all;
  all.reserve(pattern.size() * entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t start = all.size();
    der::append(all, pattern);
    for (std::size_t byte = 0; byte < 3; ++byte)
      all[start + kSerial + 1 + byte] = static_cast<std::uint8_t>(i >> (16 - 8 * byte));
  }
  der::append(all, encode_entries(wish.entries));
  return crl_around(signer, wish, all);
}

Extension issuing_distribution_point(const Scope& scope) {
  Bytes content;
  const auto flag = [&](bool set, std::uint8_t tag) {
    const Bytes yes = {0xFF};
    if (set) der::append(content, der::encode(tag, yes));
  };
  Bytes names = general_names_uri(scope.urls);
  if (!scope.directory_name.empty())
    der::append(names, der::encode(kIssuerName, scope.directory_name));
  if (!names.empty())
    der::append(content, der::encode(der::kContext0, der::encode(der::kContext0, names)));
  flag(scope.user_only, 0x81);
  flag(scope.ca_only, 0x82);
  if (!scope.reasons.empty()) {
    constexpr std::uint8_t kReasons = 0x83;
    Bytes bits = {0, 0, 0};
    for (const unsigned bit : scope.reasons)
      bits[1 + bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if (bits[2] == 0) bits.pop_back();
    while (((bits.back() >> bits[0]) & 1U) == 0) ++bits[0];
    der::append(content, der::encode(kReasons, bits));
  }
  flag(scope.indirect, 0x84);
  flag(scope.attribute_only, 0x85);
  return {"2.5.29.28", der::encode(der::kSequence, content), true};
}

Extension delta_crl(std::int64_t base_number) {
  return {"2.5.29.27", integer(base_number), true};
}

OcspSingle good(const Party& certificate, const Party& issuer, Time this_update,
                std::optional<Time> next_update) {
  OcspSingle single;
  single.certificate = certificate.certificate;
  single.issuer = issuer.certificate;
  single.this_update = this_update;
  single.next_update = next_update;
  return single;
}

Bytes basic_ocsp(const Party& responder, const OcspWish& wish) {
  const Bytes data = response_data(responder, wish);
  Bytes bits = {0};
  der::append(bits, sign(*responder.key, wish.signature, data));
  std::vector<Bytes> parts = {data, signature_algorithm(*responder.key, wish.signature),
                              der::encode(der::kBitString, bits)};
  std::vector<Bytes> certificates = wish.certificates;
  if (wish.with_certificate) certificates.insert(certificates.begin(), responder.der());
  if (!certificates.empty())
    parts.push_back(der::encode(der::kContext0, der::encode_sequence(certificates)));
  return der::encode_sequence(parts);
}

Bytes ocsp(const Party& responder, const OcspWish& wish) {
  const Bytes bytes = der::encode_sequence(
      {oid("1.3.6.1.5.5.7.48.1.1"), der::encode(der::kOctetString, basic_ocsp(responder, wish))});
  return der::encode_sequence({enumerated(0), der::encode(der::kContext0, bytes)});
}

Bytes ocsp_refusal(int status) {
  return der::encode_sequence({enumerated(status)});
}

}  // namespace signet::validation::pki
