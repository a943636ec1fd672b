#include "dsa-transport/csc/algorithms.h"

#include <algorithm>
#include <array>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"

namespace signet::transport::csc {

namespace {

constexpr std::array kAlgorithms = std::to_array<AlgorithmRow>({
    {"1.2.840.113549.1.1.1", Scheme::rsa_pkcs1, Hash::none, Encoding::as_it_is},
    {"1.2.840.113549.1.1.5", Scheme::rsa_pkcs1, Hash::sha1, Encoding::as_it_is},
    {"1.2.840.113549.1.1.14", Scheme::rsa_pkcs1, Hash::sha224, Encoding::as_it_is},
    {"1.2.840.113549.1.1.11", Scheme::rsa_pkcs1, Hash::sha256, Encoding::as_it_is},
    {"1.2.840.113549.1.1.12", Scheme::rsa_pkcs1, Hash::sha384, Encoding::as_it_is},
    {"1.2.840.113549.1.1.13", Scheme::rsa_pkcs1, Hash::sha512, Encoding::as_it_is},
    {"1.2.840.113549.1.1.10", Scheme::rsa_pss, Hash::none, Encoding::as_it_is},
    {"1.2.840.10045.2.1", Scheme::ecdsa, Hash::none, Encoding::der},
    {"1.2.840.10045.4.1", Scheme::ecdsa, Hash::sha1, Encoding::der},
    {"1.2.840.10045.4.3.1", Scheme::ecdsa, Hash::sha224, Encoding::der},
    {"1.2.840.10045.4.3.2", Scheme::ecdsa, Hash::sha256, Encoding::der},
    {"1.2.840.10045.4.3.3", Scheme::ecdsa, Hash::sha384, Encoding::der},
    {"1.2.840.10045.4.3.4", Scheme::ecdsa, Hash::sha512, Encoding::der},
    {"0.4.0.127.0.7.1.1.4.1.1", Scheme::ecdsa, Hash::sha1, Encoding::concatenated},
    {"0.4.0.127.0.7.1.1.4.1.2", Scheme::ecdsa, Hash::sha224, Encoding::concatenated},
    {"0.4.0.127.0.7.1.1.4.1.3", Scheme::ecdsa, Hash::sha256, Encoding::concatenated},
    {"0.4.0.127.0.7.1.1.4.1.4", Scheme::ecdsa, Hash::sha384, Encoding::concatenated},
    {"0.4.0.127.0.7.1.1.4.1.5", Scheme::ecdsa, Hash::sha512, Encoding::concatenated},
});

struct HashName {
  Hash hash;
  std::string_view oid;
};

constexpr std::array kHashes = {HashName{Hash::none, ""},
                                HashName{Hash::sha1, "1.3.14.3.2.26"},
                                HashName{Hash::sha224, "2.16.840.1.101.3.4.2.4"},
                                HashName{Hash::sha256, "2.16.840.1.101.3.4.2.1"},
                                HashName{Hash::sha384, "2.16.840.1.101.3.4.2.2"},
                                HashName{Hash::sha512, "2.16.840.1.101.3.4.2.3"},
                                HashName{Hash::sha3_224, "2.16.840.1.101.3.4.2.7"},
                                HashName{Hash::sha3_256, "2.16.840.1.101.3.4.2.8"},
                                HashName{Hash::sha3_384, "2.16.840.1.101.3.4.2.9"},
                                HashName{Hash::sha3_512, "2.16.840.1.101.3.4.2.10"}};
static_assert(crypto::is_complete(kHashes, &HashName::hash, crypto::kLastHash));

constexpr std::uint8_t kMgf1[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                  0xF7, 0x0D, 0x01, 0x01, 0x08};  // RFC 8017, A.2.1

// AlgorithmIdentifier with NULL parameters.
Bytes hash_identifier(Hash hash) {
  constexpr std::uint8_t null[] = {der::kNull, 0};
  return der::encode(der::kSequence, der::concat(crypto::row_of(hash).oid, null));
}

Bytes integer(std::size_t value) {
  Bytes octets;
  for (; value != 0; value >>= 8U) octets.insert(octets.begin(), static_cast<std::uint8_t>(value));
  if (octets.empty()) return der::encode(der::kInteger, Bytes(1, 0));
  return der::encode_positive(octets);
}

std::optional<Bytes> concatenated(ByteView der, std::size_t size) {
  const auto content = der::only(der::kSequence, der);
  if (!content) return std::nullopt;
  der::Reader reader(*content);
  const auto r = reader.read_positive();
  const auto s = reader.read_positive();
  if (!r || !s || !reader.at_end() || r->size() > size / 2 || s->size() > size / 2) {
    return std::nullopt;
  }
  Bytes both(size, 0);
  std::ranges::copy(*r, both.begin() + static_cast<std::ptrdiff_t>(size / 2 - r->size()));
  std::ranges::copy(*s, both.begin() + static_cast<std::ptrdiff_t>(size - s->size()));
  return both;
}

}  // namespace

const AlgorithmRow* find_algorithm(std::string_view oid) {
  const auto* const found = std::ranges::find(kAlgorithms, oid, &AlgorithmRow::oid);
  return found == kAlgorithms.end() ? nullptr : found;
}

std::string_view oid_of(Hash hash) {
  return kHashes[static_cast<std::size_t>(hash)].oid;
}

const AlgorithmRow* choose_algorithm(const std::vector<std::string>& offered, Scheme scheme,
                                     Hash hash) {
  const auto rank = [&](const AlgorithmRow& row) {
    return (row.hash == hash ? 2 : 0) + (row.encoding == Encoding::concatenated ? 0 : 1);
  };
  const AlgorithmRow* best = nullptr;
  for (const std::string& oid : offered) {
    const AlgorithmRow* const row = find_algorithm(oid);
    if (row == nullptr || row->scheme != scheme) continue;
    if (row->hash != Hash::none && row->hash != hash) continue;
    if (best == nullptr || rank(*row) > rank(*best)) best = row;
  }
  return best;
}

Bytes pss_parameters(Hash hash, std::size_t salt_length) {
  const auto tagged = [](unsigned number, const Bytes& content) {
    return der::encode(static_cast<std::uint8_t>(der::kContext0 + number), content);
  };
  const Bytes mgf = der::encode(der::kSequence, der::concat(kMgf1, hash_identifier(hash)));
  const Bytes first = der::concat(tagged(0, hash_identifier(hash)), tagged(1, mgf));
  return der::encode(der::kSequence, der::concat(first, tagged(2, integer(salt_length))));
}

std::optional<Bytes> signature_of(Bytes value, Encoding encoding, std::size_t size) {
  if (encoding == Encoding::as_it_is) {
    return value.size() == size ? std::optional(std::move(value)) : std::nullopt;
  }
  const bool fits = value.size() == size;
  if (encoding == Encoding::concatenated && fits) return value;
  if (auto both = concatenated(value, size)) return both;
  return fits ? std::optional(std::move(value)) : std::nullopt;
}

}  // namespace signet::transport::csc
