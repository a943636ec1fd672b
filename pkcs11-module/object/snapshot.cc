#include "pkcs11-module/object/snapshot.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string_view>

namespace signet::object {
namespace {

std::uint64_t hash_of(ByteView value) {
  return std::hash<std::string_view>{}(text_of(value));
}

}  // namespace

Snapshot::Snapshot(std::vector<Entry> entries) : entries_(std::move(entries)) {
  by_handle_.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto index = static_cast<Index>(i);
    by_handle_.push_back({entries_[i].handle, index});
    by_class_[entries_[i].object->object_class].push_back(index);
    index_value(by_id_, CKA_ID, index);
    index_value(by_label_, CKA_LABEL, index);
  }
  for (auto* slots : {&by_handle_, &by_id_, &by_label_}) {
    std::sort(slots->begin(), slots->end());
    slots->shrink_to_fit();
  }
}

void Snapshot::index_value(std::vector<Slot>& slots, CK_ATTRIBUTE_TYPE type, Index index) {
  if (const auto value = entries_[index].object->find(type))
    slots.push_back({hash_of(*value), index});
}

ObjectPtr Snapshot::get(CK_OBJECT_HANDLE handle) const {
  const auto found = std::lower_bound(by_handle_.begin(), by_handle_.end(), Slot{handle, 0});
  if (found == by_handle_.end() || found->key != handle) return nullptr;
  return entries_[found->index].object;
}

std::vector<CK_OBJECT_HANDLE> Snapshot::find(const AttributeSet& search, bool with_private) const {
  std::vector<CK_OBJECT_HANDLE> handles;
  const auto consider = [&](Index index) {
    const Entry& entry = entries_[index];
    if (!matches(*entry.object, search)) return;
    if (entry.object->is_private() && !with_private) return;
    handles.push_back(entry.handle);
  };
  const auto consider_slots = [&](const std::vector<Slot>& slots, ByteView value) {
    const Slot first{hash_of(value), 0};
    const Slot last{first.key, std::numeric_limits<Index>::max()};
    const auto end = std::upper_bound(slots.begin(), slots.end(), last);
    for (auto slot = std::lower_bound(slots.begin(), end, first); slot != end; ++slot)
      consider(slot->index);
  };
  if (const auto id = search.find(CKA_ID)) {
    consider_slots(by_id_, *id);
  } else if (const auto label = search.find(CKA_LABEL)) {
    consider_slots(by_label_, *label);
  } else if (const auto object_class = search.number(CKA_CLASS)) {
    const auto members = by_class_.find(*object_class);
    if (members != by_class_.end())
      std::for_each(members->second.begin(), members->second.end(), consider);
  } else {
    for (std::size_t i = 0; i < entries_.size(); ++i) consider(static_cast<Index>(i));
  }
  return handles;
}

}  // namespace signet::object
