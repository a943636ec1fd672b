#include "validation/reliability.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "common/clock.h"
#include "crypto/algorithm_table.h"
#include "crypto/object_identifier.h"
#include "crypto/signature_algorithm.h"
#include "crypto/signature_names.h"
#include "validation/algorithm_name.h"

namespace signet::validation {

namespace {

using crypto::Hash;
using crypto::SignatureKind;
using crypto::Suitability;
using crypto::Suite;

constexpr Sentence kForeseen{
    "{0} is foreseen to be good enough no longer than {1} (suite {2})",
    "algoritmus {0} má podle předpokladu vyhovovat nejdéle do {1} (sada {2})"};
constexpr Sentence kOtherSuite{"{0} is not listed in the suite {1}, only in {2}",
                               "algoritmus {0} není uveden v sadě {1}, jen v {2}"};

// One thing that a suite can say something of.
struct Part {
  std::string name;
  std::function<Suitability(const Suite&)> of;
};

Part hash_part(const std::string& oid) {
  return {algorithm_name(oid), [oid](const Suite& suite) { return suite.of_identifier(oid); }};
}

std::string suite_name(const std::shared_ptr<const Suite>& suite) {
  return suite ? suite->name() : "-";
}

std::optional<Time> earlier(const std::optional<Time>& a, const std::optional<Time>& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// The clock's last moment where it cannot hold the day.
Time moment_of(crypto::Day day) {
  return wall_time(
      std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count());
}

// What ends after the suite was issued was foreseen, and can still be moved: it warns.
void add_listed(const Suite& suite, const Suitability& found, const std::string& name,
                Reliability& reliability) {
  if (!found.end) return;
  const Time end = moment_of(*found.end);
  const Time last = end - std::chrono::seconds(1);
  reliability.foreseen_end = earlier(reliability.foreseen_end, last);
  if (*found.end > suite.issued()) {
    reliability.warnings.push_back(say(kForeseen, name, last, suite.name()));
  } else {
    reliability.end = earlier(reliability.end, end);
  }
}

void add(const Policy& policy, const Part& part, Reliability& reliability) {
  if (policy.suite) {
    const Suitability found = part.of(*policy.suite);
    if (found.listed) return add_listed(*policy.suite, found, part.name, reliability);
  }
  if (policy.other) {
    const Suitability found = part.of(*policy.other);
    if (found.listed) {
      reliability.warnings.push_back(
          say(kOtherSuite, part.name, suite_name(policy.suite), policy.other->name()));
      return add_listed(*policy.other, found, part.name, reliability);
    }
  }
  reliability.end = Time::min();
}

std::string oid_of_hash(Hash hash) {
  return hash == Hash::none ? std::string() : crypto::dotted(crypto::row_of(hash).oid);
}

// The identifier by which suites list RSA and ECDSA with that hash; empty: they do not.
std::string listed_oid(const crypto::SignatureAlgorithm& algorithm, const std::string& hash_oid) {
  const bool rsa = algorithm.kind == SignatureKind::rsa_pkcs1;
  if (!rsa && algorithm.kind != SignatureKind::ecdsa) return algorithm.oid;
  const auto row = std::ranges::find_if(crypto::kRealHashes, [&](const crypto::HashRow& each) {
    return crypto::dotted(each.oid) == hash_oid;
  });
  if (row == crypto::kRealHashes.end()) return algorithm.oid;
  return crypto::signature_oid(rsa ? crypto::Scheme::rsa_pkcs1 : crypto::Scheme::ecdsa, row->hash);
}

Part signature_part(const crypto::SignatureAlgorithm& algorithm, const std::string& hash_oid,
                    const KeyOutline& key) {
  const std::string oid = listed_oid(algorithm, hash_oid);
  switch (algorithm.kind) {
    case SignatureKind::rsa_pkcs1:
    case SignatureKind::rsa_pss:
      return {key.name(),
              [oid, key](const Suite& suite) { return suite.of_identifier(oid, key.bits); }};
    case SignatureKind::dsa:  // listed by its keys
      return {key.name(),
              [key](const Suite& suite) { return suite.of_identifier(key.oid, key.bits); }};
    case SignatureKind::ecdsa:
      return {"ECDSA " + key.name(),
              [oid, key](const Suite& suite) { return suite.of_ecdsa(oid, key.curve, key.bits); }};
    case SignatureKind::ed25519:
    case SignatureKind::ed448:
    case SignatureKind::unknown:
      break;
  }
  return {algorithm_name(oid), [oid](const Suite& suite) { return suite.of_identifier(oid); }};
}

bool uses_hash(SignatureKind kind) {
  return kind != SignatureKind::ed25519 && kind != SignatureKind::ed448 &&
         kind != SignatureKind::unknown;
}

}  // namespace

Reliability reliability_of_hash(const Policy& policy, Hash hash, const std::string& oid) {
  Reliability reliability;
  const Part part = hash_part(oid.empty() ? oid_of_hash(hash) : oid);
  reliability.algorithm = part.name;
  add(policy, part, reliability);
  return reliability;
}

Reliability reliability_of_signature(const Policy& policy, ByteView algorithm_der, Hash hash,
                                     ByteView public_key) {
  Reliability reliability;
  const auto algorithm = crypto::read_signature_algorithm(algorithm_der);
  const KeyOutline key = key_outline(public_key);
  if (!algorithm) {
    reliability.algorithm = key.name();
    reliability.end = Time::min();
    return reliability;
  }
  const std::string hash_oid =
      algorithm->hash_oid.empty() ? oid_of_hash(hash) : algorithm->hash_oid;
  const Part signature = signature_part(*algorithm, hash_oid, key);
  reliability.algorithm = signature.name;
  add(policy, signature, reliability);
  if (!uses_hash(algorithm->kind)) return reliability;
  const Part of_hash = hash_part(hash_oid);
  if (algorithm->kind == SignatureKind::rsa_pss) reliability.algorithm += " (PSS)";
  reliability.algorithm += " with " + of_hash.name;
  add(policy, of_hash, reliability);
  const std::string& mgf = algorithm->mgf_hash_oid;
  if (algorithm->kind == SignatureKind::rsa_pss && mgf != hash_oid) {
    const Part of_mgf = hash_part(mgf);
    reliability.algorithm += ", MGF1 with " + of_mgf.name;
    add(policy, of_mgf, reliability);
  }
  return reliability;
}

}  // namespace signet::validation
