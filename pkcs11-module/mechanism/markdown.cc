#include "pkcs11-module/mechanism/markdown.h"

#include <fmt/format.h>

#include "pkcs11-module/mechanism/mechanism_table.h"

namespace signet::mechanism {

namespace {

using crypto::HashType;

std::string functions(const Mechanism& row) {
  if ((row.flags & CKF_DIGEST) != 0) return "`C_Digest*`";
  if ((row.flags & CKF_GENERATE_KEY_PAIR) != 0) return "`C_GenerateKeyPair`";
  return "`C_Sign*`, `C_SignMessage*`, `C_Verify*`, `C_VerifyMessage*`";
}

std::string keys(const Mechanism& row) {
  const bool verifies = (row.flags & CKF_VERIFY) != 0;
  switch (row.key_type) {
    case CKK_RSA:
      if (!verifies) return "RSA, the appliance's sizes";
      return fmt::format("RSA, the appliance's sizes; verification: {} to {} bits",
                         crypto::kMinRsaBits, crypto::kMaxRsaBits);
    case CKK_EC:
      if (!verifies) return "EC, those of P-256, P-384, P-521 that the appliance has";
      return "EC on P-256, P-384, P-521";
    case CKK_EC_EDWARDS:
      return "Ed25519";
    default:
      return "";
  }
}

std::string hash(const Mechanism& row) {
  if (row.hash != HashType::none) return crypto::hash_name(row.hash);
  return row.scheme == Scheme::none ? "" : "the caller's";
}

std::string where(const Mechanism& row) {
  if ((row.flags & CKF_DIGEST) != 0) return "module";
  if ((row.flags & CKF_GENERATE_KEY_PAIR) != 0) return "appliance";
  const char* before = row.hash == HashType::none ? "" : "hash: module; ";
  return fmt::format("{}signature: appliance; verification: module", before);
}

std::string condition(const Mechanism& row) {
  if ((row.flags & CKF_DIGEST) != 0) return "always";
  if (row.key_type == CKK_EC_EDWARDS) return "listed where the appliance offers Ed25519";
  if ((row.flags & CKF_GENERATE_KEY_PAIR) != 0) return "where the appliance offers it";
  if (row.signs_with_sha1()) return "signing only where the configuration allows SHA-1";
  if (row.scheme == Scheme::rsa_x509) return "listed where the appliance signs unpadded RSA blocks";
  if (row.scheme == Scheme::rsa_pkcs1 && row.hash == HashType::sha224) {
    return "signing where the appliance offers SHA-224 or pads a ready DigestInfo";
  }
  if (row.scheme == Scheme::rsa_pss && row.hash == HashType::sha224) {
    return "signing where the appliance offers SHA-224";
  }
  return "where the appliance offers it; verification always";
}

}  // namespace

std::string markdown_table() {
  std::string table =
      "| mechanism | functions | keys | hash | where it runs | offered |\n"
      "|---|---|---|---|---|---|\n";
  for (const Mechanism& row : all()) {
    table += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.name, functions(row), keys(row),
                         hash(row), where(row), condition(row));
  }
  return table;
}

}  // namespace signet::mechanism
