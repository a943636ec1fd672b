#include <algorithm>
#include <map>
#include <new>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "common/log.h"
#include "pkcs11-module/object/snapshot.h"

namespace signet::object {
namespace {

// A key that is there must not be missing for want of memory, which nobody would notice later.
void require_memory(const CkError& error) {
  if (error.rv == CKR_HOST_MEMORY) throw std::bad_alloc();
}

bool shows(const Object& object, CK_ATTRIBUTE_TYPE type, ByteView value) {
  const auto shown = object.find(type);
  return shown && equal(*shown, value);
}

// What a renewal calls the old key and its certificate: "seal (until 2027-11-22)" (keygen's retired_label()).
bool is_superseded(ByteView label) {
  constexpr std::string_view kForm = " (until 0000-00-00)";
  const std::string_view text = text_of(label);
  if (text.size() <= kForm.size()) return false;
  return std::ranges::equal(text.substr(text.size() - kForm.size()), kForm, [](char c, char form) {
    return form == '0' ? c >= '0' && c <= '9' : c == form;
  });
}

bool comes_last(const transport::KeyInfo& key) {
  return !key.active || is_superseded(key.label);
}

bool comes_last(const transport::CertificateInfo& certificate) {
  return is_superseded(certificate.label);
}

// Of a list that is wrong altogether there is no need to read every object's name.
class Complaints {
 public:
  void add(const char* kind, const std::string& id, std::string_view why) {
    if (++count_ <= kMost) log::warn("{} {} is not shown: {}", kind, id, why);
  }
  ~Complaints() {
    if (count_ > kMost) log::warn("{} more objects are not shown", count_ - kMost);
  }

 private:
  static constexpr std::size_t kMost = 10;
  std::size_t count_ = 0;
};

class Builder {
 public:
  Builder(const std::shared_ptr<crypto::Context>& context, const KeyTraits& traits,
          HandleSource& handles, const SnapshotPtr& before)
      : context_(context), traits_(traits), handles_(handles), before_(before) {}

  template <typename Item>
  bool add_all(const std::vector<Item>& items,
               std::optional<Deadline> deadline);  // false: too late
  void add_builtin(const std::vector<ObjectPtr>& builtin);
  void expect(std::size_t keys, std::size_t others);
  std::vector<Snapshot::Entry> take() { return std::move(entries_); }

 private:
  void add(const transport::KeyInfo& key);
  void add(const transport::CertificateInfo& certificate);
  Snapshot::Entry known(CK_OBJECT_CLASS object_class, const std::string& id);
  CkResult<PublicKeyPtr> public_key_of(const transport::KeyInfo& key, const ObjectPtr& previous);
  bool unchanged(const transport::KeyInfo& key, const Object& secret) const;
  void push(CK_OBJECT_HANDLE handle, ObjectPtr object);

  const std::shared_ptr<crypto::Context>& context_;
  const KeyTraits& traits_;
  HandleSource& handles_;
  const SnapshotPtr& before_;
  std::vector<Snapshot::Entry> entries_;
  std::unordered_set<CK_OBJECT_HANDLE> taken_;
  Complaints complaints_;
  std::map<std::string_view, PublicKeyPtr>
      keys_;  // by the appliance's id; ordered as in HandleSource
};

// Room for what is to come, in one step.
void Builder::expect(std::size_t keys, std::size_t others) {
  entries_.reserve(2 * keys + others);
  taken_.reserve(2 * keys + others);
}

// Programs take the first key that they find, pkcs11-tool even where it is told a label.
template <typename Item>
bool Builder::add_all(const std::vector<Item>& items, std::optional<Deadline> deadline) {
  for (const bool last : {false, true}) {
    for (const Item& item : items) {
      if (deadline && deadline->passed()) return false;
      if (comes_last(item) == last) add(item);
    }
  }
  return true;
}

// The handle of an appliance object, and what it was before.
Snapshot::Entry Builder::known(CK_OBJECT_CLASS object_class, const std::string& id) {
  const auto handle = handles_.of(object_class, id);
  return {handle, before_ ? before_->get(handle) : nullptr};
}

void Builder::push(CK_OBJECT_HANDLE handle, ObjectPtr object) {
  taken_.insert(handle);
  entries_.push_back({handle, std::move(object)});
}

CkResult<PublicKeyPtr> Builder::public_key_of(const transport::KeyInfo& key,
                                              const ObjectPtr& previous) {
  if (previous && equal(previous->public_key->spki(), key.public_key)) return previous->public_key;
  return crypto::PublicKey::from_spki(context_, key.public_key);
}

bool Builder::unchanged(const transport::KeyInfo& key, const Object& secret) const {
  return equal(secret.public_key->spki(), key.public_key) && secret.can_sign == key.active &&
         shows(secret, CKA_LABEL, key.label) && shows(secret, CKA_ID, key.cka_id) &&
         secret.mechanisms == traits_.signing(*secret.public_key, key.active) &&
         secret.flag(CKA_ALWAYS_AUTHENTICATE) == traits_.always_authenticate &&
         secret.flag(CKA_DESTROYABLE) != traits_.fixed;
}

void Builder::add(const transport::KeyInfo& key) {
  const auto secret = known(CKO_PRIVATE_KEY, key.id);
  const auto open = known(CKO_PUBLIC_KEY, key.id);
  if (taken_.contains(secret.handle)) {
    complaints_.add("key", key.id, "the appliance lists it twice");
    return;
  }
  const bool both = !traits_.without_public_half.contains(key.id);
  if (secret.object && (open.object || !both) && unchanged(key, *secret.object)) {
    keys_.emplace(key.id, secret.object->public_key);
    push(secret.handle, secret.object);
    if (both) push(open.handle, open.object);
    return;
  }
  auto public_key = public_key_of(key, secret.object);
  if (!public_key) {
    require_memory(public_key.error());
    complaints_.add("key", key.id, public_key.error().sentence);
    return;
  }
  keys_.emplace(key.id, public_key.value());
  auto [new_secret, new_open] = objects_of_key(public_key.value(), key, traits_);
  push(secret.handle, std::move(new_secret));
  if (both) push(open.handle, std::move(new_open));
}

void Builder::add(const transport::CertificateInfo& certificate) {
  const auto [handle, previous] = known(CKO_CERTIFICATE, certificate.id);
  if (taken_.contains(handle)) {
    complaints_.add("certificate", certificate.id, "the appliance lists it twice");
    return;
  }
  const bool tied = !certificate.key_id.empty();
  const bool was_tied =
      previous && previous->number(CKA_CERTIFICATE_CATEGORY) == CK_CERTIFICATE_CATEGORY_TOKEN_USER;
  if (previous && tied == was_tied && shows(*previous, CKA_VALUE, certificate.der) &&
      shows(*previous, CKA_LABEL, certificate.label) &&
      shows(*previous, CKA_ID, certificate.cka_id) &&
      previous->flag(CKA_DESTROYABLE) != traits_.fixed) {
    push(handle, previous);
    return;
  }
  const auto key = keys_.find(certificate.key_id);
  auto object = object_of_certificate(context_, certificate,
                                      key == keys_.end() ? nullptr : key->second, traits_.fixed);
  if (!object) {
    require_memory(object.error());
    complaints_.add("certificate", certificate.id, object.error().sentence);
    return;
  }
  push(handle, std::move(object).value());
}

void Builder::add_builtin(const std::vector<ObjectPtr>& builtin) {
  std::unordered_map<const Object*, CK_OBJECT_HANDLE> former;
  if (before_) {
    for (const auto& entry : before_->entries())
      if (entry.object->origin == Origin::none) former.emplace(entry.object.get(), entry.handle);
  }
  for (const auto& object : builtin) {
    const auto found = former.find(object.get());
    push(found == former.end() ? handles_.fresh() : found->second, object);
  }
}

}  // namespace

SnapshotPtr build_snapshot(const std::shared_ptr<crypto::Context>& context,
                           const transport::ObjectSet& set, const std::vector<ObjectPtr>& builtin,
                           const KeyTraits& traits, HandleSource& handles,
                           const SnapshotPtr& before, std::optional<Deadline> deadline) {
  Builder builder(context, traits, handles, before);
  builder.expect(set.keys.size(), set.certificates.size() + builtin.size());
  const bool whole =
      builder.add_all(set.keys, deadline) && builder.add_all(set.certificates, deadline);
  if (!whole) return nullptr;
  builder.add_builtin(builtin);
  return std::make_shared<const Snapshot>(builder.take());
}

}  // namespace signet::object
