#include "pkcs11-module/token/object_store.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "pkcs11-module/token/failures.h"

namespace signet::token {

namespace {

constexpr Milliseconds kPauseAfterFailedReading{30'000};
constexpr std::size_t kMostOrphans = 1024;

std::string identity_of(const config::TokenConfig& config) {
  std::string identity = config.label + "\n" + config.user;
  for (const auto& member : config.members)
    identity += "\n" + member.url + " " + member.pins.text();
  return identity;
}

// CKA_ALLOWED_MECHANISMS of keys of one type; `use`: CKF_SIGN or CKF_VERIFY.
std::shared_ptr<const Bytes> mechanisms_of(const mechanism::Offer& offer, crypto::KeyType type,
                                           CK_FLAGS use) {
  Bytes list;
  for (const CK_MECHANISM_TYPE mechanism : offer.list()) {
    if (crypto::find_mechanism(mechanism)->key_type != type) continue;
    if ((offer.info(mechanism).assume_value().flags & use) == 0) continue;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&mechanism);
    list.insert(list.end(), bytes, bytes + sizeof mechanism);
  }
  return std::make_shared<const Bytes>(std::move(list));
}

template <typename Items, typename Item>
void put_item(Items& items, Item item) {
  const auto same = std::ranges::find(items, item.id, &Item::id);
  if (same != items.end()) {
    *same = std::move(item);
  } else {
    items.push_back(std::move(item));
  }
}

template <typename Items>
void remove_item(Items& items, const std::string& id) {
  std::erase_if(items, [&](const auto& item) { return item.id == id; });
}

}  // namespace

ObjectStore::ObjectStore(transport::Appliance& appliance, Capabilities& capabilities,
                         std::shared_ptr<crypto::Context> context,
                         const std::filesystem::path& cache_dir, const config::TokenConfig& config)
    : appliance_(appliance),
      capabilities_(capabilities),
      context_(std::move(context)),
      cache_dir_(cache_dir),
      cache_(
          std::make_shared<const object::PublicCache>(context_, cache_dir_, identity_of(config))) {
  traits_.wrapped_points = config.ec_point == config::TokenConfig::EcPoint::der;
}

object::SnapshotPtr ObjectStore::snapshot() {
  const MutexLock lock(mutex_);
  if (!snapshot_) {
    load();
    rebuild();
  }
  return snapshot_;
}

bool ObjectStore::wants_reading() const {
  const MutexLock lock(mutex_);
  return !read_ && (!failed_at_ ||
                    std::chrono::steady_clock::now() - *failed_at_ >= kPauseAfterFailedReading);
}

void ObjectStore::note_failed_reading() {
  const MutexLock lock(mutex_);
  failed_at_ = std::chrono::steady_clock::now();
}

bool ObjectStore::always_authenticate() const {
  const MutexLock lock(mutex_);
  return traits_.always_authenticate;
}

std::optional<transport::KeyInfo> ObjectStore::key_with(ByteView public_key) const {
  const MutexLock lock(mutex_);
  const auto same = std::ranges::find_if(objects_.keys, [&](const transport::KeyInfo& key) {
    return std::ranges::equal(key.public_key, public_key);
  });
  return same == objects_.keys.end() ? std::nullopt : std::optional(*same);
}

void ObjectStore::load_cache() {
  const MutexLock lock(mutex_);
  load();
}

void ObjectStore::load() {
  if (cache_loaded_) return;
  if (auto content = cache_->read()) {
    capabilities_.recall({std::move(content->appliance), content->appliance_read_at});
    if (!read_) {
      objects_ = std::move(content->objects);
      // What is on disk is shown, not relied on: the first reading asks for the whole set.
      objects_.etag.clear();
    }
  }
  cache_loaded_ = true;
}

void ObjectStore::save() {
  // Writers take turns, and each writes what is newest when its turn comes.
  const MutexLock turn(saving_);
  object::PublicCache::Content content;
  std::shared_ptr<const object::PublicCache> cache;
  {
    const MutexLock lock(mutex_);
    auto statement = capabilities_.statement();
    content = {std::move(statement.info), statement.read_at, objects_};
    cache = cache_;
  }
  cache->write(content);
}

void ObjectStore::show_capabilities() {
  {
    const MutexLock lock(mutex_);
    if (snapshot_) rebuild();
  }
  save();
}

Task<CkResult<void>> ObjectStore::start_read(const transport::Credential& who,
                                             bool always_authenticate, Deadline deadline) {
  // An answer that was asked for before one of our own changes may lack it; then it is asked for once more.
  for (int attempt = 0; attempt < 3; ++attempt) {
    Basis basis;
    std::string known_etag;
    {
      const MutexLock lock(mutex_);
      load();  // before the objects are described: they show what the appliance offers
      if (read_) known_etag = objects_.etag;
      asked_at_ = std::chrono::steady_clock::now();
      basis = present_basis();
    }
    basis.traits.always_authenticate = always_authenticate;
    auto answer = co_await appliance_.start_objects(who, known_etag, deadline);
    BOOST_OUTCOME_CO_TRY(auto fresh, translate(std::move(answer), Purpose::read));
    BOOST_OUTCOME_CO_TRY(const Taken taken, take(std::move(fresh), std::move(basis), deadline));
    if (taken == Taken::outdated) continue;
    if (taken == Taken::changed) save();
    co_return success();
  }
  co_return success();  // our own changes are in the snapshot; others' come with the next reading
}

ObjectStore::Basis ObjectStore::present_basis() {
  describe_offer();
  return {edits_, described_offer_, builtin_, traits_, snapshot_};
}

CkResult<ObjectStore::Taken> ObjectStore::take(std::optional<transport::ObjectSet> fresh,
                                               Basis basis, Deadline deadline) {
  object::SnapshotPtr built;
  // Without the lock: of a long list it takes a while, and others have their own deadlines.
  if (fresh) {
    built = object::build_snapshot(context_, *fresh, basis.builtin, basis.traits, handles_,
                                   basis.snapshot, deadline);
    if (built) leave_out_hidden(*fresh, *built, basis.builtin.size());
  }
  const MutexLock lock(mutex_);
  if (fresh && !built) {
    forget_gone_handles();
    return ck_error(CKR_DEVICE_ERROR,
                    "the object list is so long that the time allowed ended while it was read");
  }
  describe_offer();
  if (edits_ != basis.edits || described_offer_ != basis.offer) return Taken::outdated;
  const bool changed = built || !(basis.traits == traits_);
  if (built) {
    snapshot_ = std::move(built);
    objects_ = std::move(*fresh);
    forget_gone_handles();
  } else if (changed || !snapshot_) {
    snapshot_ =
        object::build_snapshot(context_, objects_, builtin_, basis.traits, handles_, snapshot_);
  }
  traits_ = basis.traits;
  read_ = true;
  failed_at_.reset();
  return changed ? Taken::changed : Taken::unchanged;
}

// They would be parsed, and complained about, again with each change.
void ObjectStore::leave_out_hidden(transport::ObjectSet& set, const object::Snapshot& snapshot,
                                   std::size_t builtin) {
  if (snapshot.entries().size() == 2 * set.keys.size() + set.certificates.size() + builtin) return;
  std::erase_if(set.keys, [&](const auto& key) {
    return !snapshot.get(handles_.of(CKO_PRIVATE_KEY, key.id));
  });
  std::erase_if(set.certificates, [&](const auto& certificate) {
    return !snapshot.get(handles_.of(CKO_CERTIFICATE, certificate.id));
  });
}

bool ObjectStore::take_turn_to_refresh(Milliseconds age) {
  const MutexLock lock(mutex_);
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!read_ || now - asked_at_ < age) return false;
  asked_at_ = now;
  return true;
}

void ObjectStore::note_unknown_change() {
  const MutexLock lock(mutex_);
  asked_at_ = {};
}

void ObjectStore::put(transport::KeyInfo key) {
  edit([&](transport::ObjectSet& set) { put_item(set.keys, std::move(key)); });
}

void ObjectStore::put(transport::CertificateInfo certificate) {
  edit([&](transport::ObjectSet& set) { put_item(set.certificates, std::move(certificate)); });
}

void ObjectStore::remove_key(const std::string& id) {
  const CK_OBJECT_HANDLE public_half = handles_.of(CKO_PUBLIC_KEY, id);
  edit([&](transport::ObjectSet& set) { remove_item(set.keys, id); });
  const MutexLock lock(mutex_);
  if (traits_.without_public_half.erase(id) != 0) return;  // both have been destroyed
  // Of callers who never destroy the other half, it must not grow for ever.
  if (orphaned_public_keys_.size() >= kMostOrphans) orphaned_public_keys_.clear();
  orphaned_public_keys_.insert(public_half);
}

void ObjectStore::hide_public_half(const std::string& key_id) {
  const MutexLock lock(mutex_);
  traits_.without_public_half.insert(key_id);
  rebuild();
}

void ObjectStore::remove_certificate(const std::string& id) {
  edit([&](transport::ObjectSet& set) { remove_item(set.certificates, id); });
}

void ObjectStore::edit(const std::function<void(transport::ObjectSet&)>& change) {
  {
    const MutexLock lock(mutex_);
    change(objects_);
    objects_.etag.clear();
    ++edits_;
    rebuild();
  }
  save();
}

bool ObjectStore::take_orphaned_public_key(CK_OBJECT_HANDLE handle) {
  const MutexLock lock(mutex_);
  return orphaned_public_keys_.erase(handle) != 0;
}

void ObjectStore::reconfigure(const config::TokenConfig& config, bool other_members) {
  const MutexLock lock(mutex_);
  // With the lock held: no file of the new members gets what the former said.
  capabilities_.reconfigure(other_members);
  failed_at_.reset();
  asked_at_ = {};
  if (!other_members) return;
  objects_.etag.clear();  // it means nothing to them
  ++edits_;
  cache_ = std::make_shared<const object::PublicCache>(context_, cache_dir_, identity_of(config));
}

void ObjectStore::describe_offer() {
  const OfferPtr offer = capabilities_.offer();
  if (described_offer_ == offer) return;
  builtin_ = object::builtin_objects(offer->list());
  traits_.fixed = !offer->stores_objects();
  for (const crypto::KeyTypeRow& row : crypto::kKeyTypes) {
    const mechanism::Offer::Sizes sizes = offer->sizes(row.type);
    traits_.mechanisms[static_cast<std::size_t>(row.type)] = {
        mechanisms_of(*offer, row.type, CKF_VERIFY), mechanisms_of(*offer, row.type, CKF_SIGN),
        sizes.least, sizes.most};
  }
  described_offer_ = offer;
}

void ObjectStore::rebuild() {
  describe_offer();
  snapshot_ = object::build_snapshot(context_, objects_, builtin_, traits_, handles_, snapshot_);
  forget_gone_handles();
}

void ObjectStore::forget_gone_handles() {
  const std::size_t there = objects_.keys.size() + objects_.certificates.size();
  if (handles_.remembered() <= 2 * there + object::HandleSource::kMostGone) return;
  std::set<std::string_view> ids;
  for (const auto& key : objects_.keys) ids.insert(key.id);
  for (const auto& certificate : objects_.certificates) ids.insert(certificate.id);
  handles_.forget_gone(ids);
}

}  // namespace signet::token
