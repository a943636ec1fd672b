#include "pkcs11-module/edge/object_access.h"

namespace signet::edge {

CkResult<object::ObjectPtr> find_object(token::Library& library, const token::Session& session,
                                        CK_OBJECT_HANDLE handle, CK_RV missing) {
  auto object = library.session_objects().get(session.slot(), handle);
  if (!object) object = session.token().objects()->get(handle);
  if (!object) return ck_error(missing, "there is no such object");
  if (object->is_private() && !session.token().shows_private()) {
    return ck_error(missing, "the object is private: log in first");
  }
  return object;
}

}  // namespace signet::edge
