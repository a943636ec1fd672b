#include "crypto/signature_algorithm.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/object_identifier.h"
#include "crypto/signature_names.h"

namespace signet::crypto {

namespace {

constexpr const char* kMgf1 = "1.2.840.113549.1.1.8";
constexpr std::size_t kDefaultSalt = 20;  // RFC 4055, 3.1
constexpr std::size_t kLongestSalt = 512;
constexpr std::uint8_t kContext2 = 0xA2;
constexpr std::uint8_t kContext3 = 0xA3;

// Names that only a reader meets; what is made here is in signature_names.h.
struct ReadName {
  std::string_view oid;
  SignatureKind kind;
  std::string_view hash_oid;  // empty: it does not say
};

constexpr std::string_view kSha1 = "1.3.14.3.2.26";

constexpr std::array kReadNames = {
    ReadName{"1.2.840.113549.1.1.2", SignatureKind::rsa_pkcs1, "1.2.840.113549.2.2"},  // MD2
    ReadName{"1.2.840.113549.1.1.4", SignatureKind::rsa_pkcs1, "1.2.840.113549.2.5"},  // MD5
    ReadName{"1.3.14.3.2.29", SignatureKind::rsa_pkcs1, kSha1},
    ReadName{"1.3.36.3.3.1.2", SignatureKind::rsa_pkcs1, "1.3.36.3.2.1"},  // RIPEMD-160
    ReadName{"2.16.840.1.101.3.4.3.13", SignatureKind::rsa_pkcs1, "2.16.840.1.101.3.4.2.7"},
    ReadName{"2.16.840.1.101.3.4.3.9", SignatureKind::ecdsa, "2.16.840.1.101.3.4.2.7"},
    ReadName{"1.2.840.10040.4.1", SignatureKind::dsa, ""},
    ReadName{"1.2.840.10040.4.3", SignatureKind::dsa, kSha1},
    ReadName{"1.3.14.3.2.27", SignatureKind::dsa, kSha1},
    ReadName{"2.16.840.1.101.3.4.3.1", SignatureKind::dsa, "2.16.840.1.101.3.4.2.4"},
    ReadName{"2.16.840.1.101.3.4.3.2", SignatureKind::dsa, "2.16.840.1.101.3.4.2.1"},
    ReadName{"2.16.840.1.101.3.4.3.3", SignatureKind::dsa, "2.16.840.1.101.3.4.2.2"},
    ReadName{"2.16.840.1.101.3.4.3.4", SignatureKind::dsa, "2.16.840.1.101.3.4.2.3"},
    ReadName{"2.16.840.1.101.3.4.3.5", SignatureKind::dsa, "2.16.840.1.101.3.4.2.7"},
    ReadName{"2.16.840.1.101.3.4.3.6", SignatureKind::dsa, "2.16.840.1.101.3.4.2.8"},
    ReadName{"2.16.840.1.101.3.4.3.7", SignatureKind::dsa, "2.16.840.1.101.3.4.2.9"},
    ReadName{"2.16.840.1.101.3.4.3.8", SignatureKind::dsa, "2.16.840.1.101.3.4.2.10"},
    ReadName{"1.3.101.113", SignatureKind::ed448, ""},
};

SignatureKind kind_of(Scheme scheme) {
  switch (scheme) {
    case Scheme::rsa_pkcs1:
      return SignatureKind::rsa_pkcs1;
    case Scheme::ecdsa:
      return SignatureKind::ecdsa;
    case Scheme::eddsa:
      return SignatureKind::ed25519;
    case Scheme::rsa_pss:
    case Scheme::rsa_raw:
      break;
  }
  return SignatureKind::unknown;
}

Hash hash_named(std::string_view oid) {
  const auto row = std::ranges::find_if(
      kRealHashes, [&](const HashRow& each) { return dotted(each.oid) == oid; });
  return row == kRealHashes.end() ? Hash::none : row->hash;
}

struct Identifier {
  std::string oid;
  ByteView parameters;  // DER, or empty
};

std::optional<Identifier> read_identifier(ByteView der) {
  const auto parts = der::only(der::kSequence, der);
  if (!parts) return std::nullopt;
  der::Reader reader(*parts);
  const auto oid = reader.read_whole(der::kObjectIdentifier);
  if (!oid) return std::nullopt;
  Identifier found{dotted(*oid), parts->subspan(oid->size())};
  if (found.oid.empty() || (reader.read_any() && !reader.at_end())) return std::nullopt;
  return found;
}

// A small number in [tag], explicit; `otherwise` where it is absent.
std::optional<std::size_t> read_number(der::Reader& reader, std::uint8_t tag,
                                       std::size_t otherwise) {
  if (!reader.next_is(tag)) return otherwise;
  const auto content = der::only(der::kInteger, reader.read(tag).value_or(ByteView()));
  if (!content || content->empty() || content->size() > 2 || ((*content)[0] & 0x80U) != 0)
    return std::nullopt;
  std::size_t number = 0;
  for (const std::uint8_t byte : *content) number = number << 8U | byte;
  return number;
}

// An AlgorithmIdentifier of a hash in [tag], explicit; SHA-1 where it is absent.
std::optional<std::string> read_hash(der::Reader& reader, std::uint8_t tag) {
  if (!reader.next_is(tag)) return std::string(kSha1);
  const auto identifier = read_identifier(reader.read(tag).value_or(ByteView()));
  if (!identifier) return std::nullopt;
  return identifier->oid;
}

std::optional<std::string> read_mgf_hash(der::Reader& reader) {
  if (!reader.next_is(der::kContext1)) return std::string(kSha1);
  const auto generator = read_identifier(reader.read(der::kContext1).value_or(ByteView()));
  if (!generator || generator->oid != kMgf1) return std::nullopt;
  const auto hash = read_identifier(generator->parameters);
  if (!hash) return std::nullopt;
  return hash->oid;
}

}  // namespace

std::optional<Scheme> scheme_of(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::rsa_pkcs1:
      return Scheme::rsa_pkcs1;
    case SignatureKind::rsa_pss:
      return Scheme::rsa_pss;
    case SignatureKind::ecdsa:
      return Scheme::ecdsa;
    case SignatureKind::ed25519:
      return Scheme::eddsa;
    case SignatureKind::dsa:
    case SignatureKind::ed448:
    case SignatureKind::unknown:
      break;
  }
  return std::nullopt;
}

std::optional<SignatureAlgorithm> read_pss_parameters(ByteView der) {
  const auto content = der::only(der::kSequence, der);
  if (!content) return std::nullopt;
  der::Reader reader(*content);
  const auto hash = read_hash(reader, der::kContext0);
  const auto mgf_hash = read_mgf_hash(reader);
  const auto salt = read_number(reader, kContext2, kDefaultSalt);
  const auto trailer = read_number(reader, kContext3, 1);
  if (!hash || !mgf_hash || !salt || *salt > kLongestSalt || trailer != 1 || !reader.at_end())
    return std::nullopt;
  return SignatureAlgorithm{
      kPssOid,   SignatureKind::rsa_pss, *hash, hash_named(*hash),
      *mgf_hash, hash_named(*mgf_hash),  *salt,
  };
}

std::optional<SignatureAlgorithm> read_signature_algorithm(ByteView der) {
  const auto identifier = read_identifier(der);
  if (!identifier) return std::nullopt;
  if (identifier->oid == kPssOid) return read_pss_parameters(identifier->parameters);
  SignatureAlgorithm found;
  found.oid = identifier->oid;
  const auto* const made = std::ranges::find(kSignatureNames, found.oid, &SignatureName::oid);
  if (made != kSignatureNames.end()) {
    found.kind = kind_of(made->scheme);
    found.hash = made->hash;
    if (made->hash != Hash::none) found.hash_oid = dotted(row_of(made->hash).oid);
    return found;
  }
  const auto* const read = std::ranges::find(kReadNames, found.oid, &ReadName::oid);
  if (read != kReadNames.end()) {
    found.kind = read->kind;
    found.hash_oid = read->hash_oid;
    found.hash = hash_named(read->hash_oid);
  }
  return found;
}

}  // namespace signet::crypto
