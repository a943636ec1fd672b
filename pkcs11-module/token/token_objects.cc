// The token's objects: read from the appliance, shown from disk before that, kept up to date with what this process changes.
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <unordered_set>
#include <utility>

#include "common/log.h"
#include "pkcs11-module/token/token.h"

namespace signet::token {

namespace {

constexpr Milliseconds kPauseAfterFailedRead{30'000};

// CKA_ALLOWED_MECHANISMS of keys of one type.
std::shared_ptr<const Bytes> mechanisms_of(std::span<const CK_MECHANISM_TYPE> offered,
                                           crypto::KeyType type) {
  Bytes list;
  for (const CK_MECHANISM_TYPE mechanism : offered) {
    const crypto::Mechanism* row = crypto::find_mechanism(mechanism);
    if (row->key_type != type || !row->scheme) continue;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&mechanism);
    list.insert(list.end(), bytes, bytes + sizeof mechanism);
  }
  return std::make_shared<const Bytes>(std::move(list));
}

}  // namespace

object::SnapshotPtr Token::objects() {
  bool ask = false;
  {
    const std::lock_guard lock(mutex_);
    if (objects_read_) return snapshot_;
    const bool resting = read_failed_at_ && std::chrono::steady_clock::now() - *read_failed_at_ <
                                                kPauseAfterFailedRead;
    ask = config_->credential.has_value() && !resting;
    if (!ask && snapshot_) return snapshot_;
  }
  if (ask) read_with_configured_credential();
  const std::lock_guard lock(mutex_);
  if (!snapshot_) {
    load_cache();
    rebuild();
  }
  return snapshot_;
}

CkResult<void> Token::read_objects(const transport::Credential& who, bool always_authenticate,
                                   Deadline deadline) {
  // An answer that was asked for before one of our own changes may lack it; then it is asked for once more.
  for (int attempt = 0; attempt < 3; ++attempt) {
    std::string known_etag;
    unsigned long edits_before = 0;
    {
      const std::lock_guard lock(mutex_);
      load_cache();  // before the objects are described: they show what the appliance offers
      if (objects_read_) known_etag = objects_.etag;
      edits_before = edits_;
      objects_asked_at_ = std::chrono::steady_clock::now();
    }
    BOOST_OUTCOME_TRY(auto fresh,
                      translate(appliance_->objects(who, known_etag, deadline), Purpose::read));
    {
      const std::lock_guard lock(mutex_);
      if (edits_ != edits_before) continue;
      const bool changed = fresh.has_value() || always_authenticate != traits_.always_authenticate;
      if (fresh) objects_ = std::move(*fresh);
      traits_.always_authenticate = always_authenticate;
      // Known to the appliance as known here only once it is shown: there may be no memory to show it.
      std::string etag = std::exchange(objects_.etag, {});
      if (changed || !snapshot_) rebuild();
      objects_.etag = std::move(etag);
      objects_read_ = true;
      read_failed_at_.reset();
      if (!changed) return success();
    }
    save_cache();
    return success();
  }
  return success();  // our own changes are in the snapshot; others' come with the next reading
}

bool Token::take_turn_to_refresh() {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!objects_read_ || now - objects_asked_at_ < config_->limits.refresh) return false;
  objects_asked_at_ = now;  // the others go on
  return true;
}

void Token::refresh_if_old(const LoginPtr& login, Deadline deadline) try {
  if (!take_turn_to_refresh()) return;
  const auto limit = config()->limits.connect;
  learn_info(Wanted::fresh, deadline.within(limit));
  const auto read = read_objects(login->credential, always_authenticate(), deadline.within(limit));
  if (!read) {
    log::info("token \"{}\": the objects cannot be read anew now: {}", config()->label,
              read.error().sentence);
  }
} catch (const std::bad_alloc&) {
  // What the call has made is not lost for it; the objects are read another time.
}

void Token::read_with_configured_credential() {
  const ConfigPtr config = this->config();
  const auto& credential = config->credential;
  if (!credential) return;
  auto password = credential->read();
  std::string why;
  if (!password) {
    why = password.error();
  } else if (is_refused(password.value())) {
    why =
        "the appliance refused this password before; it is not tried again, so that the account is "
        "not locked";
  } else {
    const Deadline deadline = call_deadline();
    const transport::Credential who{config->user, password.value()};
    const auto read = read_objects(who, always_authenticate(), deadline);
    if (read) return;
    why = read.error().sentence;
    if (read.error().rv == CKR_PIN_INCORRECT) note_refused(password.value());
  }
  log::warn("token \"{}\": public objects cannot be read, the last known ones are shown: {}",
            config->label, why);
  const std::lock_guard lock(mutex_);
  read_failed_at_ = std::chrono::steady_clock::now();
}

bool Token::always_authenticate() const {
  const std::lock_guard lock(mutex_);
  return traits_.always_authenticate;
}

bool Token::is_refused(const Secret& password) const {
  const std::lock_guard lock(mutex_);
  return refused_password_ && *refused_password_ == password;
}

void Token::note_refused(const Secret& password) {
  const std::lock_guard lock(mutex_);
  refused_password_ = password;
}

void Token::load_cache() {
  if (cache_loaded_) return;
  cache_loaded_ = true;
  auto content = cache_->read();
  if (!content) return;
  if (!info_ && content->appliance) {
    info_ = std::move(content->appliance);
    // By the wall clock, which may have been set since: an age below zero is no age.
    const auto age = std::chrono::system_clock::now() - content->appliance_read_at;
    if (age >= Milliseconds(0)) info_read_at_ = std::chrono::steady_clock::now() - age;
  }
  if (!objects_read_) {
    objects_ = std::move(content->objects);
    // What is on disk is shown, not relied on: the first reading asks for the whole set.
    objects_.etag.clear();
  }
}

void Token::save_cache() {
  // Writers take turns, and each writes what is newest when its turn comes.
  const std::lock_guard turn(cache_mutex_);
  object::PublicCache::Content content;
  std::shared_ptr<const object::PublicCache> cache;
  {
    const std::lock_guard lock(mutex_);
    content.appliance = info_;
    if (info_read_at_) {
      const auto age = std::chrono::steady_clock::now() - *info_read_at_;
      content.appliance_read_at =
          std::chrono::system_clock::now() - std::chrono::duration_cast<Milliseconds>(age);
    }
    content.objects = objects_;
    cache = cache_;
  }
  cache->write(content);
}

void Token::describe_offer() {
  if (!offer_) offer_ = std::make_shared<const mechanism::Offer>(info_, config_->sha1_signatures);
  if (described_offer_ == offer_) return;
  const auto offered = offer_->list();
  builtin_ = object::builtin_objects(offered);
  for (const crypto::KeyTypeRow& row : crypto::kKeyTypes) {
    traits_.mechanisms[static_cast<std::size_t>(row.type)] = mechanisms_of(offered, row.type);
  }
  traits_.wrapped_points = config_->ec_point == config::TokenConfig::EcPoint::der;
  described_offer_ = offer_;
}

void Token::rebuild() {
  describe_offer();
  snapshot_ = object::build_snapshot(context_, objects_, builtin_, traits_, handles_, snapshot_);
  const std::size_t there = objects_.keys.size() + objects_.certificates.size();
  if (handles_.remembered() <= 2 * there + object::HandleSource::kMostGone) return;
  std::unordered_set<std::string> ids;
  for (const auto& key : objects_.keys) ids.insert(key.id);
  for (const auto& certificate : objects_.certificates) ids.insert(certificate.id);
  handles_.forget_gone(ids);
}

void Token::edit(const std::function<void(transport::ObjectSet&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(objects_);
    objects_.etag.clear();
    ++edits_;
    rebuild();
  }
  save_cache();
}

}  // namespace signet::token
