// Session objects: certificates, public keys and data that a caller made for itself. They are seen by all
// sessions of the same token in this process and go with the session that made them, private ones also with a logout.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_SESSION_OBJECTS_H_
#define SIGNET_PKCS11_MODULE_TOKEN_SESSION_OBJECTS_H_

#include <unordered_map>
#include <vector>

#include "common/mutex.h"
#include "pkcs11-module/object/object.h"

namespace signet::token {

class SessionObjects {
 public:
  void add(CK_SLOT_ID slot, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE handle,
           object::ObjectPtr object);
  object::ObjectPtr get(CK_SLOT_ID slot, CK_OBJECT_HANDLE handle) const;  // nullptr: none
  bool replace(CK_SLOT_ID slot, CK_OBJECT_HANDLE handle, object::ObjectPtr object);
  bool remove(CK_SLOT_ID slot, CK_OBJECT_HANDLE handle);
  void remove_of_session(CK_SESSION_HANDLE session);
  void remove_private(CK_SLOT_ID slot);
  std::vector<CK_OBJECT_HANDLE> find(CK_SLOT_ID slot, const object::AttributeSet& search,
                                     bool with_private) const;

 private:
  struct Entry {
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE session;
    object::ObjectPtr object;
  };

  mutable SharedMutex mutex_;
  std::unordered_map<CK_OBJECT_HANDLE, Entry> entries_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_SESSION_OBJECTS_H_
