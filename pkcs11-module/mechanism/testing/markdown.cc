#include "pkcs11-module/mechanism/testing/markdown.h"

#include <fmt/format.h>

#include "crypto/mechanism.h"

namespace signet::mechanism {

namespace {

using crypto::Hash;

std::string functions(const crypto::Mechanism& row) {
  if ((row.flags & CKF_DIGEST) != 0) return "`C_Digest*`";
  if ((row.flags & CKF_GENERATE_KEY_PAIR) != 0) return "`C_GenerateKeyPair`";
  return "`C_Sign*`, `C_SignMessage*`, `C_Verify*`, `C_VerifyMessage*`";
}

std::string keys(const crypto::Mechanism& row) {
  if (!row.key_type) return "";
  const bool verifies = (row.flags & CKF_VERIFY) != 0;
  const crypto::KeyTypeRow& type = row_of(*row.key_type);
  if (*row.key_type == crypto::KeyType::rsa) {
    if (!verifies) return "RSA, the appliance's sizes";
    return fmt::format("RSA, the appliance's sizes; verification: {} to {} bits", type.least_bits,
                       type.most_bits);
  }
  std::vector<std::string_view> curves;
  for (const crypto::CurveRow& curve : crypto::kCurves) {
    if (curve.type == type.type) curves.push_back(curve.name);
  }
  if (curves.size() == 1) return std::string(curves.front());
  const auto names = fmt::format("{}", fmt::join(curves, ", "));
  if (!verifies) return fmt::format("{}, those of {} that the appliance has", type.name, names);
  return fmt::format("{} on {}", type.name, names);
}

std::string hash(const crypto::Mechanism& row) {
  if (row.hash != Hash::none) return crypto::hash_name(row.hash);
  return row.scheme ? "the caller's" : "";
}

std::string where(const crypto::Mechanism& row) {
  if ((row.flags & CKF_DIGEST) != 0) return "module";
  if ((row.flags & CKF_GENERATE_KEY_PAIR) != 0) return "appliance";
  const char* before = row.hash == Hash::none ? "" : "hash: module; ";
  return fmt::format("{}signature: appliance; verification: module", before);
}

std::string condition(const crypto::Mechanism& row) {
  if ((row.flags & CKF_DIGEST) != 0) return "always";
  if (row.key_type == crypto::KeyType::edwards) return "listed where the appliance offers Ed25519";
  if ((row.flags & CKF_GENERATE_KEY_PAIR) != 0) return "where the appliance offers it";
  if (row.signs_with_sha1()) return "signing only where the configuration allows SHA-1";
  if (row.scheme == crypto::Scheme::rsa_raw)
    return "listed where the appliance signs unpadded RSA blocks";
  if (row.scheme == crypto::Scheme::rsa_pkcs1 && row.hash == Hash::sha224) {
    return "listed where the appliance offers SHA-224 or pads a ready DigestInfo";
  }
  if (row.scheme == crypto::Scheme::rsa_pss && row.hash == Hash::sha224) {
    return "listed where the appliance offers SHA-224";
  }
  return "where the appliance offers it; verification always";
}

}  // namespace

std::string markdown_table() {
  std::string table =
      "| mechanism | functions | keys | hash | where it runs | offered |\n"
      "|---|---|---|---|---|---|\n";
  for (const crypto::Mechanism& row : crypto::mechanisms()) {
    table += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.name, functions(row), keys(row),
                         hash(row), where(row), condition(row));
  }
  return table;
}

}  // namespace signet::mechanism
