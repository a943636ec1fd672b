#include "crypto/log_proof.h"

#include <charconv>

#include "crypto/base64.h"
#include "crypto/log_text.h"

namespace signet::crypto {

namespace {

constexpr std::string_view kProofVersion = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMostProof = std::size_t{256} * 1024;  // bytes
constexpr std::size_t kMostHashes = 64;                      // a tree of 2^64 leaves has no more

// Of the one way of writing it.
std::optional<std::uint64_t> index_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::to_string(number) == text ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<LogProof> read_log_proof(std::string_view text) {
  if (text.size() > kMostProof) return std::nullopt;
  LogProof proof;
  auto line = take_line(text);
  if (!line || *line != kProofVersion) return std::nullopt;
  line = take_line(text);
  if (line && line->starts_with(kExtra)) {
    auto extra = from_base64(line->substr(kExtra.size()));
    if (!extra) return std::nullopt;
    proof.extra = *std::move(extra);
    line = take_line(text);
  }
  if (!line || !line->starts_with(kIndex)) return std::nullopt;
  const auto index = index_in(line->substr(kIndex.size()));
  if (!index) return std::nullopt;
  proof.index = *index;
  while ((line = take_line(text)) && !line->empty()) {
    const auto hash = tree_hash_in_base64(*line);
    if (!hash || proof.hashes.size() == kMostHashes) return std::nullopt;
    proof.hashes.push_back(*hash);
  }
  if (!line) return std::nullopt;
  proof.checkpoint = text;
  return proof;
}

std::optional<TreeState> proved_tree(const LogProof& proof, const LogIdentity& log,
                                     ByteView entry) {
  const auto tree = open_checkpoint(log, proof.checkpoint);
  const bool holds =
      tree && includes(tree->root, tree->size, proof.index, leaf_hash(entry), proof.hashes);
  return holds ? tree : std::nullopt;
}

}  // namespace signet::crypto
