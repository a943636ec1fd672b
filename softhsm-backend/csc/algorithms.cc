#include "softhsm-backend/csc/algorithms.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

#include "crypto/algorithm_table.h"
#include "crypto/object_identifier.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/key_types.h"

namespace signet::emulator::csc {

namespace {

struct AlgorithmName {
  std::string_view oid;
  std::string_view algorithm;  // of key_types.h
  std::string_view hash;       // of key_types.h; empty: the request names it
  std::string_view curve;      // of key_types.h; empty: RSA
  SignatureForm form;
};

constexpr auto kAlgorithmNames = std::to_array<AlgorithmName>({
    {"1.2.840.113549.1.1.1", kRsaPkcs1, "", "", SignatureForm::as_it_is},
    {"1.2.840.113549.1.1.11", kRsaPkcs1, "SHA-256", "", SignatureForm::as_it_is},
    {"1.2.840.113549.1.1.12", kRsaPkcs1, "SHA-384", "", SignatureForm::as_it_is},
    {"1.2.840.113549.1.1.13", kRsaPkcs1, "SHA-512", "", SignatureForm::as_it_is},
    {"1.2.840.113549.1.1.10", kRsaPss, "", "", SignatureForm::as_it_is},
    {"1.2.840.10045.4.3.2", kEcdsa, "SHA-256", "P-256", SignatureForm::der},
    {"0.4.0.127.0.7.1.1.4.1.3", kEcdsa, "SHA-256", "P-256", SignatureForm::concatenated},
    {"1.2.840.10045.4.3.3", kEcdsa, "SHA-384", "P-384", SignatureForm::der},
    {"0.4.0.127.0.7.1.1.4.1.4", kEcdsa, "SHA-384", "P-384", SignatureForm::concatenated},
    {"1.2.840.10045.4.3.4", kEcdsa, "SHA-512", "P-521", SignatureForm::der},
    {"0.4.0.127.0.7.1.1.4.1.5", kEcdsa, "SHA-512", "P-521", SignatureForm::concatenated},
});

struct HashName {
  std::string_view oid;
  std::string_view hash;
};

constexpr auto kHashNames = std::to_array<HashName>({{"1.3.14.3.2.26", "SHA-1"},
                                                     {"2.16.840.1.101.3.4.2.4", "SHA-224"},
                                                     {"2.16.840.1.101.3.4.2.1", "SHA-256"},
                                                     {"2.16.840.1.101.3.4.2.2", "SHA-384"},
                                                     {"2.16.840.1.101.3.4.2.3", "SHA-512"}});

struct CurveName {
  std::string_view curve;
  std::string_view oid;
};

constexpr auto kCurveNames = std::to_array<CurveName>(
    {{"P-256", "1.2.840.10045.3.1.7"}, {"P-384", "1.3.132.0.34"}, {"P-521", "1.3.132.0.35"}});

// The name of a hash in key_types.h; empty: not known.
std::string_view hash_named(std::string_view oid) {
  const auto* const found = std::ranges::find(kHashNames, oid, &HashName::oid);
  return found == kHashNames.end() ? std::string_view() : found->hash;
}

std::size_t size_of(std::string_view hash) {
  return digest_size(named(kHashes, hash)->hash);
}

using PssParameters = std::unique_ptr<RSA_PSS_PARAMS, decltype(&RSA_PSS_PARAMS_free)>;
using Algorithm = std::unique_ptr<X509_ALGOR, decltype(&X509_ALGOR_free)>;

std::string oid_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return crypto::dotted(object);
}

// The hash that an AlgorithmIdentifier names; SHA-1 is the default of all of them (RFC 4055, 3.1).
std::string_view hash_in(const X509_ALGOR* algorithm) {
  return algorithm == nullptr ? "SHA-1" : hash_named(oid_of(algorithm));
}

std::string_view mask_hash_in(const X509_ALGOR* mask) {
  if (mask == nullptr) return "SHA-1";
  const ASN1_OBJECT* object = nullptr;
  const void* value = nullptr;
  int type = 0;
  X509_ALGOR_get0(&object, &type, &value, mask);
  if (OBJ_obj2nid(object) != NID_mgf1 || type != V_ASN1_SEQUENCE) return {};
  const auto* const sequence = static_cast<const ASN1_STRING*>(value);
  const unsigned char* at = ASN1_STRING_get0_data(sequence);
  const unsigned char* const end = at + ASN1_STRING_length(sequence);
  const Algorithm inner(d2i_X509_ALGOR(nullptr, &at, ASN1_STRING_length(sequence)),
                        X509_ALGOR_free);
  return inner == nullptr || at != end ? std::string_view() : hash_in(inner.get());
}

struct Pss {
  std::string_view hash;  // of the message and of the mask alike
  std::int64_t salt_length = 0;
};

// RSASSA-PSS-params; nothing where the token could not sign so.
std::optional<Pss> read_pss(ByteView der) {
  constexpr std::int64_t usual_salt = 20;
  const unsigned char* at = der.data();
  const PssParameters parameters(d2i_RSA_PSS_PARAMS(nullptr, &at, static_cast<long>(der.size())),
                                 RSA_PSS_PARAMS_free);
  ERR_clear_error();
  if (parameters == nullptr || at != der.data() + der.size()) return std::nullopt;
  Pss pss{.hash = hash_in(parameters->hashAlgorithm), .salt_length = usual_salt};
  if (pss.hash.empty() || mask_hash_in(parameters->maskGenAlgorithm) != pss.hash) {
    return std::nullopt;
  }
  const auto number = [](const ASN1_INTEGER* integer, std::int64_t otherwise) {
    std::int64_t value = otherwise;
    return integer == nullptr || ASN1_INTEGER_get_int64(&value, integer) == 1 ? value : -1;
  };
  pss.salt_length = number(parameters->saltLength, usual_salt);
  if (pss.salt_length < 0 || number(parameters->trailerField, 1) != 1) return std::nullopt;
  return pss;
}

// hashAlgorithmOID of version 2, hashAlgo of version 1; nothing where neither is there.
Outcome<std::optional<std::string_view>> hash_asked_for(const boost::json::object& body) {
  for (const char* const name : {"hashAlgorithmOID", "hashAlgo"}) {
    const auto* const member = body.if_contains(name);
    if (member == nullptr || member->is_null()) continue;
    if (!member->is_string()) {
      return invalid(std::string("Missing (or invalid type) string parameter ") + name);
    }
    const std::string_view hash = hash_named(member->get_string());
    if (hash.empty()) return invalid(std::string("Invalid parameter ") + name);
    return std::optional(hash);
  }
  return std::optional<std::string_view>();
}

Refused no_hash() {
  return invalid("Missing (or invalid type) string parameter hashAlgorithmOID");
}

// The hash of an order, where the parameters name one, too: both must be the same.
Outcome<std::string_view> hash_of_pss(const boost::json::object& body,
                                      std::optional<std::string_view> asked, Order& order) {
  BOOST_OUTCOME_TRY(const std::string text, required_text(body, "signAlgoParams"));
  const auto der = from_base64(text);
  const auto pss = der ? read_pss(*der) : std::nullopt;
  if (!pss || pss->hash != asked.value_or(pss->hash)) {
    return invalid("Invalid parameter signAlgoParams");
  }
  order.salt_length = pss->salt_length;
  return pss->hash;
}

}  // namespace

std::vector<std::string_view> algorithms_of(const KeyRow& key) {
  std::vector<std::string_view> oids;
  for (const AlgorithmName& row : kAlgorithmNames) {
    if (row.curve == key.curve) oids.push_back(row.oid);
  }
  return oids;
}

std::vector<std::string_view> all_algorithms() {
  std::vector<std::string_view> oids;
  for (const AlgorithmName& row : kAlgorithmNames) oids.push_back(row.oid);
  return oids;
}

std::string_view curve_oid(const KeyRow& key) {
  const auto* const found = std::ranges::find(kCurveNames, key.curve, &CurveName::curve);
  return found == kCurveNames.end() ? std::string_view() : found->oid;
}

Outcome<Order> read_order(const boost::json::object& body, const KeyRow& key) {
  Order order;
  BOOST_OUTCOME_TRY(order.digests, hashes_in(body, {"hashes", "hash"}));
  if (order.digests.empty()) return invalid("Missing (or invalid type) array parameter hashes");
  BOOST_OUTCOME_TRY(const std::string oid, required_text(body, "signAlgo"));
  const auto* const row = std::ranges::find(kAlgorithmNames, oid, &AlgorithmName::oid);
  if (row == kAlgorithmNames.end() || row->curve != key.curve) {
    return invalid("Invalid parameter signAlgo");
  }
  order.algorithm = named(kAlgorithms, row->algorithm);
  order.form = row->form;
  std::string_view hash = row->hash;
  if (hash.empty()) {
    BOOST_OUTCOME_TRY(const auto asked, hash_asked_for(body));
    if (row->algorithm == kRsaPss) {
      BOOST_OUTCOME_TRY(hash, hash_of_pss(body, asked, order));
    } else {
      if (!asked) return no_hash();
      hash = *asked;
    }
  }
  order.hash_name = hash;
  order.hash = named(kHashes, hash);
  const std::size_t size = size_of(hash);
  for (const Bytes& digest : order.digests) {
    if (digest.size() != size) return invalid("Invalid digest value length");
  }
  if (!fit_to_key(order, key)) return invalid("Invalid parameter signAlgoParams");
  return order;
}

Outcome<std::vector<Bytes>> hashes_to_authorize(const boost::json::object& body) {
  BOOST_OUTCOME_TRY(auto hashes, hashes_in(body, {"hashes", "hash"}));
  BOOST_OUTCOME_TRY(const auto asked, hash_asked_for(body));
  if (hashes.empty()) return hashes;
  // The member of version 2 comes with its algorithm (11.6).
  const auto* const named_by_version_2 = body.if_contains("hashes");
  if (named_by_version_2 != nullptr && !named_by_version_2->is_null() && !asked) return no_hash();
  const auto fits = [&](const Bytes& hash) {
    if (asked) return hash.size() == size_of(*asked);
    return std::ranges::any_of(
        kHashNames, [&](const HashName& row) { return hash.size() == size_of(row.hash); });
  };
  if (!std::ranges::all_of(hashes, fits)) return invalid("Invalid digest value length");
  return hashes;
}

}  // namespace signet::emulator::csc
