#include "pkcs11-module/object/public_cache.h"

#include <unistd.h>

#include <utility>

#include "common/log.h"
#include "common/private_file.h"
#include "crypto/digest.h"
#include "pkcs11-module/object/cache_format.h"

namespace signet::object {
namespace {

constexpr unsigned kOwnerOnly = 0600;

FileError refusal(std::string sentence) {
  return {std::move(sentence)};
}

}  // namespace

PublicCache::PublicCache(std::shared_ptr<crypto::Context> context, std::filesystem::path folder,
                         std::string identity)
    : context_(std::move(context)), folder_(std::move(folder)), identity_(std::move(identity)) {
  static constexpr std::size_t kNameBytes = 16;
  const auto digest = crypto::digest_of(context_, crypto::Hash::sha256, view_of(identity_));
  if (digest) file_ = folder_ / (to_hex(ByteView(digest.value()).first(kNameBytes)) + ".objects");
}

Result<std::optional<Bytes>, FileError> PublicCache::load() const {
  BOOST_OUTCOME_TRY(auto content, read_plain_file(file_, kMaxFileSize));
  if (!content) return std::optional<Bytes>{};
  if (content->owner != ::geteuid()) return refusal("it belongs to another user");
  if (content->permissions != kOwnerOnly) return refusal("its mode is not 0600");
  return std::optional(std::move(content->bytes));
}

std::optional<PublicCache::Content> PublicCache::read() const {
  if (file_.empty()) return std::nullopt;
  const auto ignored = [&](const std::string& why) {
    log::warn("the cache of public objects {} is ignored: {}", file_.string(), why);
    return std::nullopt;
  };
  const auto bytes = load();
  if (!bytes) return ignored(bytes.error().sentence);
  if (!bytes.value()) return std::nullopt;
  auto content = decode_cache(context_, identity_, *bytes.value());
  if (!content) return ignored(content.error().sentence);
  return std::move(content).value();
}

Result<void, FileError> PublicCache::store(ByteView bytes) const {
  if (bytes.size() > kMaxFileSize) return refusal("it would be too large");
  BOOST_OUTCOME_TRY(prepare_folder(folder_, Folder::own));
  return replace_private_file(file_, bytes, Durability::whole);
}

void PublicCache::write(const Content& content) const {
  if (file_.empty()) return;
  const auto failed = [&](const std::string& why) {
    log::warn("the cache of public objects {} is not written: {}", file_.string(), why);
  };
  const auto bytes = encode_cache(context_, identity_, content);
  if (!bytes) return failed(bytes.error().sentence);
  if (const auto stored = store(bytes.value()); !stored) failed(stored.error().sentence);
}

}  // namespace signet::object
