#include "seal-server/register/checkpoint.h"

#include <charconv>
#include <vector>

#include "crypto/base64.h"
#include "crypto/openssl.h"
#include "seal-server/register/tree_text.h"

namespace signet::sealserver {

namespace {

constexpr std::uint8_t kEd25519 = 1;      // the note's type of signature
constexpr std::size_t kKeyId = 4;         // octets
constexpr std::string_view kDash = "— ";  // begins a signature's line
constexpr std::size_t kMaxNote = 64 * 1024;

Bytes typed_key(const LogIdentity& log) {
  Bytes typed{kEd25519};
  typed.insert(typed.end(), log.public_key.begin(), log.public_key.end());
  return typed;
}

Bytes key_id(const LogIdentity& log) {
  Bytes hashed = copy_of(view_of(log.origin + "\n"));
  const Bytes key = typed_key(log);
  hashed.insert(hashed.end(), key.begin(), key.end());
  Bytes id = crypto::sha256(hashed);
  id.resize(kKeyId);
  return id;
}

std::string body_of(const std::string& origin, const crypto::TreeState& tree) {
  return origin + "\n" + std::to_string(tree.size) + "\n" + crypto::to_base64(tree.root) + "\n";
}

// Up to its end, without it; nothing where there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<crypto::TreeState> tree_in(const LogIdentity& log, std::string_view body) {
  std::string_view rest = body;
  const auto origin = take_line(rest);
  const auto size = take_line(rest);
  const auto root = take_line(rest);
  if (!origin || !size || !root) return std::nullopt;
  crypto::TreeState tree;
  std::from_chars(size->data(), size->data() + size->size(), tree.size);
  const auto octets = crypto::from_base64(*root);
  const auto hash = octets ? tree_hash_in(*octets) : std::nullopt;
  if (!hash) return std::nullopt;
  tree.root = *hash;
  // The one way of writing it, without the extension lines that others may have.
  return body_of(log.origin, tree) == body ? std::optional(tree) : std::nullopt;
}

bool is_signature(const LogIdentity& log, std::string_view line, std::string_view body) {
  const std::string begin = std::string(kDash) + log.origin + " ";
  if (!line.starts_with(begin)) return false;
  const auto octets = crypto::from_base64(line.substr(begin.size()));
  if (!octets || octets->size() <= kKeyId) return false;
  const ByteView view(*octets);
  return equal(view.first(kKeyId), key_id(log)) &&
         verify_log_signature(log.public_key, view_of(body), view.subspan(kKeyId));
}

}  // namespace

LogIdentity identity_of(const LogKey& key) {
  return {.origin = key.name(), .public_key = key.public_key()};
}

std::string verifier_key(const LogIdentity& log) {
  return log.origin + "+" + to_hex(key_id(log)) + "+" + crypto::to_base64(typed_key(log));
}

std::string signed_checkpoint(const LogKey& key, const crypto::TreeState& tree) {
  const std::string body = body_of(key.name(), tree);
  Bytes signature = key_id(identity_of(key));
  const Bytes octets = key.sign(view_of(body));
  signature.insert(signature.end(), octets.begin(), octets.end());
  return body + "\n" + std::string(kDash) + key.name() + " " + crypto::to_base64(signature) + "\n";
}

std::optional<crypto::TreeState> open_checkpoint(const LogIdentity& log, std::string_view note) {
  const auto empty_line = note.find("\n\n");
  if (note.size() > kMaxNote || empty_line == std::string_view::npos) return std::nullopt;
  const std::string_view body = note.substr(0, empty_line + 1);
  const auto tree = tree_in(log, body);
  if (!tree) return std::nullopt;
  std::string_view rest = note.substr(empty_line + 2);
  bool is_signed = false;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (!line || !line->starts_with(kDash)) return std::nullopt;
    is_signed = is_signed || is_signature(log, *line, body);
  }
  return is_signed ? tree : std::nullopt;
}

}  // namespace signet::sealserver
