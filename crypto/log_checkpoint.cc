#include "crypto/log_checkpoint.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>

#include "crypto/base64.h"
#include "crypto/log_text.h"
#include "crypto/openssl.h"

namespace signet::crypto {

namespace {

constexpr std::uint8_t kEd25519 = 1;      // the note's type of signature
constexpr std::size_t kKeyId = 4;         // octets
constexpr std::size_t kEd25519Key = 32;   // octets
constexpr std::string_view kDash = "— ";  // begins a signature's line

Bytes typed_key(const LogIdentity& log) {
  Bytes typed{kEd25519};
  typed.insert(typed.end(), log.public_key.begin(), log.public_key.end());
  return typed;
}

std::optional<TreeState> tree_in(const LogIdentity& log, std::string_view body) {
  std::string_view rest = body;
  const auto origin = take_line(rest);
  const auto size = take_line(rest);
  const auto root = take_line(rest);
  if (!origin || !size || !root) return std::nullopt;
  TreeState tree;
  std::from_chars(size->data(), size->data() + size->size(), tree.size);
  const auto hash = tree_hash_in_base64(*root);
  if (!hash) return std::nullopt;
  tree.root = *hash;
  // The one way of writing it, without the extension lines that others may have.
  return checkpoint_body(log.origin, tree) == body ? std::optional(tree) : std::nullopt;
}

bool is_signature(const LogIdentity& log, std::string_view line, std::string_view body) {
  const std::string begin = std::string(kDash) + log.origin + " ";
  if (!line.starts_with(begin)) return false;
  const auto octets = from_base64(line.substr(begin.size()));
  if (!octets || octets->size() <= kKeyId) return false;
  const ByteView view(*octets);
  return equal(view.first(kKeyId), note_key_id(log)) &&
         verify_log_signature(log.public_key, view_of(body), view.subspan(kKeyId));
}

}  // namespace

Bytes note_key_id(const LogIdentity& log) {
  Bytes hashed = copy_of(view_of(log.origin + "\n"));
  const Bytes key = typed_key(log);
  hashed.insert(hashed.end(), key.begin(), key.end());
  Bytes id = sha256(hashed);
  id.resize(kKeyId);
  return id;
}

std::string verifier_key(const LogIdentity& log) {
  return log.origin + "+" + to_hex(note_key_id(log)) + "+" + to_base64(typed_key(log));
}

std::optional<LogIdentity> log_of_verifier_key(std::string_view text) {
  const auto name = text.find('+');
  const auto id = name == std::string_view::npos ? name : text.find('+', name + 1);
  if (id == std::string_view::npos) return std::nullopt;
  const auto typed = from_base64(text.substr(id + 1));
  if (!typed || typed->size() != 1 + kEd25519Key || typed->front() != kEd25519) return std::nullopt;
  LogIdentity log{.origin = std::string(text.substr(0, name)),
                  .public_key = Bytes(typed->begin() + 1, typed->end())};
  return verifier_key(log) == text ? std::optional(std::move(log)) : std::nullopt;
}

bool verify_log_signature(ByteView public_key, ByteView message, ByteView signature) {
  const PkeyPtr key(EVP_PKEY_new_raw_public_key_ex(library_context(), "ED25519", nullptr,
                                                   public_key.data(), public_key.size()));
  const DigestContextPtr context(EVP_MD_CTX_new());
  const bool good = key && context &&
                    EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, library_context(),
                                            nullptr, key.get(), nullptr) == 1 &&
                    EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                     message.data(), message.size()) == 1;
  if (!good) (void)openssl_reason();  // empties OpenSSL's queue
  return good;
}

std::string checkpoint_body(const std::string& origin, const TreeState& tree) {
  return origin + "\n" + std::to_string(tree.size) + "\n" + to_base64(tree.root) + "\n";
}

std::optional<TreeState> open_checkpoint(const LogIdentity& log, std::string_view note) {
  const auto empty_line = note.find("\n\n");
  if (note.size() > kMostCheckpoint || empty_line == std::string_view::npos) return std::nullopt;
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

}  // namespace signet::crypto
