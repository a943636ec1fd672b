#include "validation/trusted_lists/service_index.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>

#include "crypto/certificate_parts.h"
#include "crypto/der.h"
#include "crypto/openssl.h"

namespace signet::validation {

namespace {

ObjectId identity_of(ByteView public_key, ByteView subject) {
  return ObjectId::of(der::concat(public_key, subject));
}

// SHA-1 of the bits of the subjectPublicKey, without the octet that says how many are unused.
Bytes key_identifier_of(ByteView public_key) {
  const auto content = der::only(der::kSequence, public_key);
  if (!content) return {};
  der::Reader reader(*content);
  if (!reader.read(der::kSequence)) return {};
  const auto bits = reader.read(der::kBitString);
  if (!bits || bits->empty()) return {};
  constexpr std::size_t sha1_size = 20;
  Bytes digest(sha1_size);
  std::size_t size = 0;
  const ByteView key = bits->subspan(1);
  if (EVP_Q_digest(crypto::library_context(), "SHA-1", nullptr, key.data(), key.size(),
                   digest.data(), &size) != 1)
    return {};
  return digest;
}

void add_once(std::vector<ListedService>& to, const ListedService& one) {
  if (std::ranges::none_of(
          to, [&](const ListedService& there) { return there.service == one.service; }))
    to.push_back(one);
}

}  // namespace

void ServiceIndex::add(const LoadedList& list) {
  if (!list.list) return;
  for (const Service& service : list.list->services) {
    const ListedService listed{&list, &service};
    bool has_certificate = false;
    for (const Bytes& der : service.certificates) {
      const auto parts = crypto::parse_certificate(der);
      if (!parts) continue;
      has_certificate = true;
      by_certificate_.emplace(identity_of(parts->public_key, parts->subject), listed);
    }
    if (has_certificate) continue;
    for (const Bytes& identifier : service.key_identifiers)
      by_key_identifier_.emplace(identifier, listed);
  }
}

std::vector<ListedService> ServiceIndex::services_with(const Certificate& certificate) const {
  std::vector<ListedService> found;
  const auto [first, last] =
      by_certificate_.equal_range(identity_of(certificate.public_key(), certificate.subject()));
  for (auto at = first; at != last; ++at) add_once(found, at->second);
  if (by_key_identifier_.empty()) return found;
  const auto [first_key, last_key] =
      by_key_identifier_.equal_range(key_identifier_of(certificate.public_key()));
  for (auto at = first_key; at != last_key; ++at) add_once(found, at->second);
  return found;
}

ServiceIndex::Match ServiceIndex::nearest(const std::vector<CertificatePtr>& chain,
                                          std::size_t first, const char* type) const {
  for (std::size_t i = first; i < chain.size(); ++i) {
    Match match{i, services_with(*chain[i])};
    std::erase_if(match.services,
                  [&](const ListedService& one) { return !one.service->is_of_type(type); });
    if (!match.services.empty()) return match;
  }
  return {};
}

}  // namespace signet::validation
