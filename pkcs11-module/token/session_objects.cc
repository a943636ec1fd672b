#include "pkcs11-module/token/session_objects.h"

namespace signet::token {

void SessionObjects::add(CK_SLOT_ID slot, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE handle,
                         object::ObjectPtr object) {
  const MutexLock lock(mutex_);
  entries_.emplace(handle, Entry{slot, session, std::move(object)});
}

object::ObjectPtr SessionObjects::get(CK_SLOT_ID slot, CK_OBJECT_HANDLE handle) const {
  const ReaderLock lock(mutex_);
  const auto found = entries_.find(handle);
  if (found == entries_.end() || found->second.slot != slot) return nullptr;
  return found->second.object;
}

bool SessionObjects::replace(CK_SLOT_ID slot, CK_OBJECT_HANDLE handle, object::ObjectPtr object) {
  const MutexLock lock(mutex_);
  const auto found = entries_.find(handle);
  if (found == entries_.end() || found->second.slot != slot) return false;
  found->second.object = std::move(object);
  return true;
}

bool SessionObjects::remove(CK_SLOT_ID slot, CK_OBJECT_HANDLE handle) {
  const MutexLock lock(mutex_);
  const auto found = entries_.find(handle);
  if (found == entries_.end() || found->second.slot != slot) return false;
  entries_.erase(found);
  return true;
}

void SessionObjects::remove_of_session(CK_SESSION_HANDLE session) {
  const MutexLock lock(mutex_);
  std::erase_if(entries_, [&](const auto& item) { return item.second.session == session; });
}

void SessionObjects::remove_private(CK_SLOT_ID slot) {
  const MutexLock lock(mutex_);
  std::erase_if(entries_, [&](const auto& item) {
    return item.second.slot == slot && item.second.object->is_private();
  });
}

std::vector<CK_OBJECT_HANDLE> SessionObjects::find(CK_SLOT_ID slot,
                                                   const object::AttributeSet& search,
                                                   bool with_private) const {
  std::vector<CK_OBJECT_HANDLE> found;
  const ReaderLock lock(mutex_);
  for (const auto& [handle, entry] : entries_) {
    if (entry.slot != slot) continue;
    if (entry.object->is_private() && !with_private) continue;
    if (object::matches(*entry.object, search)) found.push_back(handle);
  }
  return found;
}

}  // namespace signet::token
